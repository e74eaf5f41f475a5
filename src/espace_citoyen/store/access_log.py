"""The access log: who of the town read which request, and when. It is added to before a page is shown (P15)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Composable


@dataclass(frozen=True, kw_only=True)
class Access:
    """One reading: by whom, in which capacity, through which door, of what; `as_of` the instant looked back to.

    `what` is the address of a tab, or the name of another page, of a file or of an export; nothing is a name or
    a word of the request, so that an erasure has nothing to take away here.
    """

    at: datetime
    viewer_id: UUID
    capacity: str
    door: str
    request_id: UUID
    what: str
    file_id: UUID | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which accesses are looked for: of a request, by somebody, between two instants (the second excluded)."""

    request_id: UUID | None = None
    viewer_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


_INSERT = """
INSERT INTO plain.access_log (at, viewer_id, capacity, door, request_id, what, file_id, as_of)
VALUES (%(at)s, %(viewer_id)s, %(capacity)s, %(door)s, %(request_id)s, %(what)s, %(file_id)s, %(as_of)s)
"""
_PAGE = SQL(
    "SELECT at, viewer_id, capacity, door, request_id, what, file_id, as_of FROM plain.access_log WHERE {}"
    " ORDER BY at DESC, access_id DESC LIMIT %(size)s OFFSET %(offset)s"
)
_COUNT = SQL("SELECT count(*) AS found FROM plain.access_log WHERE {}")
_CONDITIONS = {
    "request_id": SQL("request_id = %(request_id)s"),
    "viewer_id": SQL("viewer_id = %(viewer_id)s"),
    "since": SQL("at >= %(since)s"),
    "until": SQL("at < %(until)s"),
}


def append(connection: Connection[Any], access: Access) -> None:
    """Add a line, on the disk before this returns; a page that could not be logged is not to be shown."""
    connection.execute(_INSERT, vars(access), prepare=True)


def page(connection: Connection[Any], sought: Sought, *, number: int = 1, size: int = 50) -> list[Access]:
    """Return a page (from 1) of the accesses looked for, the latest first."""
    given = vars(sought) | {"size": size, "offset": size * (number - 1)}
    with connection.cursor(row_factory=class_row(Access)) as cursor:
        return cursor.execute(_PAGE.format(_where(sought)), given).fetchall()


def count(connection: Connection[Any], sought: Sought) -> int:
    """Return how many accesses there are of those looked for."""
    row = connection.execute(_COUNT.format(_where(sought)), vars(sought)).fetchone()
    return row["found"] if row else 0


def _where(sought: Sought) -> Composable:
    wanted = [condition for name, condition in _CONDITIONS.items() if getattr(sought, name) is not None]
    return SQL(" AND ").join(wanted) if wanted else SQL("true")
