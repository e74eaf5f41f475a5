"""Requests as departments queue them: any column, either way, any page, and what was put away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import Status
from espace_citoyen.projections import scope
from espace_citoyen.projections.requests.lists import ROW, RequestRow
from espace_citoyen.projections.requests.walk import ARCHIVED, LIVE, Mark, Order, Walk


@dataclass(frozen=True, kw_only=True)
class QueueRow(RequestRow):
    """A request in a department's queue; its age is counted from `submitted_at`, nobody has it at `None`."""

    applicant_name: str
    last_message_at: datetime | None
    assignee_id: UUID | None
    assignee_name: str


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of a queue, how many requests the whole of it holds, and from where to turn to another page.

    `by_state` counts all those of the viewer's departments in each state, live or archived as the queue is. Who
    gives `mark` back finds the pages around this one fast and without a gap, however deep they are.
    """

    rows: list[QueueRow]
    total: int
    by_state: Mapping[str, int]
    mark: Mark | None = None


SORTS = {
    "submitted_at": Order(("r.submitted_at",)),
    "reference": Order(("r.reference",)),
    "procedure": Order(("r.procedure_folded",)),
    "applicant": Order(("r.applicant_folded",)),
    "status": Order(("r.status_rank", "r.submitted_at")),
    "last_message_at": Order(
        ("coalesce(r.last_message_at, 'infinity')",), backwards=("coalesce(r.last_message_at, '-infinity')",)
    ),
}
"""The columns by which a queue can be sorted, one way or the other; no message is last both ways."""

RANKS = {state.value: rank for rank, state in enumerate(Status, start=1)}
"""The states in the order of a request's life, which is that of their sort."""
_LAST_AWAY = Order(("r.archived_at",))
_QUEUED = f"{ROW}, r.applicant_name, r.last_message_at, r.assignee_id, r.assignee_name"


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
    mark: Mark | None = None,
) -> QueuePage:
    """Return a page (from 1) of the live requests of the viewer's departments; `sort` is one of `SORTS`.

    `state` keeps those of one status, `assigned_to` those that a member of staff has taken up. `mark` is the one
    of the page that the visitor comes from, sorted and kept alike.
    """
    given = scope.parameters(viewer) | {"rank": RANKS.get(state or ""), "assigned_to": assigned_to}
    kept = [LIVE]
    kept += ["r.status_rank = %(rank)s"] if state is not None else []
    kept += ["r.assignee_id = %(assigned_to)s"] if assigned_to is not None else []
    counted = by_state(connection, viewer=viewer)
    total = counted.get(state, 0) if state is not None else sum(counted.values())
    total = _assigned(connection, kept, given) if assigned_to is not None else total
    order = SORTS.get(sort, SORTS["submitted_at"])
    walk = Walk(order=order, descending=descending, kept=" AND ".join(kept), size=size, total=total)
    return _page(connection, walk, given | {"page": page}, mark, counted)


def archive(
    connection: Connection[Any], *, viewer: Actor, page: int, size: int = 50, mark: Mark | None = None
) -> QueuePage:
    """Return a page (from 1) of the archived requests of the viewer's departments, last put away first."""
    counted = by_state(connection, viewer=viewer, archived=True)
    walk = Walk(order=_LAST_AWAY, descending=True, kept=ARCHIVED, size=size, total=sum(counted.values()))
    return _page(connection, walk, scope.parameters(viewer) | {"page": page}, mark, counted)


def by_state(connection: Connection[Any], *, viewer: Actor, archived: bool = False) -> dict[str, int]:
    """Return how many requests, live or archived, the viewer's departments have in each state that has any."""
    query = (
        "SELECT status, sum(requests)::bigint AS requests FROM request_count"
        " WHERE department_id = ANY(%(departments)s) AND archived = %(archived)s GROUP BY status"
    )
    rows = connection.execute(query, scope.parameters(viewer) | {"archived": archived})
    return {row["status"]: row["requests"] for row in rows}


def _assigned(connection: Connection[Any], kept: list[str], given: dict[str, Any]) -> int:
    which = " AND ".join(["r.department_id = ANY(%(departments)s)", *kept])
    row = connection.execute(f"{_COUNT} WHERE {which}".encode(), given).fetchone()
    return row["total"] if row else 0


_COUNT = "SELECT count(*) AS total FROM request r"


def _page(
    connection: Connection[Any], walk: Walk, given: dict[str, Any], mark: Mark | None, counted: Mapping[str, int]
) -> QueuePage:
    number = max(given["page"], 1)
    picked = walk.pick(connection, given, number, mark)
    if picked is None:
        return QueuePage(rows=[], total=walk.total, by_state=counted)
    found, parameters = picked
    query = f"{_QUEUED} FROM ({found}) p JOIN request r ON r.request_id = p.request_id ORDER BY {walk.sorted}"
    with connection.cursor(row_factory=class_row(QueueRow)) as cursor:
        rows = cursor.execute(query.encode(), given | parameters).fetchall()
    first = Mark(page=number, request_id=rows[0].request_id) if rows else None
    return QueuePage(rows=rows, total=walk.total, by_state=counted, mark=first)
