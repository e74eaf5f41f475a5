"""How an object is sealed: chunks of AES-256-GCM, each bound to owner, object, rank and whether it is the last.

An object is `MARK`, then for each 64 KiB of the file a nonce, the sealed bytes and their tag; an empty file has
one empty chunk. Cut short, put in another order, continued, or moved to another name or owner, none opens.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES = 64 * 1024
MARK = b"ECF1"
"""What every object of this format begins with."""
NONCE_BYTES, TAG_BYTES = 12, 16
SEALED_BYTES = NONCE_BYTES + CHUNK_BYTES + TAG_BYTES


class Damaged(Exception):
    """The bytes kept are not, or no longer, those of this object under this key."""


class Source(Protocol):
    """Where bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


@dataclass(frozen=True)
class Place:
    """Where an object belongs: to which owner, under which name."""

    owner_id: UUID
    object_id: UUID

    def bound(self, index: int, *, last: bool) -> bytes:
        """Return what a chunk is bound to; no event of the log is sealed under words that begin so."""
        where = self.owner_id.bytes + self.object_id.bytes
        return b"file " + MARK + where + index.to_bytes(8, "big") + bytes([last])


def seal(source: Source, key: bytes, place: Place) -> Iterator[bytes]:
    """Yield the object that keeps what `source` gives, piece by piece."""
    cipher = AESGCM(key)
    yield MARK
    for index, chunk, last in _chunks(source, CHUNK_BYTES):
        nonce = os.urandom(NONCE_BYTES)
        yield nonce + cipher.encrypt(nonce, chunk, place.bound(index, last=last))


def unseal(source: Source, key: bytes, place: Place) -> Iterator[bytes]:
    """Yield the file that an object keeps, piece by piece, each one verified; raise Damaged."""
    cipher = AESGCM(key)
    if _whole(source, len(MARK)) != MARK:
        raise Damaged(str(place.object_id))
    for index, chunk, last in _chunks(source, SEALED_BYTES):
        nonce, sealed = chunk[:NONCE_BYTES], chunk[NONCE_BYTES:]
        if len(sealed) < TAG_BYTES:
            raise Damaged(str(place.object_id))
        try:
            yield cipher.decrypt(nonce, sealed, place.bound(index, last=last))
        except InvalidTag:
            raise Damaged(str(place.object_id)) from None


def _chunks(source: Source, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield rank, bytes and whether it is the last, at least once; all but the last have `size` bytes."""
    index, chunk = 0, _whole(source, size)
    while following := _whole(source, size) if len(chunk) == size else b"":
        yield index, chunk, False
        index, chunk = index + 1, following
    yield index, chunk, True


def _whole(source: Source, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end."""
    read = bytearray()
    while len(read) < size and (more := source.read(size - len(read))):
        read += more
    return bytes(read)
