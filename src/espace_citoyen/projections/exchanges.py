"""Messages that wait to be read, on either side of the counter: the badge and its list (S34). No text is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.projections import scope
from espace_citoyen.projections.changes import Change
from espace_citoyen.store.log import RecordedEvent

# A message waits for its `reader_id`: for what the town writes, the account, or the request itself while it has
# none; for what a citizen writes, the department. The partial index holds unread messages only, so that a badge
# costs what it shows, whatever was read. An exchange's id is chosen by the browser: it is unique in its request,
# not beyond.
TABLES = """
CREATE TABLE exchange (
    request_id uuid NOT NULL,
    exchange_id uuid NOT NULL,
    reader_id uuid NOT NULL,
    side text NOT NULL,
    author text NOT NULL,
    capacity text NOT NULL,
    sent_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (request_id, exchange_id)
);
CREATE INDEX exchange_unread_idx ON exchange (reader_id, request_id) WHERE read_at IS NULL;
"""


_INSERT = """
INSERT INTO exchange (request_id, exchange_id, reader_id, side, author, capacity, sent_at)
SELECT r.request_id, f.exchange,
    CASE WHEN f.side = 'town' THEN coalesce(r.account_id, r.request_id) ELSE r.department_id END,
    f.side, f.author, f.capacity, f.at
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
    AS f (request, exchange, side, author, capacity, at)
JOIN request r ON r.request_id = f.request
"""
_READ = """
UPDATE exchange SET read_at = f.at
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) AS f (request, exchange, at)
WHERE request_id = f.request AND exchange_id = f.exchange
"""
_HAND_OVER = """
UPDATE exchange e SET reader_id = f.reader
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS f (request, reader, side)
WHERE e.request_id = f.request AND e.side = f.side AND e.read_at IS NULL
"""
_ERASE = "DELETE FROM exchange WHERE request_id = ANY(%s::uuid[])"


def _sent(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(
            _INSERT,
            (
                event.stream_id,
                said.exchange_id,
                said.side,
                said.actor_name,
                said.actor_capacity,
                said.timestamp,
            ),
        )


def _read(event: RecordedEvent) -> Iterable[Change]:
    said = event.envelope
    yield Change(_READ, (event.stream_id, said["exchange_id"], said["at"]))


def _linked(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_HAND_OVER, (event.stream_id, said.citizen_id, Side.TOWN.value))


def _passed_on(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_HAND_OVER, (event.stream_id, event.envelope["department_id"], Side.CITIZEN.value))


def _erased(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_ERASE, (event.stream_id,))


HANDLERS = {
    ServiceRequest.ExchangeSent: _sent,
    ServiceRequest.ExchangeRead: _read,
    ServiceRequest.LinkedToAccount: _linked,
    ServiceRequest.PassedOn: _passed_on,
    ServiceRequest.Erased: _erased,
}


@dataclass(frozen=True, kw_only=True)
class UnreadExchange:
    """A message that waits, under its request; `author` and `capacity` as on correspondence."""

    request_id: UUID
    reference: str
    procedure_title: str
    exchange_id: UUID
    sent_at: datetime
    author: str
    capacity: str


UNREAD = "e.reader_id = ANY(%(readers)s) AND e.read_at IS NULL"
"""For a query on `exchange e`: the messages that wait for the viewer."""

_ROW = """
SELECT r.request_id, r.reference, r.procedure_title, e.exchange_id, e.sent_at, e.author, e.capacity
FROM exchange e JOIN request r ON r.request_id = e.request_id
"""
_COUNT = "SELECT count(*) AS unread FROM exchange e"


def unread(connection: Connection[Any], *, viewer: Actor) -> list[UnreadExchange]:
    """Return every message that waits for the viewer (or for their departments), request by request."""
    query = f"{_ROW} WHERE {UNREAD} ORDER BY r.submitted_at DESC, r.request_id, e.sent_at, e.exchange_id"
    with connection.cursor(row_factory=class_row(UnreadExchange)) as cursor:
        return cursor.execute(query.encode(), scope.parameters(viewer)).fetchall()


def unread_count(connection: Connection[Any], *, viewer: Actor) -> int:
    """Return how many messages wait for the viewer: the number on the badge."""
    row = connection.execute(f"{_COUNT} WHERE {UNREAD}".encode(), scope.parameters(viewer)).fetchone()
    return row["unread"] if row else 0
