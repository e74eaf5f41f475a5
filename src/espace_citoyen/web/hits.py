"""Where attempts are kept: the hits of each limit in one row of `plain.rate_limit`, shared by every process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from limits.storage import MovingWindowSupport, Storage

SWEEP = (
    "DELETE FROM plain.rate_limit WHERE key IN"
    " (SELECT key FROM plain.rate_limit WHERE expires_at < %s LIMIT 20 FOR UPDATE SKIP LOCKED)"
)

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


class PostgresStorage(Storage, MovingWindowSupport):
    """The hits of each key in one row; taking one is a single statement, so processes cannot race."""

    STORAGE_SCHEME = ["espace-citoyen"]  # noqa: RUF012 - the library's own declaration

    def __init__(
        self, uri: str | None = None, *, connect: Connect, clock: Callable[[], datetime], **_: Any
    ) -> None:
        super().__init__(uri)
        self.connect = connect
        self.clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage may raise."""
        return psycopg.Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Record a hit unless `limit` of them fall within the last `expiry` seconds."""
        now = self.clock()
        with self.connect() as connection:
            connection.execute(SWEEP, (now,))
            taken = connection.execute(
                """
                INSERT INTO plain.rate_limit AS mine (key, hits, expires_at)
                VALUES (%(key)s, array_fill(%(now)s::timestamptz, ARRAY[%(amount)s]), %(until)s)
                ON CONFLICT (key) DO UPDATE
                SET hits = array(SELECT hit FROM unnest(mine.hits) hit WHERE hit > %(since)s) || excluded.hits,
                    expires_at = excluded.expires_at
                WHERE (SELECT count(*) FROM unnest(mine.hits) hit WHERE hit > %(since)s) + %(amount)s <= %(limit)s
                RETURNING 1
                """,
                {"key": key, "now": now, "amount": amount, "limit": limit}
                | {"since": now - timedelta(seconds=expiry), "until": now + timedelta(seconds=expiry)},
            ).fetchone()
        return taken is not None

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return the oldest hit of the last `expiry` seconds (now, if none) and their number."""
        del limit
        now = self.clock()
        with self.connect() as connection:
            row = connection.execute(
                "SELECT min(hit) AS oldest, count(hit) AS number FROM plain.rate_limit, unnest(hits) hit"
                " WHERE key = %s AND hit > %s",
                (key, now - timedelta(seconds=expiry)),
            ).fetchone()
        if row is None or row["oldest"] is None:
            return now.timestamp(), 0
        return row["oldest"].timestamp(), row["number"]

    def give_back(self, key: str) -> None:
        """Forget the latest hit of a key: the attempt was a good one."""
        with self.connect() as connection:
            connection.execute(
                "UPDATE plain.rate_limit SET hits = trim_array(hits, 1) WHERE key = %s AND hits <> '{}'", (key,)
            )

    def clear(self, key: str) -> None:
        """Forget every hit of a key."""
        with self.connect() as connection:
            connection.execute("DELETE FROM plain.rate_limit WHERE key = %s", (key,))

    def reset(self) -> int | None:
        """Forget every hit of every key."""
        with self.connect() as connection:
            return connection.execute("DELETE FROM plain.rate_limit").rowcount

    def check(self) -> bool:
        """Whether the storage answers."""
        with self.connect() as connection:
            return connection.execute("SELECT 1").fetchone() is not None

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not offered."""
        raise NotImplementedError

    get = get_expiry = incr  # type: ignore[assignment]  # never called by our strategy
