"""Forgetting somebody: their key goes with the event that says so; a register outside the database remembers."""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID

from espace_citoyen.store.recorder import Statement


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """One line of the register: which stream, when, why by code, under which visa, by whom. Nothing personal."""

    stream_id: UUID
    kind: str
    at: datetime
    reason: str
    visa: str
    by: str


def key_deletion(owner_id: UUID) -> Statement:
    """Return the statement that makes a stream unreadable, to be run alongside its last event."""
    return "DELETE FROM log.stream_key WHERE owner_id = %s", (owner_id,)


class Register:
    """The erasures decided so far, a line of JSON each, in a file that outlives the database.

    An erasure is registered before it is recorded: after a crash or a restore, replaying the register ends it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def below(cls, data_dir: Path) -> Self:
        """Return the register of an installation, which keeps it in the folder of its data."""
        return cls(data_dir / "erasures.jsonl")

    def add(self, erasure: Erasure) -> None:
        """Append a line and put it on disk before returning; one that a crash cut short makes way for it."""
        said = asdict(erasure) | {"stream_id": str(erasure.stream_id), "at": erasure.at.isoformat()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def __iter__(self) -> Iterator[Erasure]:
        """Read the lines in the order they were added; a last one cut short by a crash is left out."""
        if not self._path.exists():
            return
        for line in self._path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                said = json.loads(line)
                yield Erasure(
                    **said | {"stream_id": UUID(said["stream_id"]), "at": datetime.fromisoformat(said["at"])}
                )
