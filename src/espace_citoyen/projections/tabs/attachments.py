"""« Pièces jointes »: what stands in the file of a request, and what was taken out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.requests import AttachedFile, ServiceRequest, Side
from espace_citoyen.aggregates.requests.attachments import content_of
from espace_citoyen.store.log import RecordedEvent


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment as one side sees it: `mine` when that side put it there; its files unless it was removed."""

    attachment_id: UUID
    exchange_id: UUID | None
    mine: bool
    author: str
    added_at: datetime
    kind: str
    title: str
    note: str
    files: tuple[AttachedFile, ...]
    changed_at: datetime | None = None
    removed_at: datetime | None = None


def attachments(events: Sequence[RecordedEvent], *, side: Side) -> list[Paper]:
    """Return every attachment in the order of arrival, removed ones too (without their files)."""
    found: dict[UUID, Paper] = {}
    for event in events:
        said = event.event
        if said is None:
            continue
        if event.topic == ServiceRequest.AttachmentAdded.TOPIC:
            found[said.attachment_id] = _added(said, side)
        elif event.topic == ServiceRequest.AttachmentReplaced.TOPIC:
            paper = found[said.attachment_id]
            found[said.attachment_id] = replace(paper, changed_at=said.timestamp, **vars(content_of(said.content)))
        elif event.topic == ServiceRequest.AttachmentRemoved.TOPIC:
            found[said.attachment_id] = replace(found[said.attachment_id], removed_at=said.timestamp, files=())
    return list(found.values())


def _added(said: Any, side: Side) -> Paper:
    return Paper(
        attachment_id=said.attachment_id,
        exchange_id=said.exchange_id,
        mine=said.side == side.value,
        author=said.actor_name,
        added_at=said.timestamp,
        **vars(content_of(said.content)),
    )


def file_of(events: Sequence[RecordedEvent], file_id: UUID) -> AttachedFile | None:
    """Return a file that stands in the request after these events, None when there is none of that id."""
    for paper in attachments(events, side=Side.TOWN):
        for file in paper.files:
            if file.file_id == file_id:
                return file
    return None
