"""What the lists say of a request as it goes from hand to hand, of its appointments, of one without account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel, Role
from espace_citoyen.aggregates.appointments import Agenda, Opening, Receives, Slot
from espace_citoyen.aggregates.requests import BookedSlot, Correction, Decision, ServiceRequest, Status
from espace_citoyen.commands import erasure
from espace_citoyen.commands import requests as commands
from espace_citoyen.commands.appointments import open_agenda
from espace_citoyen.projections import appointments, exchanges, home, requests, staff, statistics
from espace_citoyen.projections.check import differences
from espace_citoyen.store.erasure import Register
from people import SYSTEM, Town
from streams import deposit


@contextmanager
def projected(town: Town) -> Iterator[Connection[Any]]:
    """The read model brought up to date; on the way out it is what the log gives."""
    town.drain()
    with town.portal.connection() as connection:
        yield connection
    assert differences(town.portal) == []


def row_of(town: Town, viewer: Actor, reference: str) -> requests.RequestRow:
    with projected(town) as connection:
        row = requests.find(connection, reference, viewer=viewer)
    assert row is not None
    return row


def manager_of(town: Town, *departments: UUID) -> Actor:
    return replace(town.dominique, departments=frozenset(departments), roles=frozenset({Role.AGENT, Role.MANAGER}))


def takes_up(town: Town, request_id: UUID) -> None:
    commands.take_up(town.portal, at=town.at, actor=town.dominique, request_id=request_id)


def asks_back(town: Town, request_id: UUID, due_on: date | None = None) -> None:
    commands.request_correction(
        town.portal,
        at=town.at,
        actor=town.dominique,
        request_id=request_id,
        correction=Correction(correction_id=uuid4(), text="Il manque un acte.", due_on=due_on),
    )


def decides(town: Town, request_id: UUID, outcome: Status = Status.ACCEPTED) -> None:
    decision = Decision(decision_id=uuid4(), outcome=outcome, reasons="Complet.")
    commands.decide(town.portal, at=town.at, actor=town.dominique, request_id=request_id, decision=decision)


def queue_of(connection: Connection[Any], viewer: Actor, **kept: Any) -> list[str]:
    page = requests.queue(connection, viewer=viewer, sort="submitted_at", descending=False, page=1, **kept)
    assert page.total == len(page.rows)
    return [row.reference for row in page.rows]


def test_a_request_to_complete_is_on_the_home_page_until_it_is_sent_back(town: Town) -> None:
    undated, dated = town.files(town.camille), town.files(town.camille)
    for filed, due_on in ((undated, None), (dated, date(2026, 3, 31))):
        takes_up(town, filed.request_id)
        asks_back(town, filed.request_id, due_on)
    with projected(town) as connection:
        shown = home.home(connection, viewer=town.camille, now=town.at)
        assert [(row.reference, row.due_on, row.to_do) for row in shown.to_do] == [
            (dated.reference, date(2026, 3, 31), True),
            (undated.reference, None, True),
        ]
        assert home.home(connection, viewer=town.nadia, now=town.at).to_do == []
    request = town.portal.get(ServiceRequest, dated.request_id)
    assert request.correction is not None
    commands.send_back(
        town.portal,
        at=town.at,
        actor=town.camille,
        request_id=request.id,
        correction_id=request.correction.correction_id,
        answers={"nom": "Roux"},
    )
    row = row_of(town, town.camille, dated.reference)
    assert (row.status, row.due_on, row.to_do) == ("under_review", None, False)


def test_an_appointment_that_a_procedure_wants_waits_on_the_home_page_until_one_stands(town: Town) -> None:
    filed, done = town.files(town.camille, town.wedding), town.files(town.camille, town.wedding)
    commands.cancel_request(town.portal, at=town.at, actor=town.camille, request_id=done.request_id)
    town.files(town.camille, town.passport)  # one may book there, or not
    assert waiting_for_camille(town) == [(filed.reference, False, True)]
    appointment_id = town.meets(town.camille, filed.request_id, town.at + timedelta(days=1))
    assert waiting_for_camille(town) == []
    commands.cancel_appointment(
        town.portal,
        at=town.at,
        actor=town.dominique,
        request_id=filed.request_id,
        appointment_id=appointment_id,
    )
    assert waiting_for_camille(town) == [(filed.reference, False, True)]
    takes_up(town, filed.request_id)
    asks_back(town, filed.request_id)
    assert waiting_for_camille(town) == [(filed.reference, True, True)]


def waiting_for_camille(town: Town) -> list[tuple[str, bool, bool]]:
    """What « À faire » holds for Camille: to complete, to book an appointment for."""
    with projected(town) as connection:
        shown = home.home(connection, viewer=town.camille, now=town.at)
    return [(row.reference, row.to_do, row.lacks_appointment) for row in shown.to_do]


def test_the_queue_tells_who_looks_after_a_request(town: Town) -> None:
    taken, waiting = town.files(town.camille), town.files(town.nadia)
    takes_up(town, taken.request_id)
    with projected(town) as connection:
        page = requests.queue(connection, viewer=town.dominique, sort="status", descending=True, page=1)
        assert [(row.reference, row.status, row.assignee_name) for row in page.rows] == [
            (taken.reference, "under_review", "Dominique Morel"),
            (waiting.reference, "submitted", ""),
        ]
        assert queue_of(connection, town.dominique, state="submitted") == [waiting.reference]
        assert queue_of(connection, town.dominique, assigned_to=town.dominique.id) == [taken.reference]
        assert queue_of(connection, town.dominique, assigned_to=town.dominique.id, state="submitted") == []
        assert requests.by_state(connection, viewer=town.dominique) == {"submitted": 1, "under_review": 1}


def test_a_request_passed_on_moves_to_the_other_queue_with_its_unread_messages(town: Town) -> None:
    filed = town.files(town.camille)
    read = town.writes(town.camille, filed.request_id)
    town.reads(town.dominique, filed.request_id, read)
    town.writes(town.camille, filed.request_id)
    takes_up(town, filed.request_id)
    commands.pass_on(
        town.portal,
        at=town.at,
        actor=manager_of(town, town.civil),
        request_id=filed.request_id,
        department_id=town.education,
        reasons="C’est pour vous.",
    )
    with projected(town) as connection:
        assert queue_of(connection, town.dominique) == []
        page = requests.queue(connection, viewer=town.samir, sort="reference", descending=False, page=1)
        [row] = page.rows
        assert (row.department_name, row.status, row.assignee_id, row.unread) == (
            "Éducation et petite enfance",
            "submitted",
            None,
            1,
        )
        waiting = {
            name: exchanges.unread_count(connection, viewer=getattr(town, name)) for name in ("dominique", "samir")
        }
        assert waiting == {"dominique": 0, "samir": 1}


def test_an_archived_request_leaves_the_queue_and_can_be_found(town: Town) -> None:
    filed = town.files(town.camille)
    takes_up(town, filed.request_id)
    decides(town, filed.request_id)
    commands.archive_request(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    with projected(town) as connection:
        assert queue_of(connection, town.dominique) == []
        put_away = requests.archive(connection, viewer=town.dominique, page=1)
        assert ([row.reference for row in put_away.rows], put_away.total) == ([filed.reference], 1)
        assert requests.archive(connection, viewer=town.samir, page=1).total == 0
        assert requests.latest(connection, viewer=town.camille) == []
        assert requests.mine(connection, viewer=town.camille) == []
        assert [row.status for row in requests.mine(connection, viewer=town.camille, archived=True)] == [
            "accepted"
        ]
        assert requests.by_state(connection, viewer=town.dominique) == {}
    assert row_of(town, town.dominique, filed.reference).archived_at == town.at
    commands.reopen(
        town.portal,
        at=town.at,
        actor=manager_of(town, town.civil),
        request_id=filed.request_id,
        reasons="Erreur sur la date.",
    )
    row = row_of(town, town.camille, filed.reference)
    assert (row.status, row.archived_at) == ("under_review", None)


def test_a_cancelled_request_is_archived_at_once(town: Town) -> None:
    filed = town.files(town.camille)
    commands.cancel_request(town.portal, at=town.at, actor=town.camille, request_id=filed.request_id)
    row = row_of(town, town.camille, filed.reference)
    assert (row.status, row.archived_at) == ("cancelled", town.at)
    with projected(town) as connection:
        assert queue_of(connection, town.dominique) == []


def test_decisions_are_counted_by_month_and_outcome_whatever_is_erased(town: Town, tmp_path) -> None:
    accepted, silent = town.files(town.camille), town.files(town.camille)
    takes_up(town, accepted.request_id)
    decides(town, accepted.request_id)
    commands.settle_by_silence(
        town.portal,
        at=town.at,
        request_id=silent.request_id,
        decision_id=uuid4(),
        outcome=Status.REFUSED,
        effective_on=date(2026, 5, 2),
    )
    erases(town, tmp_path, accepted.request_id)
    with projected(town) as connection:
        assert [(row.month, row.outcome, row.decided) for row in statistics.decided(connection)] == [
            (date(2026, 3, 1), "accepted", 1),
            (date(2026, 5, 1), "refused", 1),
        ]


def erases(town: Town, tmp_path, request_id: UUID) -> None:
    planned = erasure.planned(
        at=town.at, actor=SYSTEM, kind="request", stream_id=request_id, motive=("person", "V-1")
    )
    erasure.erase(town.portal, actor=SYSTEM, register=Register(tmp_path / "register"), erasure=planned)


# Without an account


@pytest.fixture
def link(town: Town) -> Actor:
    """Somebody who filed without account, followed by the link of that request."""
    request_id = uuid4()
    holder = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_id, name="Jean Passant")
    filed = replace(deposit(), department_id=town.civil, reference="2M8P-4RTB")
    request = ServiceRequest.submit(id=request_id, at=town.at, actor=holder, deposit=filed)
    exchange_id = uuid4()
    request.send_exchange(at=town.at, actor=town.dominique, exchange_id=exchange_id, text="Bonjour")
    request.book_appointment(at=town.at, actor=town.dominique, appointment_id=uuid4(), slot=tomorrow(town))
    town.portal.record(request)
    return holder


def tomorrow(town: Town) -> BookedSlot:
    start = town.at + timedelta(days=1)
    return BookedSlot(
        slot_id=uuid4(),
        agenda_id=uuid4(),
        place="Hôtel de ville",
        starts_at=start,
        ends_at=start + timedelta(minutes=20),
    )


def seen_by(connection: Connection[Any], viewer: Actor, at: datetime) -> tuple[bool, int, int]:
    return (
        requests.find(connection, "2M8P-4RTB", viewer=viewer) is not None,
        exchanges.unread_count(connection, viewer=viewer),
        appointments.upcoming_count(connection, viewer=viewer, now=at),
    )


def test_who_holds_the_link_sees_that_request_alone(town: Town, link: Actor) -> None:
    other = town.files(town.camille)
    stranger = replace(link, id=other.request_id)
    with projected(town) as connection:
        assert seen_by(connection, link, town.at) == (True, 1, 1)
        assert requests.find(connection, other.reference, viewer=link) is None
        assert requests.find(connection, other.reference, viewer=stranger) is None
        assert seen_by(connection, replace(link, id=None), town.at) == (False, 0, 0)
        assert requests.mine(connection, viewer=link) == []


def test_a_request_linked_to_an_account_is_the_accounts_with_what_waits_in_it(town: Town, link: Actor) -> None:
    assert link.id is not None
    town.drain()
    commands.link_to_account(town.portal, at=town.at, actor=town.camille, holder=link, request_id=link.id)
    with projected(town) as connection:
        assert seen_by(connection, link, town.at) == (False, 0, 0)
        assert seen_by(connection, town.camille, town.at) == (True, 1, 1)
        assert [row.request_id for row in requests.mine(connection, viewer=town.camille)] == [link.id]


# Appointments


def passports(town: Town, desks: int = 1) -> Agenda:
    receives = Receives(
        place="Hôtel de ville",
        step_minutes=30,
        desks=desks,
        openings=(Opening(weekday=1, opens=time(9), closes=time(10)),),
    )
    agenda_id = open_agenda(
        town.portal, at=town.at, actor=SYSTEM, name="Passeports", department_id=town.civil, receives=receives
    )
    return town.portal.get(Agenda, agenda_id)


TUESDAY = date(2026, 3, 3)
NINE = datetime(2026, 3, 3, 8, tzinfo=UTC)
"""Nine o'clock in Paris."""


