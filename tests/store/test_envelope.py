"""What stays readable of an event, and that nothing of anybody is in it."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from eventsourcing.utils import get_topic

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.appointments import Agenda, Slot
from espace_citoyen.aggregates.claims import ReferenceClaim, UsernameClaim
from espace_citoyen.aggregates.events import Event
from espace_citoyen.aggregates.procedures import FormField, Procedure
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import Department, StaffMember
from espace_citoyen.application import Portal
from espace_citoyen.commands import procedures
from espace_citoyen.demo.cast import CITIZENS
from espace_citoyen.store.mapper import shape_of
from people import Town, birth_certificate
from streams import filed, write

EVERYWHERE = {"originator_topic", "actor_kind", "channel", "cause", "correlation"}
OF_A_REQUEST = EVERYWHERE | {"reference", "procedure_id", "procedure_version", "department_id", "status"}

CLEAR: dict[type[Event], set[str]] = {
    ServiceRequest.Submitted: OF_A_REQUEST | {"received_on", "exchanges"},
    ServiceRequest.Acknowledged: OF_A_REQUEST | {"received_on"},
    ServiceRequest.LinkedToAccount: OF_A_REQUEST,
    ServiceRequest.TakenUp: OF_A_REQUEST,
    ServiceRequest.Assigned: OF_A_REQUEST,
    ServiceRequest.PassedOn: OF_A_REQUEST,
    ServiceRequest.NoteAdded: OF_A_REQUEST,
    ServiceRequest.CorrectionRequested: OF_A_REQUEST | {"due_on"},
    ServiceRequest.CorrectionSentBack: OF_A_REQUEST,
    ServiceRequest.Decided: OF_A_REQUEST,
    ServiceRequest.SettledBySilence: OF_A_REQUEST | {"effective_on"},
    ServiceRequest.Reopened: OF_A_REQUEST,
    ServiceRequest.Cancelled: OF_A_REQUEST,
    ServiceRequest.Archived: OF_A_REQUEST,
    ServiceRequest.ExchangeSent: OF_A_REQUEST | {"exchange_id", "side"},
    ServiceRequest.ExchangeRead: OF_A_REQUEST | {"exchange_id", "side"},
    ServiceRequest.AttachmentAdded: OF_A_REQUEST | {"attachment_id", "exchange_id", "side"},
    ServiceRequest.AttachmentReplaced: OF_A_REQUEST | {"attachment_id", "side"},
    ServiceRequest.AttachmentRemoved: OF_A_REQUEST | {"attachment_id", "side"},
    ServiceRequest.AppointmentBooked: OF_A_REQUEST | {"appointment_id"},
    ServiceRequest.AppointmentMoved: OF_A_REQUEST | {"appointment_id"},
    ServiceRequest.AppointmentCancelled: OF_A_REQUEST | {"appointment_id"},
    Account.Opened: EVERYWHERE,
    StaffMember.Registered: EVERYWHERE,
    UsernameClaim.Taken: EVERYWHERE,
}
"""The fields of each sealed event that outlive an erasure, besides its time, version and place."""

WHOLLY_CLEAR = (
    ServiceRequest.Erased,
    Account.Erased,
    StaffMember.Erased,
    UsernameClaim.Erased,
    ReferenceClaim.Taken,
    Procedure.Opened,
    Procedure.VersionPublished,
    Department.Opened,
    Agenda.Opened,
    Slot.Opened,
    Slot.Booked,
    Slot.Freed,
)
APART = {"originator_id", "originator_version", "timestamp"}


def concrete(kind: type[Event]) -> set[type[Event]]:
    below = kind.__subclasses__()
    ours = {each for child in below for each in concrete(child)}
    return ours if ours or get_topic(kind).endswith((":event", ":created")) else {kind}


@pytest.mark.parametrize("kind", CLEAR, ids=get_topic)
def test_exactly_the_fields_that_must_outlive_an_erasure_are_clear(kind: type[Event]) -> None:
    shape = shape_of(kind)
    assert shape.sealed
    named = {*kind.__dataclass_fields__} - APART
    assert shape.clear & named == CLEAR[kind] & named
    assert {"actor_name", "actor_id", "on_behalf_of"} & shape.clear == set()


def test_every_event_there_is_was_thought_of() -> None:
    assert concrete(Event) == {*CLEAR, *WHOLLY_CLEAR}


def rows_of_log(portal: Portal) -> list[dict[str, Any]]:
    with portal.connection() as connection:
        return connection.execute("SELECT * FROM log.portal_events ORDER BY notification_id").fetchall()


def a_busy_day(town: Town) -> set[str]:
    """Let everybody do everything, and return the words they typed and who they are."""
    request = town.files(town.camille, answers={"nom": "Wolfeschlegelstein"}).request_id
    asked = town.writes(town.camille, request, "Ma grand-mère Philomène habite Quimperlé")
    town.reads(town.dominique, request, asked)
    told = town.writes(town.dominique, request, "Apportez le formulaire azuré, Madame")
    town.reads(town.camille, request, told)
    town.files(town.nadia, town.school)
    typed = {"Wolfeschlegelstein", "Philomène", "Quimperlé", "azuré", "dominique"}
    for username, person in CITIZENS.items():
        own = vars(person) | {"town": "", "postcode": "", "title": "", "preferred_contact": ""}
        typed |= {username} | {value for value in own.values() if value}
    return typed | {str(town.camille.id), str(town.nadia.id), str(town.dominique.id)}


def test_no_word_that_anybody_typed_and_nobody_can_be_read_in_the_log(town: Town, portal: Portal) -> None:
    typed = a_busy_day(town)
    for row in rows_of_log(portal):
        readable = row["state"].decode()
        sealed = json.loads(readable).get("sealed", "")
        for text in (readable, base64.b64decode(sealed).decode(errors="ignore")):
            found = {word for word in typed if word.casefold() in text.casefold()}
            assert not found, f"{row['topic']} says {found}"


def test_the_words_are_there_for_who_holds_the_key(town: Town, portal: Portal) -> None:
    typed = a_busy_day(town)
    told = " ".join(str(vars(event.event)) for event in portal.after(0, 500))
    missing = {word for word in typed if word not in told}
    assert not missing


def test_the_envelope_tells_who_did_what_when_through_which_channel(town: Town, portal: Portal) -> None:
    request = town.files(town.camille)
    town.writes(town.dominique, request.request_id)
    submitted, acknowledged, sent = portal.stream(request.request_id)
    assert (
        submitted.envelope.items()
        >= {
            "at": "2026-03-02T09:00:00+00:00",
            "actor_kind": "citizen",
            "channel": "web",
            "reference": request.reference,
            "status": "submitted",
            "received_on": "2026-03-02",
            "procedure_id": str(town.birth_certificate),
            "procedure_version": 1,
            "department_id": str(town.civil),
            "v": 2,
        }.items()
    )
    assert acknowledged.envelope["actor_kind"] == SYSTEM.kind
    assert sent.envelope["actor_kind"] == "staff"
    assert "sealed" not in sent.envelope


REPLACE = "state = convert_to(replace(convert_from(state, 'UTF8'), '{}', '{}'), 'UTF8')"
TAMPERINGS = {
    "another status": REPLACE.format('"submitted"', '"accepted"'),
    "another day": REPLACE.format("2026-03-02", "2026-03-01"),
    "another rank": "originator_version = 7",
    "another fact": "topic = 'request:exchange-read'",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_sealed_part_refuses_a_clear_part_that_was_touched(portal: Portal, tampering: str) -> None:
    request = filed(portal, messages=1)
    with portal.connection() as connection:
        connection.execute(
            f"UPDATE log.portal_events SET {TAMPERINGS[tampering]} WHERE originator_version = 2".encode()
        )
    with pytest.raises(InvalidTag):
        portal.get(ServiceRequest, request.id)
    *_, touched = portal.stream(request.id)
    with pytest.raises(InvalidTag):
        _ = touched.event


def test_the_sealed_part_of_one_stream_does_not_open_in_another(portal: Portal) -> None:
    ours, theirs = filed(portal), filed(portal)
    write(theirs, "Une tout autre histoire")
    portal.record(theirs)
    with portal.connection() as connection:
        connection.execute("UPDATE log.portal_events SET originator_id = %s WHERE notification_id = 3", (ours.id,))
    with pytest.raises(InvalidTag):
        portal.get(ServiceRequest, ours.id)


def test_a_citizen_who_ends_their_own_space_is_not_named_by_the_event_that_says_so(town: Town) -> None:
    account = town.portal.get(Account, town.camille.id or UUID(int=0))
    account.erase(at=town.at, actor=town.camille, reason="person", visa="V-1")
    (erased,) = account.collect_events()
    assert vars(erased).items() >= {"actor_kind": "citizen", "actor_name": "", "actor_id": None}.items()


def test_a_word_that_looks_like_the_sealed_part_is_taken_for_what_it_is(town: Town) -> None:
    disguise = 'x","sealed":"YWJj"}'
    field = FormField(name="disguise", label=disguise, hint=disguise, choices=(disguise,))
    version = birth_certificate(town.civil, fields=(field,))
    opened = procedures.open_procedure(town.portal, at=town.at, actor=SYSTEM, slug="masque", version=version)
    assert town.portal.get(Procedure, opened).current.fields == (field,)
    request = town.files(town.camille, answers={"nom": disguise}).request_id
    assert town.portal.stream(request)[0].event.answers == {"nom": disguise}
