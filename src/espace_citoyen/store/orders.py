"""Orders to erase: written by the web, which may delete no key, carried out by the worker, which alone may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, kw_only=True)
class Order:
    """A row of `plain.erasure_order`; nothing personal but who gave it. `refusal` says why it came to nothing."""

    order_id: UUID
    stream_id: UUID
    kind: str
    reason: str
    visa: str
    by_id: UUID
    by_name: str
    by_capacity: str
    ordered_at: datetime
    settled_at: datetime | None = None
    refusal: str = ""


def give(connection: Connection[Any], order: Order) -> None:
    """Write an order down; the same again, or another one for a stream that one waits for, is no news."""
    connection.execute(
        "INSERT INTO plain.erasure_order"
        " (order_id, stream_id, kind, reason, visa, by_id, by_name, by_capacity, ordered_at)"
        " VALUES (%(order_id)s, %(stream_id)s, %(kind)s, %(reason)s, %(visa)s, %(by_id)s, %(by_name)s,"
        " %(by_capacity)s, %(ordered_at)s) ON CONFLICT DO NOTHING",
        vars(order),
    )


def take(connection: Connection[Any]) -> Order | None:
    """Lock the order that has waited longest, for the caller's transaction; skip those being carried out."""
    query = (
        "SELECT * FROM plain.erasure_order WHERE settled_at IS NULL"
        " ORDER BY ordered_at, order_id LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    with connection.cursor(row_factory=class_row(Order)) as cursor:
        return cursor.execute(query).fetchone()


def settle(connection: Connection[Any], order: Order, *, at: datetime, refusal: str = "") -> None:
    """Say that an order was carried out, or why it could not be."""
    connection.execute(
        "UPDATE plain.erasure_order SET settled_at = %s, refusal = %s WHERE order_id = %s",
        (at, refusal, order.order_id),
    )


def given(connection: Connection[Any]) -> Sequence[Order]:
    """Return every order, the last one first."""
    query = "SELECT * FROM plain.erasure_order ORDER BY ordered_at DESC, order_id"
    with connection.cursor(row_factory=class_row(Order)) as cursor:
        return cursor.execute(query).fetchall()