def books(town: Town, request_id: UUID, agenda: Agenda, starts_at: datetime = NINE) -> UUID:
    appointment_id = uuid4()
    commands.book_appointment(
        town.portal,
        at=town.at,
        actor=town.dominique,
        request_id=request_id,
        appointment_id=appointment_id,
        wish=(agenda.id, starts_at),
    )
    return appointment_id


def free(town: Town, agenda: Agenda, *, now: datetime | None = None) -> list[tuple[int, int]]:
    with projected(town) as connection:
        steps = appointments.free_steps(connection, agenda, first=TUESDAY, last=TUESDAY, now=now or town.at)
    return [(step.starts_at.hour * 100 + step.starts_at.minute, step.desks) for step in steps]


def test_an_agenda_offers_what_no_desk_has_given_away(town: Town) -> None:
    agenda, filed = passports(town, desks=2), town.files(town.camille)
    assert free(town, agenda) == [(900, 2), (930, 2)]
    taken = books(town, filed.request_id, agenda)
    assert free(town, agenda) == [(900, 1), (930, 2)]
    books(town, town.files(town.nadia).request_id, agenda)
    assert free(town, agenda) == [(930, 2)]
    assert free(town, agenda, now=NINE + timedelta(minutes=30)) == []
    commands.cancel_appointment(
        town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id, appointment_id=taken
    )
    assert free(town, agenda) == [(900, 1), (930, 2)]


