"""Bytes on their way into a request: on the disk before the event that names them, gone again if none does."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from espace_citoyen import files
from espace_citoyen.aggregates.refusals import Refusal
from espace_citoyen.aggregates.requests import AttachedFile
from espace_citoyen.application import Portal
from espace_citoyen.store.log import RecordedEvent

MOST_BYTES = 10 * 1024 * 1024
"""Longest file that anybody may attach."""
FORGOTTEN_AFTER = timedelta(hours=24)
"""Age from which an object that no event names is nobody's any more."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A file that somebody sends: its name made harmless, its nature as its bytes tell it, and the bytes."""

    name: str
    media_type: str
    source: files.Source


def attach_files(
    portal: Portal,
    *,
    root: Path,
    request_id: UUID,
    chosen: Sequence[Chosen],
    deed: Callable[[tuple[AttachedFile, ...]], int],
) -> int:
    """Store files, do the deed that records them, and return its position.

    A refused deed leaves no file behind, neither does one that was done before: only what the log names stays.
    After any other failure nobody knows what was recorded, and the nightly sweep decides. Raise TooLarge.
    """
    if not chosen:
        return deed(())
    key, stored = portal.keys.create(request_id), list[AttachedFile]()
    try:
        for each in chosen:
            stored.append(_store(root, request_id, key, each))
        position = deed(tuple(stored))
    except (Refusal, files.TooLarge):
        _delete(root, request_id, stored)
        raise
    named = named_by(portal.stream(request_id))
    _delete(root, request_id, [each for each in stored if each.file_id not in named])
    return position


def sweep_files(portal: Portal, *, root: Path, at: datetime) -> int:
    """Delete every object older than a day that no event names, and return how many that was.

    The log alone is asked. An owner whose events do not open although nobody erased them keeps everything: a key
    is missing, and may come back with a backup.
    """
    swept = 0
    for owner_id in files.owners(root):
        events = portal.stream(owner_id)
        if not events or events[-1].event is not None:
            swept += files.sweep(root, owner_id, keep=named_by(events), before=at - FORGOTTEN_AFTER)
    return swept


def named_by(events: Iterable[RecordedEvent]) -> set[UUID]:
    """Return the id of every file that an event names, those of what was replaced or removed since too."""
    found: set[UUID] = set()
    for event in events:
        if event.event is not None:
            _collect(vars(event.event), found)
    return found


def _collect(fact: Any, found: set[UUID]) -> None:
    """Whatever event a file is in, at whatever depth: one that was missed would be swept."""
    if isinstance(fact, dict):
        if "file_id" in fact:
            found.add(UUID(str(fact["file_id"])))
        fact = list(fact.values())
    if isinstance(fact, list | tuple):
        for each in fact:
            _collect(each, found)


def _store(root: Path, request_id: UUID, key: bytes, chosen: Chosen) -> AttachedFile:
    file_id = uuid4()
    written = files.write(root, files.Place(request_id, file_id), key, chosen.source, limit=MOST_BYTES)
    return AttachedFile(
        file_id=file_id,
        name=chosen.name,
        media_type=chosen.media_type,
        size=written.size,
        sha256=written.sha256,
    )


def _delete(root: Path, request_id: UUID, stored: Iterable[AttachedFile]) -> None:
    for each in stored:
        with suppress(OSError):  # the sweep comes back for it
            files.delete(root, files.Place(request_id, each.file_id))
