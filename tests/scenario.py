"""A rule told as a sentence: given what happened, when somebody acts, then this is recorded, or refused."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from eventsourcing.utils import get_topic

from espace_citoyen.aggregates.events import Aggregate, Event
from espace_citoyen.aggregates.refusals import Refusal
from espace_citoyen.store.mapper import SealingMapper, keys_at_hand

A = TypeVar("A", bound=Aggregate)

_KEY = bytes(32)


class Scenario(Generic[A]):
    """Walks an aggregate through its public methods, without a database.

    `given` begins it and takes it through what happened; `when` acts; `then…` compares what was recorded. At
    the end everything recorded is stored, read back and replayed: the same state must come out.
    """

    def __init__(self, kind: type[A]) -> None:
        self._kind = kind
        self._past: Sequence[Event] = ()
        self._aggregate: A | None = None
        self._refused: Refusal | None = None

    def given(self, begin: Callable[[], A], *deeds: Callable[[A], object]) -> Self:
        """Begin the aggregate and let things happen to it."""
        self._aggregate = begin()
        for deed in deeds:
            deed(self._aggregate)
        self._past = self._collected()
        return self

    def when(self, act: Callable[..., object]) -> Self:
        """Act on what was given; or, when nothing was, begin it. A refusal is kept for `then_refused`."""
        try:
            if self._aggregate is None:
                begun = act()
                assert isinstance(begun, self._kind)
                self._aggregate = begun
            else:
                act(self._aggregate)
        except Refusal as refusal:
            self._refused = refusal
        return self

    def then(self, kind: type[Event], **facts: Any) -> Self:
        """Exactly one event of that class was recorded, with these facts among others."""
        assert self._refused is None, f"refused: {self._refused!r}"
        recorded = self._collected()
        assert [type(event) for event in recorded] == [kind]
        assert {name: vars(recorded[0])[name] for name in facts} == facts
        self._replays([*self._past, *recorded])
        return self

    def then_nothing(self) -> None:
        """Nothing was recorded, and nothing refused: it was no news."""
        assert self._refused is None, f"refused: {self._refused!r}"
        assert self._collected() == []

    def then_refused(self, kind: type[Refusal], /, **fields: str) -> None:
        """It was refused with that refusal, with this sentence beside each of these fields; nothing recorded."""
        assert type(self._refused) is kind, f"not refused with {kind.__name__}: {self._refused!r}"
        assert getattr(self._refused, "fields", {}) == {name: [said] for name, said in fields.items()}
        assert self._aggregate is None or self._collected() == []

    def _collected(self) -> list[Any]:
        assert self._aggregate is not None
        return list(self._aggregate.collect_events())

    def _replays(self, events: Sequence[Event]) -> None:
        """Whatever the public methods left in memory, storing and reading back must leave too."""
        mapper = SealingMapper(transcoder=None)  # type: ignore[arg-type]  # it writes JSON itself
        owner: UUID = events[0].originator_id
        with keys_at_hand({owner: _KEY}):
            stored = [mapper.to_stored_event(event) for event in events]
            assert [each.topic for each in stored] == [get_topic(type(event)) for event in events]
            again: list[Any] = [mapper.to_domain_event(each) for each in stored]
        assert again == list(events)
        replayed: Any = reduce(lambda aggregate, event: event.mutate(aggregate), again, None)
        assert replayed == self._aggregate
