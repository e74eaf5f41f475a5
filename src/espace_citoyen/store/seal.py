"""The seal: a hash of every event as it is stored, chained per stream, beside the log that is checked against it.

It is over the ciphertext and what stands beside it, so that it survives an erasure, and is written behind the
appends, which it never holds up. It holds no secret: who can rewrite the whole database can rewrite it too, and
only a fingerprint noted elsewhere tells (see `Verification.fingerprint`).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

SEAL_LOCK = 0x45_43_53_45_41_4C  # "ECSEAL"
BATCH = 1_000

START = bytes(32)
"""What the first seal of a stream is chained to."""

EVENT = (
    "SELECT notification_id, originator_id, originator_version,"
    """ to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), topic, state"""
    " FROM log.portal_events"
)
"""Every event as it is hashed (see `Stored`)."""

_UNSEALED = " ".join(
    (
        EVENT,
        "WHERE notification_id > (SELECT coalesce(max(position), 0) FROM log.seal)",
        "ORDER BY notification_id LIMIT %s",
    )
)
_LAST_CHAINED = (
    "SELECT each.id, (SELECT chained FROM log.seal WHERE stream = each.id ORDER BY version DESC LIMIT 1)"
    " FROM unnest(%s::uuid[]) AS each(id)"
)

Stored = tuple[int, UUID, int, str, str | None, bytes | None]
"""Position, stream, version, time of recording (UTC, microseconds), topic and bytes of an event."""


def hash_of(event: Stored) -> bytes:
    """Return the SHA-256 of an event: `1`, its five marks and its bytes, each mark ended by a line feed."""
    *marks, state = event
    return hashlib.sha256("1\n{}\n{}\n{}\n{}\n{}\n".format(*marks).encode() + (state or b"")).digest()


def chain(before: bytes, digest: bytes) -> bytes:
    """Return what an event of this hash brings to the chain of its stream."""
    return hashlib.sha256(before + digest).digest()


def extend(connection: Connection[Any], limit: int = BATCH) -> int:
    """Seal at most `limit` events after the last sealed position, in a transaction; return how many."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (SEAL_LOCK,))
        events: list[Stored] = cursor.execute(_UNSEALED, (limit,), binary=True).fetchall()
        if not events:
            return 0
        streams = list({stream for _, stream, *_ in events})
        chained: dict[UUID, bytes | None] = dict(cursor.execute(_LAST_CHAINED, (streams,), binary=True).fetchall())
        with cursor.copy(
            "COPY log.seal (position, stream, version, hash, chained) FROM STDIN (FORMAT BINARY)"
        ) as copy:
            copy.set_types(["int8", "uuid", "int8", "bytea", "bytea"])
            for event in events:
                position, stream, version, *_ = event
                digest = hash_of(event)
                chained[stream] = latest = chain(chained[stream] or START, digest)
                copy.write_row((position, stream, version, digest, latest))
    return len(events)


class Flaw(StrEnum):
    """What a check can find wrong."""

    ALTERED = "altered"
    """The event is not the one that was sealed."""
    MISSING = "missing"
    """A sealed event is no longer there."""
    SLIPPED_IN = "slipped_in"
    """An event is there without a seal, though later ones are sealed."""
    FOREIGN_SEAL = "foreign_seal"
    """A seal does not follow from the one before it in its stream."""


@dataclass(frozen=True)
class Finding:
    """One thing found wrong, and where."""

    flaw: Flaw
    position: int
    stream: UUID
    version: int


@dataclass(frozen=True)
class _Seal:
    position: int
    stream: UUID
    version: int
    digest: bytes
    chained: bytes


class Verification:
    """One pass over the whole log, or over what is sealed up to a position, in constant memory.

    Iterate to get the findings; the counts and the fingerprint are whole once the iteration has ended. It reads
    one snapshot: what is appended meanwhile is left for the next time.
    """

    def __init__(self, connection: Connection[Any], *, upto: int | None = None) -> None:
        self._connection = connection
        self._upto = upto
        self._print = hashlib.sha256()
        self.head = 0
        """The last sealed position."""
        self.sealed = 0
        """How many seals were checked."""
        self.unsealed = 0
        """How many events at the end of the log wait for theirs."""

    @property
    def fingerprint(self) -> str:
        """The hash of every chained hash, by stream and version: noted outside, it tells a rewritten log."""
        return self._print.hexdigest()

    def __iter__(self) -> Iterator[Finding]:
        """Yield what is wrong, by stream and version."""
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self.head = self._head()
            before: _Seal | None = None
            for event, seal in self._pairs():
                if seal is None:
                    yield from self._without_seal(event)
                    continue
                yield from self._compare(event, seal, before)
                before = seal

    def _head(self) -> int:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute("SELECT coalesce(max(position), 0) FROM log.seal").fetchone()
        assert row is not None
        last: int = row[0]
        return last if self._upto is None else min(last, self._upto)

    def _pairs(self) -> Iterator[tuple[Stored | None, _Seal | None]]:
        """Walk events and seals side by side, both by stream and version."""
        events, seals = self._events(), self._seals()
        event, seal = next(events, None), next(seals, None)
        while event or seal:
            here = (event[1], event[2]) if event else None
            sealed = (seal.stream, seal.version) if seal else None
            if sealed is None or (here is not None and here < sealed):
                yield event, None
                event = next(events, None)
            elif here is None or sealed < here:
                yield None, seal
                seal = next(seals, None)
            else:
                yield event, seal
                event, seal = next(events, None), next(seals, None)

    def _events(self) -> Iterator[Stored]:
        query = f"{EVENT} WHERE %(upto)s::bigint IS NULL OR notification_id <= %(upto)s"
        return self._rows(f"{query} ORDER BY originator_id, originator_version")

    def _seals(self) -> Iterator[_Seal]:
        query = (
            "SELECT position, stream, version, hash, chained FROM log.seal"
            " WHERE %(upto)s::bigint IS NULL OR position <= %(upto)s ORDER BY stream, version"
        )
        return (_Seal(*row) for row in self._rows(query))

    def _rows(self, query: str) -> Iterator[Any]:
        name = f"verify_{hashlib.sha256(query.encode()).hexdigest()[:8]}"
        with self._connection.cursor(name, row_factory=tuple_row) as cursor:
            cursor.itersize = BATCH
            cursor.execute(query.encode(), {"upto": self._upto}, binary=True)
            yield from cursor

    def _without_seal(self, event: Stored | None) -> Iterator[Finding]:
        assert event is not None
        if event[0] > self.head:
            self.unsealed += 1
        else:
            yield Finding(Flaw.SLIPPED_IN, *event[:3])

    def _compare(self, event: Stored | None, seal: _Seal, before: _Seal | None) -> Iterator[Finding]:
        self.sealed += 1
        self._print.update(seal.chained)
        place = (seal.position, seal.stream, seal.version)
        earlier = before.chained if before and before.stream == seal.stream else START
        if chain(earlier, seal.digest) != seal.chained:
            yield Finding(Flaw.FOREIGN_SEAL, *place)
        if event is None:
            yield Finding(Flaw.MISSING, *place)
        elif hash_of(event) != seal.digest:
            yield Finding(Flaw.ALTERED, *place)


def verify(connection: Connection[Any], *, upto: int | None = None) -> Verification:
    """Prepare a check of the whole log, or of what is sealed up to a position."""
    return Verification(connection, upto=upto)
