"""Finds the rows of a page in an index, from whichever known place is nearest: no page is far from all of them."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from psycopg import Connection

LIVE = "r.archived_at IS NULL"
ARCHIVED = "r.archived_at IS NOT NULL"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A known place: the request that was first on a page when the visitor saw it. Names nobody."""

    page: int
    request_id: UUID

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.page}.{self.request_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read it from an address; None when it is none."""
        page, _, request_id = text.partition(".")
        try:
            return cls(page=int(page[:9]), request_id=UUID(request_id))
        except ValueError:
            return None


@dataclass(frozen=True)
class Order:
    """Columns to sort by, none of them ever null; other ones when they are read backwards, if they differ."""

    columns: tuple[str, ...]
    backwards: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A queue in an order: `kept` says which requests are in it, `total` how many they are."""

    order: Order
    descending: bool
    kept: str
    size: int
    total: int

    @property
    def sorted(self) -> str:
        """The whole ORDER BY, for a query on `request r`."""
        way = "DESC" if self.descending else "ASC"
        return ", ".join(f"{key} {way}" for key in self._keys)

    def pick(
        self, connection: Connection[Any], given: dict[str, Any], page: int, mark: Mark | None
    ) -> tuple[str, dict[str, Any]] | None:
        """Return the query for the ids of a page and its parameters; None for a page beyond the last.

        `given` has the viewer's `departments`, and what `kept` needs.
        """
        before = (page - 1) * self.size
        if before >= self.total or not given["departments"]:
            return None
        behind = max(self.total - page * self.size, 0)
        steps = (page - mark.page) * self.size if mark is not None else 0
        near = steps if steps >= 0 else -steps - self.size
        place = self._place(connection, given, mark) if near < min(before, behind) else None
        if place is not None:
            return self._walked(given, backwards=steps < 0, offset=near, limit=self.size, place=place)
        if behind < before:
            last = min(self.size, self.total - before)
            return self._walked(given, backwards=True, offset=behind, limit=last, place=None)
        return self._walked(given, backwards=False, offset=before, limit=self.size, place=None)

    @property
    def _keys(self) -> tuple[str, ...]:
        columns = self.order.backwards if self.descending and self.order.backwards else self.order.columns
        return (*columns, "r.request_id")

    def _place(
        self, connection: Connection[Any], given: dict[str, Any], mark: Mark | None
    ) -> dict[str, Any] | None:
        """Return the values of the keys at the mark, None when that request is gone or not the viewer's."""
        if mark is None:
            return None
        # As texts, which PostgreSQL takes back for what they were: Python knows no infinite instant.
        values = ", ".join(f"({key})::text AS key{number}" for number, key in enumerate(self._keys))
        which = "r.request_id = %(mark)s AND r.department_id = ANY(%(departments)s)"
        query = f"SELECT {values} FROM request r WHERE {which}"  # noqa: S608 - our own columns
        row = connection.execute(query.encode(), given | {"mark": mark.request_id}).fetchone()
        return dict(row) if row is not None else None

    def _walked(
        self, given: dict[str, Any], *, backwards: bool, offset: int, limit: int, place: dict[str, Any] | None
    ) -> tuple[str, dict[str, Any]]:
        """Walk one way from the place (itself included on the way forward) or from an end."""
        way = "ASC" if self.descending is backwards else "DESC"
        names = [f"key{number}" for number in range(len(self._keys))]
        kept = self.kept
        if place is not None:
            sign = (">" if way == "ASC" else "<") + ("" if backwards else "=")
            kept += f" AND ({', '.join(self._keys)}) {sign} ({', '.join(f'%({name})s' for name in names)})"
        values = ", ".join(f"{key} AS {name}" for key, name in zip(self._keys, names, strict=True))
        departments = {f"department{number}": each for number, each in enumerate(given["departments"])}
        order = ", ".join(f"{name} {way}" for name in names)
        arms = [  # each department's index gives its rows in order, no more than may be needed
            f"SELECT * FROM (SELECT r.request_id, {values} FROM request r WHERE r.department_id = %({name})s"  # noqa: S608 - our own columns
            f" AND {kept} ORDER BY {order} LIMIT %(until)s) {name}"
            for name in departments
        ]
        query = f"{' UNION ALL '.join(arms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
        return query, departments | (place or {}) | {"limit": limit, "offset": offset, "until": offset + limit}
