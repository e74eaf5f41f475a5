"""Appointments on PostgreSQL: one winner for a place; it and its request change in one save (S30, S31)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.appointments import Agenda, Slot
from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile, Forbidden, Invalid, NotFound, NotNow
from espace_citoyen.aggregates.requests import Decision, ServiceRequest, Status
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from people import MONDAY, Town

TUESDAY = MONDAY.replace(day=3, hour=8)
"""Nine o'clock in Paris: the counter opens."""
LATER = TUESDAY + timedelta(minutes=30)
AT_ONCE = 8


def book(
    town: Town, who: Actor, request_id: UUID, starts_at: datetime = TUESDAY, *, portal: Portal | None = None
) -> UUID:
    appointment_id = uuid4()
    requests.book_appointment(
        portal or town.portal,
        at=MONDAY,
        actor=who,
        request_id=request_id,
        appointment_id=appointment_id,
        wish=(town.counter, starts_at),
    )
    return appointment_id


def move(town: Town, who: Actor, request_id: UUID, former_id: UUID, starts_at: datetime = LATER) -> UUID:
    appointment_id = uuid4()
    requests.move_appointment(
        town.portal,
        at=MONDAY,
        actor=who,
        request_id=request_id,
        former_id=former_id,
        appointment_id=appointment_id,
        wish=(town.counter, starts_at),
    )
    return appointment_id


def holder(town: Town, starts_at: datetime = TUESDAY) -> UUID | None:
    """The request that has the place at the only desk of the counter."""
    agenda = town.portal.get(Agenda, town.counter)
    try:
        return town.portal.get(Slot, agenda.slot_id(1, starts_at)).request_id
    except NotFound:
        return None


@pytest.fixture
def asked(town: Town) -> UUID:
    """A request of Camille's for a passport."""
    return town.files(town.camille, town.passport).request_id


@pytest.fixture
def portals(town: Town, master_key: bytes) -> Iterator[list[Portal]]:
    """As many portals as people who want the same place, as if each were another process."""
    with ExitStack() as stack:
        url = town.portal.database_url
        yield [stack.enter_context(closing(Portal(url, master_key, pool_size=1))) for _ in range(AT_ONCE)]


def test_of_eight_who_want_one_place_at_once_one_has_it_and_the_others_are_told(
    town: Town, portals: list[Portal]
) -> None:
    camille, start = town.camille, threading.Barrier(AT_ONCE)
    wanted = [town.files(camille, town.passport).request_id for _ in portals]
    before = town.portal.position()

    def want(portal: Portal, request_id: UUID) -> UUID | str:
        start.wait()
        try:
            book(town, camille, request_id, portal=portal)
        except AlreadyTaken as refusal:
            return str(refusal)
        return request_id

    with ThreadPoolExecutor(AT_ONCE) as executor:
        told = list(executor.map(want, portals, wanted))
    winners = [each for each in told if isinstance(each, UUID)]
    assert len(winners) == 1
    assert {each for each in told if isinstance(each, str)} == {
        "Ce créneau vient d’être pris\N{NO-BREAK SPACE}: choisissez-en un autre."
    }
    assert holder(town) == winners[0]
    topics = [event.topic for event in town.portal.after(before, 100)]
    assert sorted(topics) == ["request:appointment-booked", "slot:booked", "slot:opened"]


def test_a_place_is_free_again_in_the_save_that_cancels_the_appointment(town: Town, asked: UUID) -> None:
    appointment_id = book(town, town.camille, asked)
    before = town.portal.position()
    cancel = {"at": MONDAY, "actor": town.camille, "request_id": asked, "appointment_id": appointment_id}
    position = requests.cancel_appointment(town.portal, **cancel)
    assert saved(town, before) == ["request:appointment-cancelled", "slot:freed"]
    assert holder(town) is None
    assert requests.cancel_appointment(town.portal, **cancel) == position
    other = town.files(town.nadia, town.passport).request_id
    book(town, town.nadia, other)
    assert holder(town) == other


def saved(town: Town, before: int) -> list[str]:
    """What was recorded after a position, if it was one save."""
    with town.portal.connection() as connection:
        query = "SELECT count(DISTINCT xmin::text) AS saves FROM log.portal_events WHERE notification_id > %s"
        row = connection.execute(query, (before,)).fetchone()
    assert row == {"saves": 1}
    return [event.topic for event in town.portal.after(before, 100)]


def test_cancelling_the_request_frees_its_place_in_the_same_save(town: Town, asked: UUID) -> None:
    book(town, town.camille, asked)
    before = town.portal.position()
    requests.cancel_request(town.portal, at=MONDAY, actor=town.camille, request_id=asked)
    assert saved(town, before) == [
        "request:appointment-cancelled",
        "request:cancelled",
        "request:archived",
        "slot:freed",
    ]
    assert holder(town) is None