def test_both_hours_of_the_night_when_the_clocks_go_back_are_offered(town: Town) -> None:
    opening = Opening(weekday=6, opens=time(2), closes=time(4))
    receives = Receives(place="Nuit", step_minutes=60, desks=1, openings=(opening,))
    agenda = Agenda.open(
        id=uuid4(), at=town.at, actor=SYSTEM, name="Nuit", department_id=town.civil, receives=receives
    )
    night = date(2026, 10, 25)
    with projected(town) as connection:
        steps = appointments.free_steps(connection, agenda, first=night, last=night, now=town.at)
    assert [step.starts_at.astimezone(UTC).hour for step in steps] == [0, 1, 2]
    assert [step.starts_at.hour for step in steps] == [2, 2, 3]


def test_an_appointment_is_to_come_until_it_begins_without_any_event(town: Town) -> None:
    agenda, filed = passports(town), town.files(town.camille)
    appointment_id = books(town, filed.request_id, agenda)
    with projected(town) as connection:
        assert appointments.upcoming(connection, viewer=town.camille, now=town.at) == [
            appointments.UpcomingAppointment(
                request_id=filed.request_id,
                reference=filed.reference,
                procedure_title="Demande d’acte de naissance",
                department_name="État civil",
                appointment_id=appointment_id,
                place="Hôtel de ville",
                starts_at=NINE,
                ends_at=NINE + timedelta(minutes=30),
            )
        ]
        for now, badge in ((NINE - timedelta(seconds=1), 1), (NINE, 0)):
            assert home.home(connection, viewer=town.camille, now=now).upcoming == badge
            assert appointments.upcoming_count(connection, viewer=town.camille, now=now) == badge
            assert len(appointments.upcoming(connection, viewer=town.camille, now=now)) == badge
        for other in (town.nadia, town.dominique):
            assert appointments.upcoming(connection, viewer=other, now=town.at) == []


