"""The seal of one stream: how far it goes, whether it holds now, and the fingerprint that says all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from espace_citoyen.store.seal import EVENT, START, Finding, Flaw, Stored, chain, hash_of

_EVENTS = f"{EVENT} WHERE originator_id = %s ORDER BY originator_version"
_SEALS = "SELECT version, position, hash, chained FROM log.seal WHERE stream = %s ORDER BY version"
_HEAD = "SELECT coalesce(max(position), 0) FROM log.seal"

_Seal = tuple[int, bytes, bytes]
"""Position, hash of the event and chained hash, by version."""


@dataclass(frozen=True, kw_only=True)
class StreamSeal:
    """What the seal says of a stream just now.

    `upto` is the last sealed version, 0 when there is none; `waiting` how many events after it have no seal yet;
    `fingerprint` the last chained hash in hexadecimal, empty when nothing is sealed. Noted elsewhere, it tells a
    stream that was rewritten with its seals.
    """

    upto: int
    waiting: int
    fingerprint: str
    findings: Sequence[Finding]


def seal_of(connection: Connection[Any], stream: UUID) -> StreamSeal:
    """Hash every event of a stream again, as stored, and compare with its seals; reads that stream alone.

    Works on an erased stream: the seal is over the ciphertext.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        events: list[Stored] = cursor.execute(_EVENTS.encode(), (stream,), binary=True).fetchall()
        seals: dict[int, _Seal] = {
            version: (position, digest, chained)
            for version, position, digest, chained in cursor.execute(_SEALS, (stream,), binary=True)
        }
        row = cursor.execute(_HEAD).fetchone()
    assert row is not None
    upto = max(seals, default=0)
    return StreamSeal(
        upto=upto,
        waiting=sum(event[0] > row[0] for event in events),
        fingerprint=seals[upto][2].hex() if seals else "",
        findings=list(_findings(stream, events, seals, row[0])),
    )


def _findings(stream: UUID, events: Sequence[Stored], seals: Mapping[int, _Seal], head: int) -> Iterator[Finding]:
    stored = {event[2]: event for event in events}
    before = START
    for version, (position, digest, chained) in seals.items():
        if chain(before, digest) != chained:
            yield Finding(Flaw.FOREIGN_SEAL, position, stream, version)
        before = chained
        if version not in stored:
            yield Finding(Flaw.MISSING, position, stream, version)
        elif hash_of(stored[version]) != digest:
            yield Finding(Flaw.ALTERED, position, stream, version)
    for version, event in stored.items():
        if version not in seals and event[0] <= head:
            yield Finding(Flaw.SLIPPED_IN, event[0], stream, version)
