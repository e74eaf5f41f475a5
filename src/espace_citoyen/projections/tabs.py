"""What the tabs of « Suivi de la demande » show, folded from the request's own stream; no table, no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from espace_citoyen import dates
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.labels import KIND, LABELS, SUBJECT, Label
from espace_citoyen.store.log import RecordedEvent

SENT, READ = ServiceRequest.ExchangeSent.TOPIC, ServiceRequest.ExchangeRead.TOPIC
OPENING = 60
"""How much of an unread message is shown, in characters; nothing of one not twice as long."""


@dataclass(frozen=True, slots=True)
class Line:
    """An event of « Historique », every word of it ready for the page: a thousand of them fit on one."""

    kind: str
    kind_name: str
    sentence: str
    capacity: str
    machine: str
    when: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message of « Échanges » as one side sees it: `mine` when that side wrote it."""

    exchange_id: UUID
    mine: bool
    author: str
    capacity: str
    sent_at: datetime
    text: str
    read_at: datetime | None

    @property
    def unread(self) -> bool:
        """Whether it waits for the side that looks."""
        return not self.mine and self.read_at is None

    @property
    def opening(self) -> str:
        """The first words of a long message, to tell it from the others before it is opened."""
        if len(self.text) < 2 * OPENING:
            return ""
        return " ".join(self.text[:OPENING].split()[:-1])


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


def is_erased(events: Sequence[RecordedEvent]) -> bool:
    """Tell whether the content of a request is gone, whatever its envelopes still say."""
    return events[0].event is None


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


def history(events: Sequence[RecordedEvent], *, audience: str) -> list[Line]:
    """Return the events in order that are for an audience (`citizen`, `staff` or `auditor`) (S28)."""
    labelled = ((event, LABELS[event.topic]) for event in events)
    return [_line(event, label) for event, label in labelled if audience in label.audience]


def exchanges(events: Sequence[RecordedEvent], *, side: Side) -> list[Message]:
    """Return the messages in order, each with the instant at which it was opened; erased ones are left out."""
    read_at = {
        said.exchange_id: said.timestamp for event in events if event.topic == READ and (said := event.event)
    }
    return [
        Message(
            exchange_id=said.exchange_id,
            mine=said.side == side.value,
            author=said.actor_name,
            capacity=said.actor_capacity,
            sent_at=said.timestamp,
            text=said.text,
            read_at=read_at.get(said.exchange_id),
        )
        for event in events
        if event.topic == SENT and (said := event.event)
    ]


def _line(event: RecordedEvent, label: Label) -> Line:
    said = event.event
    envelope = event.envelope if said is None else vars(said)
    at = datetime.fromisoformat(envelope["at"]) if said is None else said.timestamp
    name = envelope.get("actor_name") or SUBJECT[envelope["actor_kind"]]
    return Line(
        kind=label.kind,
        kind_name=KIND[label.kind].capitalize(),
        sentence=label.told(name),
        capacity=envelope.get("actor_capacity", ""),
        machine=dates.machine(at),
        when=dates.moment(at),
    )
