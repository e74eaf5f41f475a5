"""Objects on disk, `<owner id>/<object id>` below one folder: written whole or not at all, read, deleted, swept.

Folders are 0700 and objects 0600; where the folder of all is open to its group, so is what is made in it.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_IRWXG
from uuid import UUID

from espace_citoyen.files.sealed import Place, Source, seal, unseal

UNFINISHED = ".part"
"""How the name of an object ends while it is being written."""


class TooLarge(Exception):
    """There are more bytes than may be kept."""


@dataclass(frozen=True)
class Written:
    """What was written: its length in bytes and its SHA-256 in hexadecimal, of the file, not of the object."""

    size: int
    sha256: str


def write(root: Path, place: Place, key: bytes, source: Source, *, limit: int) -> Written:
    """Keep a file of at most `limit` bytes; once this returns it is on the disk, under its name, whatever happens.

    Raise TooLarge, and keep nothing; nothing but 64 KiB of it is ever in memory.
    """
    kept = _path(root, place)
    unfinished = kept.with_name(kept.name + UNFINISHED)
    mode = _make_folder(root, kept.parent)
    counted = _Counted(source, limit)
    try:
        with open(unfinished, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as sealed:
            for piece in seal(counted, key, place):
                sealed.write(piece)
            sealed.flush()
            os.fchmod(sealed.fileno(), mode)
            os.fsync(sealed.fileno())
        unfinished.replace(kept)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(kept.parent)
    return Written(counted.size, counted.digest.hexdigest())


def read(root: Path, place: Place, key: bytes) -> Generator[bytes, None, None]:
    """Yield a file piece by piece; raise FileNotFoundError, or Damaged before any byte that is not its own."""
    with _path(root, place).open("rb") as sealed:
        yield from unseal(sealed, key, place)


def delete(root: Path, place: Place) -> None:
    """Delete one file; doing it again is no error."""
    _path(root, place).unlink(missing_ok=True)


def delete_all(root: Path, owner_id: UUID) -> None:
    """Delete every file of an owner; doing it again, or for one who has none, is no error."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(root / str(owner_id))


def owners(root: Path) -> Iterator[UUID]:
    """Yield the owners who have a folder."""
    for folder in root.iterdir() if root.is_dir() else ():
        with contextlib.suppress(ValueError):
            yield UUID(folder.name)


def sweep(root: Path, owner_id: UUID, *, keep: Collection[UUID], before: datetime) -> int:
    """Delete what an owner has from before an instant (aware) that `keep` does not name; return how many."""
    names, swept, folder = {str(each) for each in keep}, 0, root / str(owner_id)
    for path in folder.iterdir():
        if path.name not in names and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            swept += 1
    if swept and not names:
        with contextlib.suppress(OSError):  # somebody is just putting one more into it
            folder.rmdir()
    return swept


class _Counted:
    """A source that counts and digests what is read from it."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source = source
        self._limit = limit
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        read = self._source.read(size)
        self.size += len(read)
        if self.size > self._limit:
            raise TooLarge(f"more than {self._limit} bytes")
        self.digest.update(read)
        return read


def _path(root: Path, place: Place) -> Path:
    return root / str(place.owner_id) / str(place.object_id)


def _make_folder(root: Path, folder: Path) -> int:
    """Make an owner's folder if there is none, and return the mode of the objects in it."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    group = root.stat().st_mode & S_IRWXG
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        if group:
            folder.chmod(0o2700 | group)
        _sync(root)
    return 0o600 | group & 0o060


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