def test_archiving_what_was_decided_frees_it_too(town: Town, asked: UUID) -> None:
    agent = {"at": MONDAY, "actor": town.dominique, "request_id": asked}
    book(town, town.camille, asked)
    requests.take_up(town.portal, **agent)
    decision = Decision(decision_id=uuid4(), outcome=Status.ACCEPTED, reasons="")
    requests.decide(town.portal, **agent, decision=decision)
    requests.archive_request(town.portal, **agent)
    assert holder(town) is None


def test_a_place_that_begins_meanwhile_stays_the_requests(town: Town, asked: UUID) -> None:
    book(town, town.camille, asked)
    requests.cancel_request(town.portal, at=TUESDAY, actor=town.camille, request_id=asked)
    assert holder(town) == asked


def test_a_move_takes_the_new_place_and_frees_the_former_in_one_save(town: Town, asked: UUID) -> None:
    former, agent = book(town, town.camille, asked), town.dominique
    before = town.portal.position()
    new = move(town, agent, asked, former)
    assert saved(town, before) == ["request:appointment-moved", "slot:opened", "slot:booked", "slot:freed"]
    assert (holder(town), holder(town, LATER)) == (None, asked)
    appointments = town.portal.get(ServiceRequest, asked).appointments
    assert {key: each.cancelled for key, each in appointments.items()} == {former: True, new: False}


def test_a_move_that_is_refused_leaves_everything_as_it_was(town: Town, asked: UUID) -> None:
    former = book(town, town.camille, asked)
    other = town.files(town.nadia, town.passport).request_id
    book(town, town.nadia, other, LATER)
    before = town.portal.position()
    with pytest.raises(AlreadyTaken):
        move(town, town.camille, asked, former)
    with pytest.raises(NotFound):
        move(town, town.camille, asked, uuid4(), LATER + timedelta(minutes=30))
    assert town.portal.position() == before
    assert (holder(town), holder(town, LATER)) == (asked, other)


def test_moving_to_the_time_it_has_is_no_news(town: Town, asked: UUID) -> None:
    former = book(town, town.camille, asked)
    before = town.portal.position()
    move(town, town.camille, asked, former, TUESDAY)
    assert town.portal.position() == before


def test_a_move_on_a_page_that_is_out_of_date_is_refused(town: Town, asked: UUID) -> None:
    former = book(town, town.camille, asked)
    new = move(town, town.dominique, asked, former)
    with pytest.raises(ChangedMeanwhile):
        requests.move_appointment(
            town.portal,
            at=MONDAY,
            actor=town.camille,
            request_id=asked,
            former_id=new,
            appointment_id=uuid4(),
            wish=(town.counter, TUESDAY),
            seen=3,
        )


def test_booking_again_is_no_news(town: Town, asked: UUID) -> None:
    same = {
        "at": MONDAY,
        "actor": town.camille,
        "request_id": asked,
        "appointment_id": uuid4(),
        "wish": (town.counter, TUESDAY),
    }
    position = requests.book_appointment(town.portal, **same)
    assert requests.book_appointment(town.portal, **same) == position
    with pytest.raises(Forbidden):
        requests.book_appointment(town.portal, **same | {"actor": town.nadia})


def test_nothing_is_booked_that_the_agenda_does_not_offer(town: Town, asked: UUID) -> None:
    sunday = MONDAY.replace(day=8)
    for starts_at in (sunday, TUESDAY + timedelta(minutes=10), TUESDAY - timedelta(minutes=30)):
        with pytest.raises(Invalid):
            book(town, town.camille, asked, starts_at)


def test_a_citizen_books_in_the_agenda_of_the_procedure_and_an_agent_in_those_of_the_department(
    town: Town, asked: UUID
) -> None:
    without = town.files(town.camille).request_id
    with pytest.raises(Forbidden):
        book(town, town.camille, without)
    book(town, town.dominique, without)
    school = town.files(town.camille, town.school).request_id
    with pytest.raises(Forbidden):
        book(town, town.samir, school, LATER)


def test_the_holder_of_a_link_books_for_their_request_and_no_other(town: Town, asked: UUID) -> None:
    filed, holder_of_link = town.files_without_account()
    book(town, holder_of_link, filed.request_id)
    with pytest.raises(Forbidden):
        book(town, holder_of_link, asked, LATER)
    assert holder(town) == filed.request_id


def test_what_is_over_has_no_appointments_and_takes_no_place(town: Town, asked: UUID) -> None:
    requests.cancel_request(town.portal, at=MONDAY, actor=town.camille, request_id=asked)
    agent, _ = town.dominique, town.counter
    before = town.portal.position()
    with pytest.raises(NotNow):
        book(town, agent, asked)
    assert town.portal.position() == before
    assert holder(town) is None


def test_cancelling_again_leaves_alone_the_place_that_was_booked_once_more(town: Town, asked: UUID) -> None:
    first = book(town, town.camille, asked)
    cancel = {"at": MONDAY, "actor": town.camille, "request_id": asked, "appointment_id": first}
    requests.cancel_appointment(town.portal, **cancel)
    book(town, town.camille, asked)
    requests.cancel_appointment(town.portal, **cancel)
    assert holder(town) == asked
