"""Requests as citizens list them and as departments queue them; no answer and no message is copied here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.projections import scope
from espace_citoyen.projections.changes import Change
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.log import RecordedEvent

# The title (of a version, which never changes) and the department's name are copied onto the row: the home page
# then reads nothing but its own few rows.
TABLES = """
CREATE TABLE request (
    request_id uuid PRIMARY KEY,
    reference text NOT NULL,
    account_id uuid,
    department_id uuid NOT NULL,
    department_name text NOT NULL,
    procedure_id uuid NOT NULL,
    procedure_title text NOT NULL,
    procedure_folded text NOT NULL,
    applicant_name text NOT NULL,
    applicant_folded text NOT NULL,
    status text NOT NULL,
    submitted_at timestamptz NOT NULL,
    archived_at timestamptz,
    last_message_at timestamptz,
    has_exchanges boolean NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX request_reference_idx ON request (reference);
CREATE INDEX request_account_idx ON request (account_id, submitted_at DESC, request_id);
CREATE INDEX request_queue_idx ON request (department_id, submitted_at, request_id) WHERE archived_at IS NULL;
"""


_INSERT = """
INSERT INTO request (request_id, reference, account_id, department_id, department_name, procedure_id,
    procedure_title, procedure_folded, applicant_name, applicant_folded, status, submitted_at, has_exchanges)
SELECT f.id, f.reference, f.account, f.department, coalesce(d.name, ''), f.procedure,
    coalesce(v.title, ''), coalesce(v.title_folded, ''), f.name, f.folded, f.status, f.at, f.exchanges
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::integer[],
            %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::boolean[])
    AS f (id, reference, account, department, procedure, version, name, folded, status, at, exchanges)
LEFT JOIN department d ON d.department_id = f.department
LEFT JOIN procedure_version v ON v.procedure_id = f.procedure AND v.number = f.version
"""
_MESSAGE = """
UPDATE request SET last_message_at = f.at FROM unnest(%s::uuid[], %s::timestamptz[]) AS f (id, at)
WHERE request_id = f.id
"""
_ERASE = "DELETE FROM request WHERE request_id = ANY(%s::uuid[])"


def _submitted(event: RecordedEvent) -> Iterable[Change]:
    said = event.event
    if said is None:
        return
    first, last = said.applicant["first_name"], said.applicant["last_name"]
    yield Change(
        _INSERT,
        (
            event.stream_id,
            said.reference,
            said.citizen_id,
            said.department_id,
            said.procedure_id,
            said.procedure_version,
            f"{first} {last}",
            fold(f"{last} {first}"),
            said.status,
            said.timestamp,
            said.exchanges,
        ),
    )


def _message(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_MESSAGE, (event.stream_id, said.timestamp))


def _erased(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_ERASE, (event.stream_id,))


HANDLERS = {
    ServiceRequest.Submitted: _submitted,
    ServiceRequest.ExchangeSent: _message,
    ServiceRequest.Erased: _erased,
}


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request in a list; `unread` counts the messages that wait for the one who looks."""

    request_id: UUID
    reference: str
    procedure_title: str
    department_name: str
    status: str
    submitted_at: datetime
    archived_at: datetime | None
    has_exchanges: bool
    unread: int


@dataclass(frozen=True, kw_only=True)
class QueueRow(RequestRow):
    """A request in a department's queue; its age is counted from `submitted_at`."""

    applicant_name: str
    last_message_at: datetime | None


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

_ROW = """
SELECT r.request_id, r.reference, r.procedure_title, r.department_name, r.status, r.submitted_at, r.archived_at,
       r.has_exchanges, (SELECT count(*) FROM exchange e WHERE e.request_id = r.request_id
                         AND e.reader_id = ANY(%(readers)s) AND e.read_at IS NULL) AS unread"""


def latest(connection: Connection[Any], *, viewer: Actor, limit: int = 4) -> list[RequestRow]:
    """Return the viewer's own last requests by filing date, archived ones aside (S25)."""
    query = (
        f"{_ROW} FROM request r WHERE r.account_id = %(account)s AND r.archived_at IS NULL"
        " ORDER BY r.submitted_at DESC, r.request_id LIMIT %(limit)s"
    )
    with connection.cursor(row_factory=class_row(RequestRow)) as cursor:
        return cursor.execute(query, scope.parameters(viewer) | {"limit": limit}).fetchall()


def mine(connection: Connection[Any], *, viewer: Actor, archived: bool = False) -> list[RequestRow]:
    """Return all of the viewer's own requests, either the archived ones or the others, latest first (S26)."""
    query = (
        f"{_ROW} FROM request r WHERE r.account_id = %(account)s AND (r.archived_at IS NOT NULL) = %(archived)s"
        " ORDER BY r.submitted_at DESC, r.request_id"
    )
    with connection.cursor(row_factory=class_row(RequestRow)) as cursor:
        return cursor.execute(query, scope.parameters(viewer) | {"archived": archived}).fetchall()


def find(connection: Connection[Any], reference: str, *, viewer: Actor) -> RequestRow | None:
    """Return the request of that reference, or None when there is none or it is none of the viewer's."""
    query = f"{_ROW} FROM request r WHERE r.reference = %(reference)s AND {scope.VISIBLE}"
    with connection.cursor(row_factory=class_row(RequestRow)) as cursor:
        return cursor.execute(query, scope.parameters(viewer) | {"reference": reference}).fetchone()


def queue(
    connection: Connection[Any], *, viewer: Actor, sort: str, descending: bool, page: int, size: int = 50
) -> QueuePage:
    """Return a page (from 1) of the live requests of the viewer's departments; `sort` is one of `SORTS`."""
    given = scope.parameters(viewer) | {"size": size, "offset": size * (max(page, 1) - 1)}
    one = len(given["departments"]) == 1  # then the index gives the rows in their order
    which = "r.department_id = (%(departments)s)[1]" if one else "r.department_id = ANY(%(departments)s)"
    where = f" FROM request r WHERE {which} AND r.archived_at IS NULL"
    way = "DESC" if descending else "ASC"
    order = f" ORDER BY {SORTS.get(sort, SORTS['submitted_at']).format(way)}, r.request_id {way}"
    query = f"{_ROW}, r.applicant_name, r.last_message_at{where}{order} LIMIT %(size)s OFFSET %(offset)s"
    with connection.cursor(row_factory=class_row(QueueRow)) as cursor:
        rows = cursor.execute(query.encode(), given).fetchall()
    counted = connection.execute(f"SELECT count(*) AS total{where}".encode(), given).fetchone()
    return QueuePage(rows=rows, total=counted["total"] if counted else 0)
