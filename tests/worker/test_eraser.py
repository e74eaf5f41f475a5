"""The worker's erasures: orders carried out once, in the name of who gave them, by the one role that may."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from psycopg.errors import InsufficientPrivilege

from espace_citoyen.aggregates.appointments import Slot
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.refusals import Erased, Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.erasure import order_erasure
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.projections import model
from espace_citoyen.store import orders, seal
from espace_citoyen.store.erasure import Register
from espace_citoyen.store.migrate import migrate
from espace_citoyen.store.orders import Order
from espace_citoyen.store.recorder import Statement
from espace_citoyen.store.roles import WEB, WORKER
from espace_citoyen.worker.eraser import Eraser
from people import Town
from store.test_roles import in_the_role, make_roles
from waiting import wait_until

MOTIVE = ("person", "DPO-2026-014")


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register.below(tmp_path)


@pytest.fixture
def filed(town: Town) -> Deposited:
    return town.files(town.camille)


def order(town: Town, stream_id: UUID, *, portal: Portal | None = None, motive: tuple[str, str] = MOTIVE) -> None:
    order_erasure(
        portal or town.portal,
        at=town.at,
        actor=town.alex,
        order_id=uuid4(),
        stream_id=stream_id,
        motive=motive,
    )


def work(portal: Portal, register: Register) -> int:
    with portal.connect() as connection:
        return Eraser(portal, register, Event()).erase_ordered(connection)


def given(town: Town) -> Order:
    with town.portal.connection() as connection:
        (found,) = orders.given(connection)
    return found


def pulse(town: Town) -> tuple[bool, dict[str, str]]:
    with town.portal.connection() as connection:
        row = connection.execute(
            "SELECT well, detail FROM plain.worker_heartbeat WHERE name = 'eraser'"
        ).fetchone()
    assert row is not None
    return row["well"], row["detail"]


class Overtaken(Portal):
    """The portal of somebody before whose every write the citizen writes to the same request."""

    def __init__(self, town: Town, request_id: UUID, master_key: bytes) -> None:
        super().__init__(town.portal.database_url, master_key)
        self._meanwhile = lambda: town.writes(town.camille, request_id)

    def record(self, *recorded: Aggregate, alongside: Sequence[Statement] = ()) -> int:
        self._meanwhile()
        return super().record(*recorded, alongside=alongside)


def test_nothing_goes_before_the_worker_comes(town: Town, filed: Deposited, register: Register) -> None:
    order(town, filed.request_id)
    assert len(town.portal.stream(filed.request_id)) == 2
    assert town.portal.get(ServiceRequest, filed.request_id)
    assert given(town).settled_at is None
    assert list(register) == []


def test_an_order_is_carried_out_once_in_the_name_of_who_gave_it(
    town: Town, filed: Deposited, register: Register
) -> None:
    order(town, filed.request_id)
    order(town, filed.request_id)  # pressed twice, from two pages
    assert work(town.portal, register) == 1
    assert work(town.portal, register) == 0
    with pytest.raises(Erased):
        town.portal.get(ServiceRequest, filed.request_id)
    erased = town.portal.stream(filed.request_id)[-1].envelope
    assert (erased["actor_kind"], erased["reason"], erased["visa"]) == ("staff", *MOTIVE)
    (line,) = register
    assert (line.stream_id, line.by, line.reason, line.visa) == (filed.request_id, "Alex Fournier", *MOTIVE)
    assert given(town).settled_at is not None
    assert given(town).refusal == ""


def test_what_a_crash_left_unsettled_is_settled(town: Town, filed: Deposited, register: Register) -> None:
    order(town, filed.request_id)
    work(town.portal, register)
    with town.portal.connection() as connection:
        connection.execute("UPDATE plain.erasure_order SET settled_at = NULL")
    assert work(town.portal, register) == 1
    assert given(town).refusal == ""
    assert len(list(register)) == 1


def test_an_order_that_cannot_be_registered_waits_and_the_health_page_says_so(
    town: Town, filed: Deposited, register: Register, tmp_path: Path
) -> None:
    order(town, filed.request_id)
    (tmp_path / "file").write_text("no folder")
    stop = Event()
    eraser = Eraser(town.portal, Register.below(tmp_path / "file"), stop)
    loop = Thread(target=eraser.run)
    loop.start()
    try:
        wait_until(lambda: pulse(town) == (False, {"error": "FileExistsError"}), "the eraser to say so")
    finally:
        stop.set()
        loop.join()
    assert given(town).settled_at is None
    assert work(town.portal, register) == 1
    assert given(town).refusal == ""


def test_an_order_for_a_stream_that_others_are_writing_to_waits_for_its_turn(
    town: Town, filed: Deposited, register: Register, master_key: bytes
) -> None:
    order(town, filed.request_id)
    with closing(Overtaken(town, filed.request_id, master_key)) as overtaken:
        assert work(overtaken, register) == 0
    assert given(town).settled_at is None
    assert work(town.portal, register) == 1
    assert given(town).refusal == ""
    assert len(list(register)) == 1


def test_the_seal_still_holds(town: Town, filed: Deposited, register: Register) -> None:
    with town.portal.connect() as connection:
        seal.extend(connection)
        order(town, filed.request_id)
        work(town.portal, register)
        seal.extend(connection)
        assert list(seal.verify(connection)) == []


def test_the_place_of_an_appointment_to_come_is_free_again(town: Town, register: Register) -> None:
    filed = town.files(town.camille, town.passport)
    wish = (town.counter, town.at + timedelta(days=1))
    requests.book_appointment(
        town.portal,
        at=town.at,
        actor=town.camille,
        request_id=filed.request_id,
        appointment_id=uuid4(),
        wish=wish,
    )
    (booked,) = town.portal.get(ServiceRequest, filed.request_id).appointments.values()
    order(town, filed.request_id)
    work(town.portal, register)
    assert town.portal.get(Slot, booked.slot.slot_id).request_id is None
    freed = town.portal.stream(booked.slot.slot_id)[-1].event
    assert isinstance(freed, Slot.Freed)


@pytest.mark.parametrize("who", ["dominique", "samir", "ines", "camille"])
def test_only_an_administrator_orders(town: Town, filed: Deposited, who: str) -> None:
    with pytest.raises(Forbidden):
        order_erasure(
            town.portal,
            at=town.at,
            actor=getattr(town, who),
            order_id=uuid4(),
            stream_id=filed.request_id,
            motive=MOTIVE,
        )


def test_what_cannot_be_erased_is_not_ordered(town: Town, filed: Deposited, register: Register) -> None:
    for motive in (("because", "V-1"), ("person", "vu avec Mme Rousseau")):
        with pytest.raises(Invalid):
            order(town, filed.request_id, motive=motive)
    with pytest.raises(Invalid, match="Not personal"):
        order(town, town.birth_certificate)
    with pytest.raises(NotFound):
        order(town, uuid4())
    assert work(town.portal, register) == 0
    order(town, filed.request_id)
    work(town.portal, register)
    with pytest.raises(Erased):
        order(town, filed.request_id)


@pytest.fixture
def roles(database_url: str, master_key: bytes) -> Iterator[tuple[Town, Portal, Portal]]:
    """A town, the web's portal and the worker's, each with its own rights."""
    make_roles(database_url)
    migrate(database_url, master_key)
    with (
        closing(Portal(database_url, master_key)) as portal,
        closing(Portal(in_the_role(database_url, WEB), master_key)) as web,
        closing(Portal(in_the_role(database_url, WORKER), master_key)) as worker,
    ):
        model.rebuild(portal)
        yield Town(portal), web, worker


def test_the_web_may_order_and_only_the_worker_carries_out(
    roles: tuple[Town, Portal, Portal], register: Register
) -> None:
    town, web, worker = roles
    filed = town.files(town.camille)
    order(town, filed.request_id, portal=web)
    for statement in (
        "UPDATE plain.erasure_order SET settled_at = now()",
        "DELETE FROM plain.erasure_order",
    ):
        with web.connection() as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(statement.encode())
    assert work(worker, register) == 1
    assert town.portal.keys.open([filed.request_id]) == {}
