"""Reads the log back: one stream, or everything after a position, with the keys of each page in one SELECT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import resolve_topic
from psycopg import Connection

from espace_citoyen.aggregates.events import Event
from espace_citoyen.aggregates.refusals import Erased
from espace_citoyen.store.keys import KeyRing
from espace_citoyen.store.mapper import SealingMapper, keys_at_hand

_PAGE = "SELECT * FROM log.portal_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
_STREAM = (
    "SELECT *, CASE WHEN originator_version = 1 THEN"
    " (SELECT wrapped FROM log.stream_key WHERE owner_id = originator_id) END AS wrapped"
    " FROM log.portal_events WHERE originator_id = %s"
    " AND (%s::timestamptz IS NULL OR recorded_at <= %s) ORDER BY originator_version"
)


@dataclass(frozen=True)
class RecordedEvent:
    """An event as the log has it; times are aware, `recorded_at` is the database's own clock."""

    position: int
    recorded_at: datetime
    stored: StoredEvent = field(repr=False)
    mapper: SealingMapper = field(repr=False)
    key: bytes | None = field(repr=False)

    @property
    def stream_id(self) -> UUID:
        """The aggregate the event belongs to."""
        assert isinstance(self.stored.originator_id, UUID)
        return self.stored.originator_id

    @property
    def version(self) -> int:
        """The event's rank in its stream, from 1."""
        return self.stored.originator_version

    @property
    def topic(self) -> str:
        """The permanent name of what happened."""
        return self.stored.topic

    @property
    def kind(self) -> type[Event]:
        """The class of the event, known even when its content is erased."""
        kind: type[Event] = resolve_topic(self.topic)
        return kind

    @cached_property
    def envelope(self) -> Mapping[str, Any]:
        """The clear part as stored, which outlives an erasure; times and ids are text in it."""
        return self.mapper.envelope(self.stored)

    @cached_property
    def event(self) -> Any:
        """The whole event, or None once its key is gone."""
        keys = {} if self.key is None else {self.stream_id: self.key}
        try:
            with keys_at_hand(keys):
                return self.mapper.to_domain_event(self.stored)
        except Erased:
            return None


def read_stream(
    connection: Connection[Any], keys: KeyRing, mapper: SealingMapper, stream_id: UUID, until: datetime | None
) -> list[RecordedEvent]:
    """Return the events of a stream in order, those recorded up to `until` (aware, inclusive) when it is given.

    Events and key are of one instant: with the key read first, an erasure in between would leave its own event to
    be read by a writer who still holds the key and has the last version.
    """
    rows = connection.execute(_STREAM, (stream_id, until, until), prepare=True).fetchall()
    wrapped = rows[0]["wrapped"] if rows else None
    return _recorded(rows, {stream_id: keys.unwrap(stream_id, wrapped)} if wrapped else {}, mapper)


def read_after(
    connection: Connection[Any], keys: KeyRing, mapper: SealingMapper, position: int, limit: int
) -> list[RecordedEvent]:
    """Return at most `limit` events after a position, in the order of positions."""
    rows = connection.execute(_PAGE, (position, limit), prepare=True).fetchall()
    if not rows:
        return []
    return _recorded(rows, keys.open_on(connection, {row["originator_id"] for row in rows}), mapper)


def _recorded(
    rows: Sequence[Mapping[str, Any]], keys: Mapping[UUID, bytes], mapper: SealingMapper
) -> list[RecordedEvent]:
    return [
        RecordedEvent(
            position=row["notification_id"],
            recorded_at=row["recorded_at"],
            stored=StoredEvent(
                originator_id=row["originator_id"],
                originator_version=row["originator_version"],
                topic=row["topic"],
                state=row["state"],
            ),
            mapper=mapper,
            key=keys.get(row["originator_id"]),
        )
        for row in rows
    ]
