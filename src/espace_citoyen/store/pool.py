"""Connections that notice a lost server at once, and its return as soon as anybody asks."""

import select
from functools import partial
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

POOL_TIMEOUT = 0.7
"""Longest wait for a connection, in seconds: a lost database is to be a 503 within a second."""

PATIENCE = 0.3
"""How long the pool tries again by itself, in seconds; later the next one who asks makes it try."""


def be_quick_to_tell_a_lost_server(pool: ConnectionPool[Any]) -> None:
    """Give the pool short waits, and a check that costs nothing while the server lives.

    Left to itself the pool doubles its pauses: after 20 seconds without a server it would look 16 seconds later.
    """
    pool.timeout = POOL_TIMEOUT
    pool.reconnect_timeout = PATIENCE
    pool._check = partial(_check, pool)  # the library offers only the costlier check


def _check(pool: ConnectionPool[Any], connection: Connection[Any]) -> None:
    """Refuse a connection whose server has gone, without a round trip when nothing has happened to it.

    A server that dies closes its sockets, which makes them readable; only then is the server asked. When one
    connection is lost they all are: they are replaced together, or one request would pay for each in turn.
    """
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    if readable:
        try:
            ConnectionPool.check_connection(connection)
        except Exception:
            pool.drain()
            raise
