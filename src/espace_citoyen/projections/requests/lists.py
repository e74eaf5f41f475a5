"""Requests as their applicant lists them, and as anybody concerned finds one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import Status
from espace_citoyen.projections import scope


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request in a list; `unread` counts the messages that wait for the one who looks.

    `due_on` is the day in Paris by which the applicant is asked to complete it, while they are;
    `lacks_appointment` that its procedure wants an appointment and none stands.
    """

    request_id: UUID
    reference: str
    procedure_title: str
    department_name: str
    status: str
    submitted_at: datetime
    archived_at: datetime | None
    has_exchanges: bool
    unread: int
    due_on: date | None = None
    lacks_appointment: bool = False

    @property
    def to_do(self) -> bool:
        """Whether the applicant is asked to complete the request and send it back."""
        return self.status == Status.CORRECTION_REQUESTED and self.archived_at is None


_LACKS = """r.wants_appointment AND r.archived_at IS NULL
    AND r.status IN ('submitted', 'under_review', 'correction_requested')
    AND NOT EXISTS (SELECT FROM appointment a WHERE a.request_id = r.request_id AND a.cancelled_at IS NULL)"""
_COLUMNS = """
SELECT r.request_id, r.reference, r.procedure_title, r.department_name, r.status, r.submitted_at, r.archived_at,
       r.has_exchanges, r.due_on, {lacks} AS lacks_appointment,
       (SELECT count(*) FROM exchange e WHERE e.request_id = r.request_id
        AND e.reader_id = ANY(%(readers)s) AND e.read_at IS NULL) AS unread"""
ROW = _COLUMNS.format(lacks=_LACKS)
"""The columns of `RequestRow`, for a query on `request r` with the parameters of `scope`."""


TO_DO = f"""r.account_id = %(account)s AND r.archived_at IS NULL
    AND (r.status = 'correction_requested' OR ({_LACKS}))"""
"""For a query on `request r`: the viewer's own that they are asked to complete, or to book an appointment for."""


def latest(connection: Connection[Any], *, viewer: Actor, limit: int = 4) -> list[RequestRow]:
    """Return the viewer's own last requests by filing date, archived ones aside (S25)."""
    query = (
        f"{ROW} FROM request r WHERE r.account_id = %(account)s AND r.archived_at IS NULL"
        " ORDER BY r.submitted_at DESC, r.request_id LIMIT %(limit)s"
    )
    return _rows(connection, query, scope.parameters(viewer) | {"limit": limit})


def mine(connection: Connection[Any], *, viewer: Actor, archived: bool = False) -> list[RequestRow]:
    """Return all of the viewer's own requests, either the archived ones or the others, latest first (S26, S31)."""
    query = (
        f"{ROW} FROM request r WHERE r.account_id = %(account)s AND (r.archived_at IS NOT NULL) = %(archived)s"
        " ORDER BY r.submitted_at DESC, r.request_id"
    )
    return _rows(connection, query, scope.parameters(viewer) | {"archived": archived})


def to_do(connection: Connection[Any], *, viewer: Actor) -> list[RequestRow]:
    """Return the viewer's own requests that wait for a gesture of theirs, the first due first (« À faire »)."""
    query = f"{ROW} FROM request r WHERE {TO_DO} ORDER BY r.due_on NULLS LAST, r.submitted_at, r.request_id"
    return _rows(connection, query, scope.parameters(viewer))


def find(connection: Connection[Any], reference: str, *, viewer: Actor) -> RequestRow | None:
    """Return the request of that reference, or None when there is none or it is none of the viewer's."""
    query = f"{ROW} FROM request r WHERE r.reference = %(reference)s AND {scope.VISIBLE}"
    with connection.cursor(row_factory=class_row(RequestRow)) as cursor:
        return cursor.execute(query, scope.parameters(viewer) | {"reference": reference}).fetchone()


def _rows(connection: Connection[Any], query: str, given: dict[str, Any]) -> list[RequestRow]:
    with connection.cursor(row_factory=class_row(RequestRow)) as cursor:
        return cursor.execute(query.encode(), given).fetchall()
