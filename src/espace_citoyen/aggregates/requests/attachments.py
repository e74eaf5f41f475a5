"""Attachments: what either side puts into the file, changes and takes out again (S29). Bytes are elsewhere."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState, side_of
from espace_citoyen.aggregates.requests.values import AttachedFile, Attachment, AttachmentContent, Kind, Side

MOST_FILES = 4
"""How many files one attachment may have."""
MOST_ATTACHMENTS = 50
"""How many attachments one request may have at a time."""
_LIMITS = {"kind": 100, "title": 200, "note": 2_000}


class AttachmentAdded(RequestEvent):
    """An attachment was put into the file; with an exchange when it came with that message."""

    TOPIC = "request:attachment-added"
    KIND = Kind.ATTACHMENT
    attachment_id: UUID
    exchange_id: UUID | None
    side: str
    content: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """It stands beside the others."""
        super().apply(aggregate)
        aggregate.attachments[self.attachment_id] = Attachment(Side(self.side), content_of(self.content))


class AttachmentReplaced(RequestEvent):
    """What an attachment is from now on; what it was stays in its earlier events."""

    TOPIC = "request:attachment-replaced"
    KIND = Kind.ATTACHMENT
    attachment_id: UUID
    side: str
    content: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """The whole of it is replaced."""
        super().apply(aggregate)
        aggregate.attachments[self.attachment_id].content = content_of(self.content)


class AttachmentRemoved(RequestEvent):
    """An attachment was taken out; that it was there stays a fact."""

    TOPIC = "request:attachment-removed"
    KIND = Kind.ATTACHMENT
    attachment_id: UUID
    side: str
    title: str

    def apply(self, aggregate: RequestState) -> None:
        """It no longer stands."""
        super().apply(aggregate)
        aggregate.attachments[self.attachment_id].removed = True


class AttachmentsPart(RequestState):
    """Who may attach what, and whose it is."""

    def add_attachment(
        self,
        *,
        at: datetime,
        actor: Actor,
        attachment_id: UUID,
        content: AttachmentContent,
        exchange_id: UUID | None = None,
    ) -> None:
        """Put an attachment into the file; the same one again is no news.

        Refuses a stranger, a request cancelled or archived, an attachment without file or title, one with more
        than `MOST_FILES` files, the one after `MOST_ATTACHMENTS`, and another content under an id in use.
        """
        self._must_concern(actor)
        if self._has(attachment_id, content, side_of(actor)):
            return
        self._must_be_open()
        _check(content)
        self._must_have_room()
        self._note(
            AttachmentAdded,
            at=at,
            actor=actor,
            attachment_id=attachment_id,
            exchange_id=exchange_id,
            side=side_of(actor).value,
            content=_fact(content),
        )

    def replace_attachment(
        self,
        *,
        at: datetime,
        actor: Actor,
        attachment_id: UUID,
        content: AttachmentContent,
        seen: int | None = None,
    ) -> None:
        """Replace what an attachment of one's own side is; the same content is no news. Refuses as adding does."""
        attachment = self._own_attachment(actor, attachment_id)
        if attachment.content.same_as(content):
            return
        self._must_have_seen(Kind.ATTACHMENT, seen)
        _check(content)
        self._note(
            AttachmentReplaced,
            at=at,
            actor=actor,
            attachment_id=attachment_id,
            side=attachment.side.value,
            content=_fact(content),
        )

    def remove_attachment(
        self, *, at: datetime, actor: Actor, attachment_id: UUID, seen: int | None = None
    ) -> None:
        """Take out an attachment of one's own side; one that is out already is no news."""
        if (known := self.attachments.get(attachment_id)) and known.removed:
            self._must_concern(actor)
            return
        attachment = self._own_attachment(actor, attachment_id)
        self._must_have_seen(Kind.ATTACHMENT, seen)
        self._note(
            AttachmentRemoved,
            at=at,
            actor=actor,
            attachment_id=attachment_id,
            side=attachment.side.value,
            title=attachment.content.title,
        )

    def _has(self, attachment_id: UUID, content: AttachmentContent, side: Side) -> bool:
        known = self.attachments.get(attachment_id)
        if known is not None and not (known.side is side and known.content.same_as(content)):
            raise Invalid("Another content under the same id", {"": ["Cette pièce a déjà été ajoutée autrement."]})
        return known is not None

    def _must_have_room(self) -> None:
        if sum(not each.removed for each in self.attachments.values()) >= MOST_ATTACHMENTS:
            said = f"Cette demande a déjà {MOST_ATTACHMENTS} pièces\N{NO-BREAK SPACE}: retirez-en une d’abord."
            raise Invalid("Too many attachments", {"": [said]})

    def _own_attachment(self, actor: Actor, attachment_id: UUID) -> Attachment:
        self._must_concern(actor)
        attachment = self.attachments.get(attachment_id)
        if attachment is None or attachment.removed:
            raise NotFound("No such attachment")
        if attachment.side is not side_of(actor):
            raise Forbidden("An attachment is changed by the side that put it there")
        self._must_be_open()
        return attachment


def content_of(fact: dict[str, Any]) -> AttachmentContent:
    """Read the content of an attachment back from an event."""
    files = tuple(AttachedFile(**(each | {"file_id": UUID(each["file_id"])})) for each in fact["files"])
    return AttachmentContent(kind=fact["kind"], title=fact["title"], note=fact["note"], files=files)


def _fact(content: AttachmentContent) -> dict[str, Any]:
    files = [asdict(each) | {"file_id": str(each.file_id)} for each in content.files]
    return {"kind": content.kind, "title": content.title, "note": content.note, "files": files}


def _check(content: AttachmentContent) -> None:
    wrong: dict[str, list[str]] = {}
    for name, limit in _LIMITS.items():
        if len(getattr(content, name)) > limit:
            wrong[name] = [f"Écrivez {limit} caractères au plus."]
    if not content.title.strip():
        wrong["title"] = ["Donnez un titre à cette pièce."]
    if not content.files:
        wrong["files"] = ["Choisissez un fichier."]
    elif len(content.files) > MOST_FILES:
        wrong["files"] = [f"Une pièce a {MOST_FILES} fichiers au plus\N{NO-BREAK SPACE}: ajoutez-en une autre."]
    if wrong:
        raise Invalid("This attachment cannot be accepted", wrong)
