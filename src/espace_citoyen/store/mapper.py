"""The stored form of an event: JSON with a clear envelope and one field sealed under the owner's key."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.utils import get_topic, resolve_topic

from espace_citoyen.aggregates.refusals import Erased
from espace_citoyen.store.keys import decrypt, encrypt

_AT_HAND: ContextVar[Mapping[UUID, bytes]] = ContextVar("keys at hand")
_APART = frozenset({"originator_id", "originator_version", "timestamp"})
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SEALED = b',"sealed":"'
_AS_TEXT: dict[Any, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@dataclass(frozen=True)
class Shape:
    """How an event class is stored: its clear and sealed fields, and how to read back those kept as text."""

    clear: frozenset[str]
    sealed: bool
    version: int
    read: Mapping[str, Any]


@contextmanager
def keys_at_hand(keys: Mapping[UUID, bytes]) -> Iterator[None]:
    """Let the mapper open and seal the events of these owners, and of nobody else."""
    token = _AT_HAND.set(keys)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


class SealingMapper(Mapper[UUID]):
    """Maps events to stored events and back, with the keys the store has put at hand."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Write an event down; the clear part and the place in the stream are bound to the sealed one."""
        cls = type(domain_event)
        shape = shape_of(cls)
        topic = get_topic(cls)
        clear: dict[str, Any] = {"v": shape.version}
        sealed: dict[str, Any] = {}
        facts = vars(domain_event)
        clear["at"] = facts["timestamp"].isoformat()
        for name, value in facts.items():
            if name not in _APART:
                (clear if name in shape.clear else sealed)[name] = _written(value)
        state = _dumps(clear)
        if shape.sealed:
            owner = domain_event.originator_id
            place = _place(owner, domain_event.originator_version, topic, state)
            state = _joined(state, encrypt(_key(owner), _dumps(sealed), place))
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic,
            state=state,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Read an event back, upcast to its class's present version; raise Erased when its key is gone."""
        cls = resolve_topic(stored_event.topic)
        shape = shape_of(cls)
        clear, sealed = _parted(stored_event.state)
        state = json.loads(clear)
        if sealed is not None:
            state |= _unsealed(stored_event, sealed, clear)
        version = state.pop("v")
        while version < shape.version:
            getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
            version += 1
        for name, reader in shape.read.items():
            if state[name] is not None:
                state[name] = reader(state[name])
        state["timestamp"] = datetime.fromisoformat(state.pop("at"))
        state["originator_id"] = stored_event.originator_id
        state["originator_version"] = stored_event.originator_version
        event: DomainEventProtocol[UUID] = object.__new__(cls)
        object.__setattr__(event, "__dict__", state)
        return event

    @staticmethod
    def envelope(stored_event: StoredEvent) -> dict[str, Any]:
        """Return the clear part of a stored event as it is written; needs no key."""
        envelope: dict[str, Any] = json.loads(_parted(stored_event.state)[0])
        return envelope


@cache
def shape_of(cls: type[Any]) -> Shape:
    """Work out the stored form of an event class from its annotations; raise TypeError on one we cannot store."""
    every = get_type_hints(cls)
    hints = {field.name: every[field.name] for field in fields(cls)}
    read = {name: reader for name, hint in hints.items() if (reader := _reader(cls, name, hint))}
    clear = cls.CLEAR if cls.SEALED else frozenset(hints)
    return Shape(clear=clear, sealed=cls.SEALED, version=getattr(cls, "class_version", 1), read=read)


def _reader(cls: type[Any], name: str, hint: Any) -> Any:
    if name in _APART:
        return None
    if get_origin(hint) in (Union, UnionType):
        (hint,) = [each for each in get_args(hint) if each is not type(None)]
    if hint in _AS_TEXT:
        return _AS_TEXT[hint]
    if get_origin(hint) is list and get_args(hint)[0] in _AS_TEXT:
        each = _AS_TEXT[get_args(hint)[0]]
        return lambda texts: [each(text) for text in texts]
    if hint in (str, int, bool) or get_origin(hint) in (list, dict):
        return None
    raise TypeError(f"{cls.__qualname__}.{name}: {hint} has no stored form")


def _written(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, list):
        return [_written(each) for each in value]
    return value


def _unsealed(stored: StoredEvent, sealed: bytes, clear: bytes) -> dict[str, Any]:
    owner = stored.originator_id
    assert isinstance(owner, UUID)
    place = _place(owner, stored.originator_version, stored.topic, clear)
    opened: dict[str, Any] = json.loads(decrypt(_key(owner), base64.b64decode(sealed), place))
    return opened


def _place(owner: UUID, version: int, topic: str, clear: bytes) -> bytes:
    return owner.bytes + f"{version} {topic} ".encode() + clear


def _joined(clear: bytes, sealed: bytes) -> bytes:
    return clear[:-1] + _SEALED + base64.b64encode(sealed) + b'"}'


def _parted(state: bytes) -> tuple[bytes, bytes | None]:
    """Return the clear part as it was written, byte by byte, and the sealed one if there is one.

    It is the last member of the whole: no quote but its own follows. In a string of JSON those of `_SEALED` would
    be escaped, and in anything nested more would follow.
    """
    before, found, after = state.rpartition(_SEALED)
    if found and after.find(b'"') == len(after) - 2:
        return before + b"}", after[:-2]
    return state, None


def _key(owner: UUID) -> bytes:
    try:
        return _AT_HAND.get()[owner]
    except (LookupError, KeyError):
        raise Erased(f"The key of {owner} is gone") from None


def _dumps(value: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(value).encode()
