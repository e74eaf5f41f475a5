"""Requests as departments queue them: any column, either way, any page, and what was put away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.projections import scope
from espace_citoyen.projections.requests.lists import ROW, RequestRow


@dataclass(frozen=True, kw_only=True)
class QueueRow(RequestRow):
    """A request in a department's queue; its age is counted from `submitted_at`, nobody has it at `None`."""

    applicant_name: str
    last_message_at: datetime | None
    assignee_id: UUID | None
    assignee_name: str


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of a queue, and how many requests the whole of it holds."""

    rows: list[QueueRow]
    total: int


SORTS = {
    "submitted_at": "r.submitted_at {}",
    "reference": "r.reference {}",
    "procedure": "r.procedure_folded {}",
    "applicant": "r.applicant_folded {}",
    "status": "r.status {}",
    "last_message_at": "r.last_message_at {} NULLS LAST",
}
"""The columns by which a queue can be sorted, one way or the other."""

_QUEUED = f"{ROW}, r.applicant_name, r.last_message_at, r.assignee_id, r.assignee_name"
_TOTAL = "SELECT count(*) AS total FROM request r"


def queue(  # noqa: PLR0913 - what an address can say of a queue
    connection: Connection[Any],
    *,
    viewer: Actor,
    sort: str,
    descending: bool,
    page: int,
    size: int = 50,
    state: str | None = None,
    assigned_to: UUID | None = None,
) -> QueuePage:
    """Return a page (from 1) of the live requests of the viewer's departments; `sort` is one of `SORTS`.

    `state` keeps those of one status, `assigned_to` those that a member of staff has taken up.
    """
    given = scope.parameters(viewer) | {"size": size, "offset": size * (max(page, 1) - 1)}
    given |= {"state": state, "assigned_to": assigned_to}
    one = len(given["departments"]) == 1  # then the index gives the rows in their order
    where = "r.department_id = (%(departments)s)[1]" if one else "r.department_id = ANY(%(departments)s)"
    where += " AND r.archived_at IS NULL"
    where += " AND r.status = %(state)s" if state is not None else ""
    where += " AND r.assignee_id = %(assigned_to)s" if assigned_to is not None else ""
    way = "DESC" if descending else "ASC"
    order = f"{SORTS.get(sort, SORTS['submitted_at']).format(way)}, r.request_id {way}"
    return _page(connection, where, order, given)


def archive(connection: Connection[Any], *, viewer: Actor, page: int, size: int = 50) -> QueuePage:
    """Return a page (from 1) of the archived requests of the viewer's departments, last put away first."""
    given = scope.parameters(viewer) | {"size": size, "offset": size * (max(page, 1) - 1)}
    where = "r.department_id = ANY(%(departments)s) AND r.archived_at IS NOT NULL"
    return _page(connection, where, "r.archived_at DESC, r.request_id DESC", given)


def by_state(connection: Connection[Any], *, viewer: Actor) -> dict[str, int]:
    """Return how many live requests the viewer's departments have in each state that has any."""
    query = (
        "SELECT status, sum(requests)::bigint AS requests FROM request_count"
        " WHERE department_id = ANY(%(departments)s) AND NOT archived GROUP BY status"
    )
    return {row["status"]: row["requests"] for row in connection.execute(query, scope.parameters(viewer))}


def _page(connection: Connection[Any], where: str, order: str, given: dict[str, Any]) -> QueuePage:
    query = f"{_QUEUED} FROM request r WHERE {where} ORDER BY {order} LIMIT %(size)s OFFSET %(offset)s"
    with connection.cursor(row_factory=class_row(QueueRow)) as cursor:
        rows = cursor.execute(query.encode(), given).fetchall()
    counted = connection.execute(f"{_TOTAL} WHERE {where}".encode(), given).fetchone()
    return QueuePage(rows=rows, total=counted["total"] if counted else 0)
