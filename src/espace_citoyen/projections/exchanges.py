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
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement

# A message waits for its `reader_id`: the account for what the town writes, the department for what a citizen
# writes. The partial index holds unread messages only, so that a badge costs what it shows, whatever was read.
# An exchange's id is chosen by the browser: it is unique in its request, not beyond.
TABLES = """
CREATE TABLE exchange (
    request_id uuid NOT NULL,
    exchange_id uuid NOT NULL,
    reader_id uuid,
    side text NOT NULL,
    author text NOT NULL,
    capacity text NOT NULL,
    sent_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (request_id, exchange_id)
);
CREATE INDEX exchange_unread_idx ON exchange (reader_id, request_id) WHERE read_at IS NULL;
"""


def _sent(event: RecordedEvent) -> Iterable[Statement]:
    said = event.event
    if said is None:
        return
    yield (
        "INSERT INTO exchange (request_id, exchange_id, reader_id, side, author, capacity, sent_at)"
        " SELECT request_id, %s, CASE WHEN %s THEN account_id ELSE department_id END, %s, %s, %s, %s"
        " FROM request WHERE request_id = %s",
        (
            said.exchange_id,
            said.side == Side.TOWN.value,
            said.side,
            said.actor_name,
            said.actor_capacity,
            said.timestamp,
            event.stream_id,
        ),
    )


def _read(event: RecordedEvent) -> Iterable[Statement]:
    yield (
        "UPDATE exchange SET read_at = %s WHERE request_id = %s AND exchange_id = %s",
        (event.envelope["at"], event.stream_id, event.envelope["exchange_id"]),
    )


def _erased(event: RecordedEvent) -> Iterable[Statement]:
    yield "DELETE FROM exchange WHERE request_id = %s", (event.stream_id,)


HANDLERS = {
    ServiceRequest.ExchangeSent: _sent,
    ServiceRequest.ExchangeRead: _read,
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


def unread(connection: Connection[Any], *, viewer: Actor) -> list[UnreadExchange]:
    """Return every message that waits for the viewer (or for their departments), request by request."""
    query = (
        "SELECT r.request_id, r.reference, r.procedure_title, e.exchange_id, e.sent_at, e.author, e.capacity"
        " FROM exchange e JOIN request r ON r.request_id = e.request_id"
        " WHERE e.reader_id = ANY(%(readers)s) AND e.read_at IS NULL"
        " ORDER BY r.submitted_at DESC, r.request_id, e.sent_at, e.exchange_id"
    )
    with connection.cursor(row_factory=class_row(UnreadExchange)) as cursor:
        return cursor.execute(query, scope.parameters(viewer)).fetchall()


def unread_count(connection: Connection[Any], *, viewer: Actor) -> int:
    """Return how many messages wait for the viewer: the number on the badge."""
    query = "SELECT count(*) AS unread FROM exchange WHERE reader_id = ANY(%(readers)s) AND read_at IS NULL"
    row = connection.execute(query, scope.parameters(viewer)).fetchone()
    return row["unread"] if row else 0
