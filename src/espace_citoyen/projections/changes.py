"""What handlers say is to be changed, put together so that a batch costs few statements."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from espace_citoyen.store.recorder import Statement


class Change(NamedTuple):
    """A row for a statement that takes arrays, one per column: `sql` is run once for the rows of many streams.

    The changes of one stream keep their order; those of different streams must not depend on each other, except
    by adding up. What others depend on (a department's name, a procedure's title) is a plain Statement.
    """

    sql: str
    row: tuple[Any, ...]


class Together:
    """Gathers changes in layers: the first change of every stream, then the second of every stream…

    Within a layer no two changes are about the same stream, so that they can be done in any order.
    """

    def __init__(self) -> None:
        self._layers: list[dict[str, list[tuple[Any, ...]]]] = []
        self._depth: Counter[UUID] = Counter()

    def add(self, stream_id: UUID, change: Change) -> None:
        """Put a change into the first layer after the stream's previous one."""
        depth = self._depth[stream_id]
        self._depth[stream_id] = depth + 1
        if depth == len(self._layers):
            self._layers.append({})
        self._layers[depth].setdefault(change.sql, []).append(change.row)

    def drain(self) -> Iterator[Statement]:
        """Yield what was gathered, layer by layer, and begin again."""
        layers = self._layers
        self._layers, self._depth = [], Counter()
        for layer in layers:
            for sql, rows in layer.items():
                yield sql, [list(column) for column in zip(*rows, strict=True)]


def together(changes: Iterable[tuple[UUID, Change | Statement]]) -> Iterator[Statement]:
    """Yield the statements for the changes of streams: a plain statement stays between what surrounds it."""
    gathered = Together()
    for stream_id, change in changes:
        if isinstance(change, Change):
            gathered.add(stream_id, change)
        else:
            yield from gathered.drain()
            yield change
    yield from gathered.drain()
