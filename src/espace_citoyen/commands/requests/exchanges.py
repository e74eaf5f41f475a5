"""Messages: sent with what goes with them, and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.requests import AttachedFile, AttachmentContent, ServiceRequest
from espace_citoyen.aggregates.requests.attachments import MOST_FILES
from espace_citoyen.aggregates.requests.exchanges import SENT_ALREADY
from espace_citoyen.application import Portal, decide_again

MESSAGE_TRIES = 8
"""A message never conflicts for the person who sends it: it is decided again as often as needed."""
WITH_A_MESSAGE = "Pièce d’un message"
"""The kind of an attachment that came with a message."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent: `exchange_id` makes a repeat no news; `files` are stored already, and become attachments."""

    exchange_id: UUID
    text: str
    files: Sequence[AttachedFile] = ()


@decide_again(MESSAGE_TRIES)
def send_exchange(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, message: Message) -> int:
    """Send a message with its files to the other side, in one save, and return the position.

    The same again is no news; raise Invalid for other files under an id that was sent, as for another text.
    """
    request = portal.get(ServiceRequest, request_id)
    is_new = message.exchange_id not in request.exchanges
    if is_new:
        _attach(request, at=at, actor=actor, message=message)
    request.send_exchange(at=at, actor=actor, exchange_id=message.exchange_id, text=message.text)
    if not is_new and _said(_sent_with(request, message.exchange_id)) != _said(message.files):
        raise Invalid("Other files under the same id", {"text": [SENT_ALREADY]})
    return portal.record(request)


@decide_again(MESSAGE_TRIES)
def read_exchange(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, exchange_id: UUID) -> int:
    """Mark a message as read by the actor's side and return the position."""
    request = portal.get(ServiceRequest, request_id)
    request.read_exchange(at=at, actor=actor, exchange_id=exchange_id)
    return portal.record(request)


def _attach(request: ServiceRequest, *, at: datetime, actor: Actor, message: Message) -> None:
    """Put the files into the request, as many to an attachment as it holds."""
    for start in range(0, len(message.files), MOST_FILES):
        files = tuple(message.files[start : start + MOST_FILES])
        request.add_attachment(
            at=at,
            actor=actor,
            attachment_id=_attachment_id(message.exchange_id, start),
            exchange_id=message.exchange_id,
            content=AttachmentContent(kind=WITH_A_MESSAGE, title=files[0].name, files=files),
        )


def _attachment_id(exchange_id: UUID, start: int) -> UUID:
    return uuid5(exchange_id, f"attachment {start}")


def _sent_with(request: ServiceRequest, exchange_id: UUID) -> list[AttachedFile]:
    """Return the files that went with a message."""
    found: list[AttachedFile] = []
    start = 0
    while known := request.attachments.get(_attachment_id(exchange_id, start)):
        found += known.content.files
        start += MOST_FILES
    return found


def _said(files: Sequence[AttachedFile]) -> list[tuple[str, str]]:
    """What tells files apart, however often they were stored."""
    return [(each.name, each.sha256) for each in files]
