"""Where a request stands after the events given, whether they are all of them or those recorded by a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.store.log import RecordedEvent


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filed: by whom, and the answers to a version of a procedure."""

    procedure_id: UUID
    procedure_version: int
    department_id: UUID
    citizen_id: UUID | None
    submitted_at: datetime
    exchanges: bool
    applicant: Mapping[str, str | None]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Word:
    """Something the town said or asked: who signed it, in which capacity (CRPA L111-2), when, and the text."""

    author: str
    capacity: str
    said_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AskedBack:
    """What the applicant is asked to complete, while they are."""

    correction_id: UUID
    word: Word
    missing: tuple[str, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class SentBack:
    """What was asked to be completed, and what came back: a word, and the answers before and after."""

    asked: AskedBack
    word: Word | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as it was made; `reopened` is the word of the manager who opened it again, if one did."""

    status: str
    word: Word
    effective_on: date | None
    standing: bool
    reopened: Word | None = None


@dataclass(frozen=True, slots=True)
class Caretaker:
    """Who looks after a request since when; the capacity is empty for somebody it was given to."""

    name: str
    capacity: str
    since: datetime


def is_erased(events: Sequence[RecordedEvent]) -> bool:
    """Tell whether the content of a request is gone, whatever its envelopes still say."""
    return events[0].event is None


def recorded_by(events: Sequence[RecordedEvent], until: datetime | None) -> Sequence[RecordedEvent]:
    """Return the events of a whole stream that were recorded by an instant (aware, inclusive), all when None.

    Order is version: what a clock that was set back dates earlier than the event before it comes no earlier.
    """
    if until is None:
        return events
    return list(takewhile(lambda event: event.recorded_at <= until, events))


def asked(events: Sequence[RecordedEvent]) -> Asked:
    """Return what « Le demandeur » and « La demande » show; the stream must not be erased."""
    said = events[0].event
    return Asked(
        procedure_id=said.procedure_id,
        procedure_version=said.procedure_version,
        department_id=said.department_id,
        citizen_id=said.citizen_id,
        submitted_at=said.timestamp,
        exchanges=said.exchanges,
        applicant=said.applicant,
        answers=said.answers,
    )


def state(events: Sequence[RecordedEvent]) -> ServiceRequest:
    """Return the request as the rules saw it after these events; the stream must not be erased."""
    request: Any = None
    for event in events:
        request = event.event.mutate(request)
    found: ServiceRequest = request
    return found


def archived_at(events: Sequence[RecordedEvent]) -> datetime | None:
    """Return since when the request is archived, None when it is not (any more)."""
    since: datetime | None = None
    for event in events:
        if event.topic == ServiceRequest.Archived.TOPIC:
            since = datetime.fromisoformat(event.envelope["at"])
        elif event.topic == ServiceRequest.Reopened.TOPIC:
            since = None
    return since


def asked_back(events: Sequence[RecordedEvent]) -> AskedBack | None:
    """Return what the applicant has to complete, None when nothing is asked."""
    asked = state(events).correction
    if asked is None:
        return None
    requested = [event.event for event in events if event.topic == ServiceRequest.CorrectionRequested.TOPIC]
    return _asked_back(requested[-1])


def corrections(events: Sequence[RecordedEvent]) -> list[SentBack]:
    """Return everything the applicant was ever asked to complete, in order, with what came back."""
    made: dict[UUID, SentBack] = {}
    answers: Mapping[str, Any] = events[0].event.answers
    for event in events:
        said = event.event
        if event.topic == ServiceRequest.CorrectionRequested.TOPIC:
            made[said.correction_id] = SentBack(_asked_back(said))
        elif event.topic == ServiceRequest.CorrectionSentBack.TOPIC:
            word, asked = _word(said, said.text), made[said.correction_id].asked
            made[said.correction_id] = SentBack(asked, word, answers, said.answers)
            answers = said.answers
    return list(made.values())


def in_charge(events: Sequence[RecordedEvent]) -> Caretaker | None:
    """Return who looks after the request, None while nobody does."""
    found: Caretaker | None = None
    for event in events:
        said = event.event
        if event.topic == ServiceRequest.TakenUp.TOPIC:
            found = Caretaker(said.actor_name, said.actor_capacity, said.timestamp)
        elif event.topic == ServiceRequest.Assigned.TOPIC:
            capacity = said.actor_capacity if said.assignee_id == said.actor_id else ""
            found = Caretaker(said.assignee_name, capacity, said.timestamp)
        elif event.topic == ServiceRequest.PassedOn.TOPIC:
            found = None
    return found


def cancelled(events: Sequence[RecordedEvent]) -> Word | None:
    """Return the applicant's word on cancelling (its text may be empty), None when they did not."""
    said = [event.event for event in events if event.topic == ServiceRequest.Cancelled.TOPIC]
    return _word(said[-1], said[-1].reasons) if said else None


def rulings(events: Sequence[RecordedEvent]) -> list[Ruling]:
    """Return every decision in order, whole (N04); only the last one may stand."""
    made: list[Ruling] = []
    for event in events:
        if event.topic == ServiceRequest.Decided.TOPIC:
            made.append(Ruling(event.event.status, _word(event.event, event.event.reasons), None, True))
        elif event.topic == ServiceRequest.SettledBySilence.TOPIC:
            made.append(Ruling(event.event.status, _word(event.event, ""), event.event.effective_on, True))
        elif event.topic == ServiceRequest.Reopened.TOPIC:
            made = [replace(each, standing=False) for each in made]
            if made:
                made[-1] = replace(made[-1], reopened=_word(event.event, event.event.reasons))
    return made


def notes(events: Sequence[RecordedEvent]) -> list[Word]:
    """Return the private notes of the services in order: for staff and auditors only (P08)."""
    added = (event.event for event in events if event.topic == ServiceRequest.NoteAdded.TOPIC)
    return [_word(said, said.text) for said in added]


def _asked_back(said: Any) -> AskedBack:
    return AskedBack(said.correction_id, _word(said, said.text), tuple(said.missing), said.due_on)


def _word(said: Any, text: str) -> Word:
    return Word(said.actor_name, said.actor_capacity, said.timestamp, text)
