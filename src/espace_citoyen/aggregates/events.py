"""What every event of ours carries (its envelope) and how an aggregate records one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

import eventsourcing.domain
from eventsourcing.domain import AggregateCreated, AggregateEvent

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.typed import UNWRITABLE, is_writable

Created = AggregateCreated


class Event(AggregateEvent):
    """An event with its envelope; its `timestamp` is the command's `at`, an aware time in UTC.

    The time (stored as `at`) and the fields named in `CLEAR` stay readable and outlive an erasure. Every other
    field is sealed under the stream's own key, unless the stream is about nobody (`SEALED = False`).
    """

    TOPIC: ClassVar[str] = "event"
    SEALED: ClassVar[bool] = True
    CLEAR: ClassVar[frozenset[str]] = frozenset(
        {"originator_topic", "actor_kind", "channel", "cause", "correlation"}
    )

    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    actor_capacity: str
    on_behalf_of: str | None
    channel: str
    cause: UUID | None
    correlation: UUID | None


class Aggregate(eventsourcing.domain.Aggregate):
    """An aggregate of ours: public methods decide or refuse, private `@event` methods only assign."""

    TOPIC = "aggregate"

    class Event(Event, eventsourcing.domain.Aggregate.Event):
        TOPIC = "aggregate:event"

    class Created(Event, AggregateCreated):
        TOPIC = "aggregate:created"

    def __base_init__(self, originator_id: UUID, originator_version: int, timestamp: datetime) -> None:
        """Keep a place for the stream's data key, opened by the store for as long as this object lives."""
        super().__base_init__(originator_id, originator_version, timestamp)
        self.data_key: bytes | None = None

    def __repr__(self) -> str:
        """Name the stream only: what it holds may be personal, and a repr ends up in logs."""
        return f"<{type(self).__name__} {self.id} v{self.version}>"

    @classmethod
    def _begin(cls, event_class: Any, *, id: UUID, at: datetime, actor: Actor, **facts: Any) -> Self:  # noqa: A002 - the library's own word
        return cls._create(event_class, id=id, timestamp=_utc(at), **_envelope(_named(actor, event_class), facts))

    def _record(self, event_class: type[Any], *, at: datetime, actor: Actor, **facts: Any) -> None:
        self.trigger_event(event_class, timestamp=_utc(at), **_envelope(_named(actor, event_class), facts))


def _named(actor: Actor, event_class: type[Any]) -> Actor:
    """Leave out who a citizen is from an event that anybody may read, also one for whom an agent acts."""
    if event_class.SEALED:
        return actor
    if actor.is_citizen_side:
        return Actor(kind=actor.kind, channel=actor.channel)
    return replace(actor, on_behalf_of=None)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an act needs an aware time")
    return at.astimezone(UTC)


def _envelope(actor: Actor, facts: dict[str, Any]) -> dict[str, Any]:
    unwritable = [name for name, fact in facts.items() if not all(map(is_writable, _texts(fact)))]
    if unwritable:
        raise Invalid("Unwritable text", {name: [UNWRITABLE] for name in unwritable})
    return {
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_capacity": actor.capacity,
        "on_behalf_of": actor.on_behalf_of,
        "channel": actor.channel.value,
        "cause": None,
        "correlation": None,
    } | facts


def _texts(fact: Any) -> Iterator[str]:
    if isinstance(fact, str):
        yield fact
    elif isinstance(fact, dict):
        for each in fact.values():
            yield from _texts(each)
    elif isinstance(fact, (list, tuple)):
        for each in fact:
            yield from _texts(each)