def test_a_moved_appointment_is_to_come_once_and_frees_its_former_place(town: Town) -> None:
    agenda, filed = passports(town), town.files(town.camille)
    former = books(town, filed.request_id, agenda)
    commands.move_appointment(
        town.portal,
        at=town.at,
        actor=town.dominique,
        request_id=filed.request_id,
        former_id=former,
        appointment_id=uuid4(),
        wish=(agenda.id, NINE + timedelta(minutes=30)),
    )
    assert free(town, agenda) == [(900, 1)]
    with projected(town) as connection:
        [shown] = appointments.upcoming(connection, viewer=town.camille, now=town.at)
    assert shown.starts_at == NINE + timedelta(minutes=30)


def test_an_erased_request_leaves_no_appointment(town: Town, tmp_path) -> None:
    filed = town.files(town.camille)
    books(town, filed.request_id, passports(town))
    takes_up(town, filed.request_id)
    town.drain()
    erases(town, tmp_path, filed.request_id)
    with projected(town) as connection:
        assert appointments.upcoming(connection, viewer=town.camille, now=town.at) == []
        for table in ("request", "appointment", "request_count"):
            assert connection.execute(f"SELECT 1 FROM {table}").fetchall() == []


def test_departments_have_their_agendas_and_their_team(town: Town) -> None:
    agenda = passports(town)
    everyone = [town.dominique, town.samir, town.alex, town.ines]
    with projected(town) as connection:
        assert [row.agenda_id for row in appointments.agendas_of(connection, [town.civil])] == [agenda.id]
        assert appointments.agendas_of(connection, [town.education]) == []
        team = staff.team(connection, town.civil)
        assert [row.staff_id for row in team] == [member.id for member in everyone if member.works_for(town.civil)]
        assert team[0].capacity == "Officier d’état civil"


def test_a_slot_once_freed_can_be_taken_again(town: Town) -> None:
    agenda, filed = passports(town), town.files(town.camille)
    first = books(town, filed.request_id, agenda)
    commands.cancel_appointment(
        town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id, appointment_id=first
    )
    books(town, filed.request_id, agenda)
    assert free(town, agenda) == [(930, 1)]
    assert town.portal.get(Slot, agenda.slot_id(1, NINE)).request_id == filed.request_id
