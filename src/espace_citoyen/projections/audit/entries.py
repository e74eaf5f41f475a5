"""What an auditor reads of an event: who, when, what, through which channel; folded from the log, no table."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.events import Event
from espace_citoyen.labels import LABELS
from espace_citoyen.projections.wording import sentence
from espace_citoyen.store.log import RecordedEvent

_ENVELOPE = frozenset(field.name for field in fields(Event)) | {"originator_topic", "at", "v"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event for an auditor. Once `erased`, `actor`, `capacity` and the sealed facts are gone."""

    stream: UUID
    position: int
    version: int
    at: datetime
    recorded_at: datetime
    topic: str
    label: str
    kind: str
    audience: tuple[str, ...]
    actor: str | None
    actor_kind: str
    actor_id: UUID | None
    capacity: str | None
    on_behalf_of: str | None
    channel: str
    cause: str | None
    erased: bool
    facts: Mapping[str, Any]

    def told(self) -> dict[str, Any]:
        """Return the entry as JSON can hold it, times in ISO 8601."""
        return {name: _plain(value) for name, value in vars(self).items()}


def history(events: Iterable[RecordedEvent]) -> list[Entry]:
    """Return every event of a stream, those meant for staff alone included: an auditor reads everything."""
    return [entry(event) for event in events]


def entry(event: RecordedEvent) -> Entry:
    """Read one event; of an erased one, what its clear part still tells."""
    erased = event.event is None
    said: Mapping[str, Any] = event.envelope if erased else vars(event.event)
    label = LABELS[event.topic]
    return Entry(
        stream=event.stream_id,
        position=event.position,
        version=event.version,
        at=datetime.fromisoformat(event.envelope["at"]),
        recorded_at=event.recorded_at,
        topic=event.topic,
        label=sentence(event),
        kind=label.kind,
        audience=tuple(sorted(label.audience)),
        actor=said.get("actor_name") or None,
        actor_kind=said["actor_kind"],
        actor_id=said.get("actor_id"),
        capacity=said.get("actor_capacity") or None,
        on_behalf_of=said.get("on_behalf_of"),
        channel=said["channel"],
        cause=said["cause"],
        erased=erased,
        facts={name: value for name, value in said.items() if name not in _ENVELOPE},
    )


def as_json(value: object, *, indent: int | None = None) -> str:
    """Write JSON with its accents and without the control characters that json leaves as they are."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
