"""How often somebody may try: Flask-Limiter over `plain.rate_limit`, one table of limited pages."""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, cast

import flask
import psycopg
from flask.typing import RouteCallable
from flask_limiter import Limiter
from limits.storage import MovingWindowSupport, Storage

from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import fold_username
from espace_citoyen.web import devices

LIMITED: Mapping[str, str] = {"public.sign_in_sent": "username"}
"""Limited pages and the field of their form that names the account."""

PER_ACCOUNT_AND_ADDRESS = "5 per 15 minutes; 10 per hour; 20 per day"
PER_ACCOUNT = "30 per 15 minutes"
PER_ADDRESS = "100 per 15 minutes"
LONGEST_NAME = 200
"""No form takes a longer username; Unicode can make a character eighteen, which folding a million would cost."""

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


def install(app: flask.Flask, portal: Portal, clock: Callable[[], datetime]) -> None:
    """Put the three limits on every page of `LIMITED`; takes one attempt before the page runs."""
    limiter = Limiter(
        _address,
        app=app,
        storage_uri="espace-citoyen://",
        storage_options={"connect": portal.connection, "clock": clock},  # type: ignore[dict-item]  # typed for str alone
        strategy="moving-window",
    )
    app.extensions["attempts"] = limiter
    for endpoint, field in LIMITED.items():
        for limit, key in _limits_of(field):
            limited = limiter.limit(limit, key_func=key)(app.view_functions[endpoint])
            app.view_functions[endpoint] = cast("RouteCallable", limited)


def succeeded() -> None:
    """The attempt was a good one: it counts against nobody, and this pair starts afresh."""
    limiter: Limiter = flask.current_app.extensions["attempts"]
    storage = limiter.storage
    assert isinstance(storage, PostgresStorage)
    for limit in limiter.current_limits:
        if limit.request_args[0].startswith("pair:"):
            storage.clear(limit.key)
        else:
            storage.give_back(limit.key)


def _limits_of(field: str) -> list[tuple[str, Callable[[], str]]]:
    def pair() -> str:
        return _key("pair", devices.known(_account(field)) or f"{_address()} {_account(field)}")

    def account() -> str:
        return _key("account", devices.known(_account(field)) or _account(field))

    def address() -> str:
        return _key("address", devices.known(_account(field)) or _address())

    # Flask-Limiter tries the innermost first: a stranger's address gives out before the account does.
    return [(PER_ACCOUNT_AND_ADDRESS, pair), (PER_ACCOUNT, account), (PER_ADDRESS, address)]


def _account(field: str) -> str:
    return fold_username(flask.request.form.get(field, "").strip()[:LONGEST_NAME])


def _address() -> str:
    """The visitor's address; a whole /64 of IPv6, which is one household. What is none counts as it is written."""
    written = flask.request.remote_addr or ""
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return written
    if isinstance(address, ipaddress.IPv6Address):
        # An IPv4 visitor of a server that listens on both is no member of one household with all the others.
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _key(kind: str, value: str) -> str:
    secret = str(flask.current_app.secret_key).encode()
    return f"{kind}:{hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()}"
