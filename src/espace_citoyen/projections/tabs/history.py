"""« Historique »: every event of a request that an audience may read, in order (S28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from espace_citoyen import dates
from espace_citoyen.labels import KIND, LABELS, Label
from espace_citoyen.projections.wording import sentence
from espace_citoyen.store.log import RecordedEvent


@dataclass(frozen=True, slots=True)
class Line:
    """An event of « Historique », every word of it ready for the page: a thousand of them fit on one."""

    kind: str
    kind_name: str
    sentence: str
    capacity: str
    machine: str
    when: str


def history(events: Sequence[RecordedEvent], *, audience: str) -> list[Line]:
    """Return the events in order that are for an audience (`citizen`, `staff` or `auditor`) (S28)."""
    labelled = ((event, LABELS[event.topic]) for event in events)
    return [_line(event, label) for event, label in labelled if audience in label.audience]


def _line(event: RecordedEvent, label: Label) -> Line:
    said = event.event
    envelope = event.envelope if said is None else vars(said)
    at = datetime.fromisoformat(envelope["at"]) if said is None else said.timestamp
    return Line(
        kind=label.kind,
        kind_name=KIND[label.kind].capitalize(),
        sentence=sentence(event),
        capacity=envelope.get("actor_capacity", ""),
        machine=dates.machine(at),
        when=dates.moment(at),
    )
