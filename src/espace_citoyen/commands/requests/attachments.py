"""Attachments: added, replaced, removed. Their bytes are stored before, and swept when nothing names them."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import AttachmentContent, ServiceRequest
from espace_citoyen.application import Portal, decide_again


@decide_again()
def add_attachment(
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    attachment_id: UUID,
    content: AttachmentContent,
) -> int:
    """Put an attachment into a request and return the position; `attachment_id` makes a repeat no news."""
    request = portal.get(ServiceRequest, request_id)
    request.add_attachment(at=at, actor=actor, attachment_id=attachment_id, content=content)
    return portal.record(request)


@decide_again()
def replace_attachment(  # noqa: PLR0913 - which, by what, and the page it was decided on
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    attachment_id: UUID,
    content: AttachmentContent,
    seen: int | None = None,
) -> int:
    """Replace what an attachment is and return the position; raise ChangedMeanwhile when `seen` is behind."""
    request = portal.get(ServiceRequest, request_id)
    request.replace_attachment(at=at, actor=actor, attachment_id=attachment_id, content=content, seen=seen)
    return portal.record(request)


@decide_again()
def remove_attachment(
    portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, attachment_id: UUID, seen: int | None = None
) -> int:
    """Take an attachment out and return the position; raise ChangedMeanwhile when `seen` is behind."""
    request = portal.get(ServiceRequest, request_id)
    request.remove_attachment(at=at, actor=actor, attachment_id=attachment_id, seen=seen)
    return portal.record(request)
