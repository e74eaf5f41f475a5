"""What belongs to a request: its attachments (S29) and its appointments (S30)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from deeds import (
    AT_THE_COUNTER,
    CONTENT,
    FILE,
    MEETING,
    MESSAGE,
    NINE,
    PAPER,
    SECOND_MEETING,
    STRANGERS,
    Deed,
    attached,
    booked,
    dropped,
    filed,
    moved,
    removed,
    replaced,
    slot,
)
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid, NotFound, NotNow
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.requests.appointments import GIVEN_ALREADY
from people import CAMILLE, DOMINIQUE
from scenario import Scenario

strangers = pytest.mark.parametrize("stranger", STRANGERS, ids=lambda actor: f"{actor.kind.value} {actor.name}")
LATER = NINE + timedelta(hours=1)


# Attaching


@pytest.mark.parametrize(("who", "side"), [(CAMILLE, "citizen"), (DOMINIQUE, "town"), (AT_THE_COUNTER, "citizen")])
def test_either_side_attaches_something_and_an_agent_for_the_applicant_too(who: Actor, side: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(attached(who, exchange_id=MESSAGE)).then(
        ServiceRequest.AttachmentAdded,
        attachment_id=PAPER,
        exchange_id=MESSAGE,
        side=side,
        content={
            "kind": "Justificatif",
            "title": "Acte",
            "note": "Recto",
            "files": [vars(FILE) | {"file_id": str(FILE.file_id)}],
        },
    )


@strangers
def test_nobody_else_attaches_replaces_or_removes(stranger: Actor) -> None:
    for deed in (
        attached(stranger, attachment_id=UUID(int=1)),
        replaced(stranger, title="Autre"),
        removed(stranger),
    ):
        Scenario(ServiceRequest).given(filed(), attached()).when(deed).then_refused(Forbidden)


def test_the_same_attachment_again_is_no_news_and_another_is_refused_instead_of_lost() -> None:
    Scenario(ServiceRequest).given(filed(), attached()).when(attached()).then_nothing()
    Scenario(ServiceRequest).given(filed(), attached()).when(
        attached(content=replace(CONTENT, title="Autre"))
    ).then_refused(Invalid, **{"": "Cette pièce a déjà été ajoutée autrement."})


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": " "}, {"title": "Donnez un titre à cette pièce."}),
        ({"title": "x" * 201}, {"title": "Écrivez 200 caractères au plus."}),
        ({"kind": "x" * 101}, {"kind": "Écrivez 100 caractères au plus."}),
        ({"note": "x" * 2001}, {"note": "Écrivez 2000 caractères au plus."}),
        ({"files": ()}, {"files": "Choisissez un fichier."}),
        (
            {"files": (FILE,) * 5},
            {"files": "Une pièce a 4 fichiers au plus\N{NO-BREAK SPACE}: ajoutez-en une autre."},
        ),
    ],
)
def test_an_attachment_has_a_title_a_file_and_measure(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    content = replace(CONTENT, **changes)
    Scenario(ServiceRequest).given(filed()).when(attached(content=content)).then_refused(Invalid, **wrong)
    Scenario(ServiceRequest).given(filed(), attached()).when(replaced(**changes)).then_refused(Invalid, **wrong)


def test_a_request_has_fifty_attachments_at_a_time() -> None:
    fifty = [attached(attachment_id=UUID(int=9000 + number)) for number in range(49)] + [attached()]
    Scenario(ServiceRequest).given(filed(), *fifty).when(attached(attachment_id=UUID(int=1))).then_refused(
        Invalid, **{"": "Cette demande a déjà 50 pièces\N{NO-BREAK SPACE}: retirez-en une d’abord."}
    )
    Scenario(ServiceRequest).given(filed(), *fifty, removed()).when(attached(attachment_id=UUID(int=1))).then(
        ServiceRequest.AttachmentAdded
    )


# Replacing and removing


def test_the_side_that_attached_something_replaces_and_removes_it() -> None:
    Scenario(ServiceRequest).given(filed(), attached()).when(replaced(title="Acte de naissance")).then(
        ServiceRequest.AttachmentReplaced, attachment_id=PAPER, side="citizen"
    )
    Scenario(ServiceRequest).given(filed(), attached()).when(removed()).then(
        ServiceRequest.AttachmentRemoved, attachment_id=PAPER, side="citizen", title="Acte"
    )


@pytest.mark.parametrize(("who", "other"), [(CAMILLE, DOMINIQUE), (DOMINIQUE, CAMILLE)], ids=["town", "citizen"])
def test_the_other_side_does_neither(who: Actor, other: Actor) -> None:
    for deed in (replaced(other, title="Autre"), removed(other)):
        Scenario(ServiceRequest).given(filed(), attached(who)).when(deed).then_refused(Forbidden)


def test_the_same_content_and_what_is_removed_already_are_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), attached()).when(replaced(seen=1)).then_nothing()
    Scenario(ServiceRequest).given(filed(), attached(), removed()).when(removed(seen=1)).then_nothing()


def test_what_is_not_there_is_neither_replaced_nor_removed() -> None:
    for deed in (replaced(title="Autre"), removed()):
        Scenario(ServiceRequest).given(filed()).when(deed).then_refused(NotFound)
    Scenario(ServiceRequest).given(filed(), attached(), removed()).when(replaced(title="Autre")).then_refused(
        NotFound
    )


def test_nobody_changes_an_attachment_on_a_page_older_than_the_last_change() -> None:
    for deed in (replaced(title="Autre", seen=2), removed(seen=2)):
        Scenario(ServiceRequest).given(filed(), attached(), replaced(title="Un")).when(deed).then_refused(
            ChangedMeanwhile
        )


# Booking


@pytest.mark.parametrize("who", [CAMILLE, DOMINIQUE, AT_THE_COUNTER], ids=["citizen", "town", "at the counter"])
def test_the_applicant_or_an_agent_books_a_slot(who: Actor) -> None:
    Scenario(ServiceRequest).given(filed()).when(booked(who)).then(
        ServiceRequest.AppointmentBooked,
        appointment_id=MEETING,
        slot={
            "slot_id": str(slot().slot_id),
            "agenda_id": str(slot().agenda_id),
            "place": "Hôtel de ville",
            "starts_at": "2026-03-03T08:00:00+00:00",
            "ends_at": "2026-03-03T08:20:00+00:00",
        },
    )


@strangers
def test_nobody_else_books_moves_or_drops(stranger: Actor) -> None:
    for deed in (booked(stranger), moved(stranger), dropped(stranger)):
        Scenario(ServiceRequest).given(filed(), booked()).when(deed).then_refused(Forbidden)


def test_the_same_appointment_again_is_no_news_and_another_is_refused_instead_of_lost() -> None:
    Scenario(ServiceRequest).given(filed(), booked()).when(booked()).then_nothing()
    Scenario(ServiceRequest).given(filed(), booked()).when(booked(starts_at=LATER)).then_refused(
        Invalid, slot=GIVEN_ALREADY
    )


def test_there_is_one_appointment_to_come_at_a_time() -> None:
    second = booked(starts_at=LATER, appointment_id=SECOND_MEETING)
    Scenario(ServiceRequest).given(filed(), booked()).when(second).then_refused(NotNow)
    Scenario(ServiceRequest).given(filed(), booked(), dropped()).when(second).then(
        ServiceRequest.AppointmentBooked
    )
    once_over = booked(starts_at=LATER, at=NINE, appointment_id=SECOND_MEETING)
    Scenario(ServiceRequest).given(filed(), booked()).when(once_over).then(ServiceRequest.AppointmentBooked)


def test_a_slot_that_has_begun_is_neither_booked_nor_moved_to() -> None:
    Scenario(ServiceRequest).given(filed()).when(booked(at=NINE)).then_refused(NotNow)
    before = NINE - timedelta(minutes=30)
    Scenario(ServiceRequest).given(filed(), booked()).when(moved(starts_at=before, at=before)).then_refused(NotNow)


def test_where_the_procedure_has_no_appointments_only_an_agent_makes_one() -> None:
    Scenario(ServiceRequest).given(filed(appointments="none")).when(booked()).then_refused(Forbidden)
    Scenario(ServiceRequest).given(filed(appointments="none")).when(booked(DOMINIQUE)).then(
        ServiceRequest.AppointmentBooked
    )


# Moving and dropping


def test_a_move_is_one_fact_with_both_slots() -> None:
    Scenario(ServiceRequest).given(filed(), booked()).when(moved()).then(
        ServiceRequest.AppointmentMoved,
        former_id=MEETING,
        appointment_id=SECOND_MEETING,
        former_slot=vars_of(NINE),
        slot=vars_of(LATER),
    )


def vars_of(starts_at: Any) -> dict[str, str]:
    said = slot(starts_at)
    return {
        "slot_id": str(said.slot_id),
        "agenda_id": str(said.agenda_id),
        "place": said.place,
        "starts_at": said.starts_at.isoformat(),
        "ends_at": said.ends_at.isoformat(),
    }


def test_moving_again_from_the_same_page_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), booked(), moved()).when(moved(seen=1)).then_nothing()


def test_dropping_is_said_once() -> None:
    Scenario(ServiceRequest).given(filed(), booked()).when(dropped()).then(
        ServiceRequest.AppointmentCancelled, appointment_id=MEETING, slot=vars_of(NINE)
    )
    Scenario(ServiceRequest).given(filed(), booked(), dropped()).when(dropped(seen=1)).then_nothing()


@pytest.mark.parametrize("deed", [moved(at=NINE), dropped(at=NINE)], ids=["move", "drop"])
def test_an_appointment_that_has_begun_is_left_as_it_is(deed: Deed) -> None:
    Scenario(ServiceRequest).given(filed(), booked()).when(deed).then_refused(NotNow)


def test_what_was_moved_is_not_thought_dropped_nor_what_was_dropped_moved() -> None:
    Scenario(ServiceRequest).given(filed(), booked(), moved()).when(dropped()).then_refused(NotNow)
    Scenario(ServiceRequest).given(filed(), booked(), dropped()).when(moved()).then_refused(NotNow)


def test_what_is_not_there_is_neither_moved_nor_dropped() -> None:
    for deed in (moved(), dropped()):
        Scenario(ServiceRequest).given(filed()).when(deed).then_refused(NotFound)


def test_a_mandatory_appointment_is_moved_by_the_applicant_and_dropped_by_an_agent_only() -> None:
    begin = filed(appointments="mandatory")
    Scenario(ServiceRequest).given(begin, booked()).when(moved()).then(ServiceRequest.AppointmentMoved)
    Scenario(ServiceRequest).given(begin, booked()).when(dropped()).then_refused(NotNow)
    Scenario(ServiceRequest).given(begin, booked()).when(dropped(DOMINIQUE)).then(
        ServiceRequest.AppointmentCancelled
    )


def test_nobody_moves_or_drops_on_a_page_older_than_the_last_change() -> None:
    past = (booked(), moved())
    again = replace(slot(), starts_at=LATER + timedelta(hours=1))
    Scenario(ServiceRequest).given(filed(), *past).when(
        lambda request: request.move_appointment(
            at=NINE - timedelta(days=1),
            actor=CAMILLE,
            former_id=SECOND_MEETING,
            appointment_id=UUID(int=1),
            slot=again,
            seen=2,
        )
    ).then_refused(ChangedMeanwhile)
    Scenario(ServiceRequest).given(filed(), *past).when(
        dropped(appointment_id=SECOND_MEETING, seen=2)
    ).then_refused(ChangedMeanwhile)
