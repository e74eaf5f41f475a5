"""Somebody is forgotten: their words go, what the town hall did stays told, nobody else is touched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Erased
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import accounts, requests
from espace_citoyen.commands.erasure import erase, planned
from espace_citoyen.commands.requests import Filing
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.projections import model, statistics
from espace_citoyen.store.erasure import Register, key_deletion
from people import CAMILLE_PERSON, Town
from waiting import wait_until

REASON, VISA = "retention", "V-2026-12"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "erasures.jsonl")


def forget(town: Town, register: Register, stream_id: UUID, *, kind: str = "request") -> int:
    line = planned(at=town.at, actor=town.alex, kind=kind, stream_id=stream_id, motive=(REASON, VISA))
    return erase(town.portal, actor=town.alex, register=register, erasure=line)


def rows_about(portal: Portal, schema: str, what: str) -> list[str]:
    """Return the tables of a schema with a row in which a text appears."""
    with portal.connection() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
        query = SQL("SELECT 1 FROM {} AS t WHERE t::text ILIKE %s")
        return [
            table["tablename"]
            for table in tables
            if connection.execute(query.format(Identifier(schema, table["tablename"])), (f"%{what}%",)).fetchone()
        ]


def statistics_of(portal: Portal) -> list[statistics.Filed]:
    with portal.connection() as connection:
        return statistics.filed(connection)


def test_a_page_of_the_log_is_read_whole_around_an_erased_stream(town: Town, register: Register) -> None:
    before, gone, after = (town.files(town.camille).request_id for _ in range(3))
    for request in (before, gone, after):
        for _ in range(3):
            town.writes(town.camille, request)
    forget(town, register, gone)
    for event in town.portal.after(0, 500):
        readable = event.event is not None
        assert readable == (event.stream_id != gone or event.topic == "request:erased"), event
    assert len(town.portal.stream(before)) == len(town.portal.stream(after)) == 5


def test_who_did_what_and_when_to_an_erased_request_stays_told(town: Town, register: Register) -> None:
    request = town.files(town.camille)
    town.writes(town.dominique, request.request_id)
    forget(town, register, request.request_id)
    told = town.portal.stream(request.request_id)
    assert [event.topic for event in told] == [
        "request:submitted",
        "request:acknowledged",
        "request:exchange-sent",
        "request:erased",
    ]
    assert [event.envelope["actor_kind"] for event in told] == ["citizen", "system", "staff", "staff"]
    assert {event.envelope["reference"] for event in told} == {request.reference}
    last = told[-1].event
    assert (last.reason, last.visa, last.actor_id) == (REASON, VISA, town.alex.id)


def test_the_rows_of_an_erased_request_are_gone_and_its_statistics_stay(town: Town, register: Register) -> None:
    kept, gone = town.files(town.camille), town.files(town.camille)
    for request in (kept, gone):
        town.writes(town.dominique, request.request_id)
    town.drain()
    schema, counted = town.portal.read_schema, statistics_of(town.portal)
    assert rows_about(town.portal, schema, str(gone.request_id))

    forget(town, register, gone.request_id)
    town.drain()
    for _ in range(2):
        assert rows_about(town.portal, schema, str(gone.request_id)) == []
        assert rows_about(town.portal, schema, gone.reference) == []
        assert rows_about(town.portal, schema, str(kept.request_id))
        assert statistics_of(town.portal) == counted
        model.rebuild(town.portal)


def test_whatever_the_order_of_batches_the_rows_end_gone(town: Town, register: Register) -> None:
    """A late batch with the request in it comes before the one that erases it, never after: one order."""
    gone = town.files(town.camille)
    town.writes(town.dominique, gone.request_id)
    forget(town, register, gone.request_id)
    with town.portal.connection() as connection:
        for event in town.portal.after(0, 500):
            model.project(connection, [event])
    assert rows_about(town.portal, town.portal.read_schema, str(gone.request_id)) == []


def test_an_erased_request_answers_as_erased_to_everybody(town: Town, register: Register) -> None:
    request = town.files(town.camille).request_id
    forget(town, register, request)
    for actor in (town.camille, town.dominique):
        with pytest.raises(Erased):
            town.writes(actor, request)
    with pytest.raises(Erased):
        forget(town, register, request)
    assert [event.topic for event in town.portal.stream(request)][-1] == "request:erased"


def test_a_writer_who_loaded_before_the_erasure_loses(town: Town, register: Register) -> None:
    request = town.files(town.camille).request_id
    late = town.portal.get(ServiceRequest, request)
    forget(town, register, request)
    late.send_exchange(at=town.at, actor=town.camille, exchange_id=uuid4(), text="Trop tard")
    with pytest.raises(ChangedMeanwhile):
        town.portal.record(late)
    assert town.portal.keys.open([request]) == {}


def test_a_writer_who_loads_during_the_erasure_finds_the_request_erased(town: Town) -> None:
    request = town.files(town.camille).request_id
    doomed = town.portal.get(ServiceRequest, request)
    doomed.erase(at=town.at, actor=town.alex, reason=REASON, visa=VISA)
    (erased,) = map(town.portal.mapper.to_stored_event, doomed.collect_events())
    with town.portal.connect() as eraser, ThreadPoolExecutor(1) as executor:
        with eraser.transaction():
            eraser.execute("LOCK TABLE log.portal_events IN ACCESS EXCLUSIVE MODE")
            loading = executor.submit(town.portal.get, ServiceRequest, request)
            wait_until(lambda: someone_waits_for_a_lock(eraser), "the load to wait")
            eraser.execute(
                "INSERT INTO log.portal_events (originator_id, originator_version, topic, state)"
                " VALUES (%s, %s, %s, %s)",
                (request, erased.originator_version, erased.topic, erased.state),
            )
            eraser.execute(*key_deletion(request))
        assert isinstance(loading.exception(timeout=5), Erased)


def someone_waits_for_a_lock(connection: Connection[Any]) -> bool:
    return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


def test_an_erasure_that_meets_a_writer_decides_again_and_wins(town: Town, register: Register) -> None:
    request = town.files(town.camille).request_id
    camille, _ = town.camille, town.alex

    def talk(_: int) -> None:
        for _ in range(50):
            town.writes(camille, request)

    with ThreadPoolExecutor(3) as executor:
        talking = [executor.submit(talk, 0), executor.submit(talk, 1)]
        erasing = executor.submit(forget_stubbornly, town, register, request)
    assert erasing.result()
    assert {type(each.exception()) for each in talking} <= {Erased, type(None)}
    assert town.portal.keys.open([request]) == {}
    assert [event.topic for event in town.portal.stream(request)].count("request:erased") == 1
    assert [event.topic for event in town.portal.stream(request)][-1] == "request:erased"


def forget_stubbornly(town: Town, register: Register, request: UUID) -> int:
    while True:
        try:
            return forget(town, register, request)
        except ChangedMeanwhile:
            continue


def test_filing_an_erased_request_again_does_not_bring_it_back(town: Town, register: Register) -> None:
    request = town.files(town.camille).request_id
    forget(town, register, request)
    again = Filing(request, town.birth_certificate, 1, CAMILLE_PERSON, {"nom": "Rousseau"})
    position = town.portal.position()
    with pytest.raises(Erased):
        requests.deposit_request(town.portal, at=town.at + timedelta(days=1), actor=town.camille, filing=again)
    assert town.portal.position() == position
    assert town.portal.keys.open([request]) == {}


def test_the_name_and_the_space_of_an_erased_account_are_gone_together(town: Town, register: Register) -> None:
    camille: Actor = town.camille
    assert camille.id is not None
    forget(town, register, camille.id, kind="account")
    assert accounts.authenticate(town.portal, username="camille", password=PASSWORD) is None
    with pytest.raises(Erased):
        accounts.actor_of(town.portal, kind="account", holder_id=camille.id)
    assert kinds_erased(town.portal) == ["account:erased", "username-claim:erased"]


def kinds_erased(portal: Portal) -> list[Any]:
    return [event.topic for event in portal.after(0, 500) if event.topic.endswith(":erased")]
