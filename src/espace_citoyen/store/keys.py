"""Keys: one per owner of personal data, wrapped by the master key; erasing somebody is deleting theirs."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.rows import dict_row

from espace_citoyen.aggregates.refusals import Erased

KEY_BYTES = 32
_NONCE_BYTES = 12

Connect = Callable[[], AbstractContextManager[Connection[Any]]]


class WrongMasterKey(Exception):
    """The master key given is not the one that wrapped what the database holds."""


def encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Seal bytes with AES-256-GCM under a fresh nonce, bound to where they belong."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Open bytes sealed by `encrypt`; raise InvalidTag when the key, the bytes or their place are not theirs."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)


class _ServerKey(NamedTuple):
    """The server key as it is kept, which changes with the master key, and as it is used, which never does."""

    wrapped: bytes
    key: bytes


class KeyRing:
    """The data keys of owners, in `log.stream_key`, and the server key, in `log.server_key`.

    Nothing is cached but the server key: a key is selected for each load and lives as long as what was loaded.
    """

    def __init__(self, connect: Connect, master_key: bytes) -> None:
        self._connect = connect
        self._master_key = master_key
        self._server: _ServerKey | None = None

    def create(self, owner_id: UUID) -> bytes:
        """Commit a key for an owner about to be born, or return the one it has; raise Erased when it had one.

        Raise WrongMasterKey, and keep nothing, when the master key was changed since this process started: a
        key wrapped by the former one would be lost at the next start.
        """
        wrapped = encrypt(self._master_key, os.urandom(KEY_BYTES), owner_id.bytes)
        under = self._opened().wrapped
        with self._connect() as connection:
            connection.execute(
                "INSERT INTO log.stream_key (owner_id, wrapped) SELECT %(id)s, %(wrapped)s FROM log.server_key"
                " WHERE server_key.wrapped = %(under)s AND NOT EXISTS"
                " (SELECT FROM log.portal_events WHERE originator_id = %(id)s)"
                " ON CONFLICT (owner_id) DO UPDATE SET born_at = now()",  # the sweep of unused keys spares it
                {"id": owner_id, "wrapped": wrapped, "under": under},
                prepare=True,
            )
            keys = self.open_on(connection, [owner_id])
            if owner_id not in keys and _server_key_as_kept(connection) != under:
                raise WrongMasterKey("the master key was changed: start again with the new one")
        if owner_id not in keys:
            raise Erased(f"The key of {owner_id} is gone")
        return keys[owner_id]

    def open(self, owner_ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Select and unwrap the keys there are, in one statement; the erased and the keyless are absent."""
        with self._connect() as connection:
            return self.open_on(connection, owner_ids)

    def open_on(self, connection: Connection[Any], owner_ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Do as `open`, on a connection that is already at hand."""
        query = "SELECT owner_id, wrapped FROM log.stream_key WHERE owner_id = ANY(%s)"
        rows = connection.execute(query, (list(owner_ids),), prepare=True).fetchall()
        return {row["owner_id"]: self.unwrap(row["owner_id"], row["wrapped"]) for row in rows}

    def unwrap(self, owner_id: UUID, wrapped: bytes) -> bytes:
        """Open an owner's key as it is kept; raise WrongMasterKey."""
        return self._unwrap(wrapped, owner_id.bytes)

    @property
    def server_key(self) -> bytes:
        """The random key of HMACs: it survives a rotation of the master key."""
        return self._opened().key

    def _opened(self) -> _ServerKey:
        if self._server is None:
            with self._connect() as connection:
                wrapped = _server_key_as_kept(connection)
            self._server = _ServerKey(wrapped, self._unwrap(wrapped, b"server"))
        return self._server

    def hmac(self, purpose: str, text: str) -> bytes:
        """Return the HMAC-SHA-256 of a text for a purpose, under the server key."""
        return hmac.new(self.server_key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()

    def claim_id(self, purpose: str, text: str) -> UUID:
        """Compute the id of the claim on a thing that only one may hold."""
        return UUID(bytes=self.hmac(purpose, text)[:16], version=5)

    def _unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        try:
            return decrypt(self._master_key, wrapped, bound_to)
        except InvalidTag:
            raise WrongMasterKey("the master key does not open this database's keys") from None


def _server_key_as_kept(connection: Connection[Any]) -> bytes:
    row = connection.execute("SELECT wrapped FROM log.server_key", prepare=True).fetchone()
    if row is None:
        raise WrongMasterKey("the database holds no server key: migrate it first")
    wrapped: bytes = row["wrapped"]
    return wrapped


def refuse_wrong_key(database_url: str, master_key: bytes) -> None:
    """Raise WrongMasterKey before anything is served; a database that does not answer yet says nothing."""
    with suppress(psycopg.OperationalError):
        ring = KeyRing(lambda: psycopg.connect(database_url, row_factory=dict_row, connect_timeout=2), master_key)
        ring.hmac("start", "")


def make_server_key(connection: Connection[Any], master_key: bytes) -> None:
    """Draw the server key of a new database; refuse a database whose server key this master key cannot open."""
    row = connection.execute("SELECT wrapped FROM log.server_key").fetchone()
    if row is None:
        wrapped = encrypt(master_key, os.urandom(KEY_BYTES), b"server")
        connection.execute("INSERT INTO log.server_key (wrapped) VALUES (%s)", (wrapped,))
        return
    try:
        decrypt(master_key, row["wrapped"], b"server")
    except InvalidTag:
        raise WrongMasterKey("the master key does not open this database's keys") from None


def rotate(connection: Connection[Any], old: bytes, new: bytes) -> int:
    """Wrap every key again under a new master key, in the caller's transaction; return how many.

    Events are untouched: their data keys do not change. Raise WrongMasterKey when `old` is not the present one.
    """
    make_server_key(connection, old)
    connection.execute("LOCK TABLE log.stream_key IN SHARE ROW EXCLUSIVE MODE")
    connection.execute("LOCK TABLE log.server_key IN SHARE ROW EXCLUSIVE MODE")
    again = encrypt(new, decrypt(old, _server_key_as_kept(connection), b"server"), b"server")
    connection.execute("UPDATE log.server_key SET wrapped = %s, changed_at = now()", (again,))
    rows = connection.execute("SELECT owner_id, wrapped FROM log.stream_key").fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE log.stream_key SET wrapped = %s WHERE owner_id = %s",
            [(_rewrapped(row, old, new), row["owner_id"]) for row in rows],
        )
    return len(rows) + 1


def _rewrapped(row: Mapping[str, Any], old: bytes, new: bytes) -> bytes:
    bound_to = row["owner_id"].bytes
    return encrypt(new, decrypt(old, row["wrapped"], bound_to), bound_to)
