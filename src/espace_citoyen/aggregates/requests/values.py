"""What a request is made of: its states and sides, and the things it holds."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from espace_citoyen.aggregates.refusals import Invalid

TEXT_LIMIT = 10_000
"""Longest text anybody may write into a request (message, reasons, note), in characters."""


class Status(StrEnum):
    """Where a request stands; being archived or erased are facts beside it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction_requested"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CLOSED = "closed_without_action"
    CANCELLED = "cancelled"


DECIDED = frozenset({Status.ACCEPTED, Status.REFUSED, Status.CLOSED})
"""The states in which the town has said its last word, until it reopens."""
TAKEN_UP = frozenset({Status.UNDER_REVIEW, Status.CORRECTION_REQUESTED})
"""The states in which somebody of the town looks after the request."""


NOT_TAKEN_UP = "Prenez d’abord la demande en charge."
"""What is said to an agent who goes ahead of that."""


class Side(StrEnum):
    """Which side of the counter somebody acts from."""

    CITIZEN = "citizen"
    TOWN = "town"


class Kind(StrEnum):
    """The four kinds of history (S28): whoever decides has seen the last event of the kind they decide on."""

    OPERATION = "operation"
    ATTACHMENT = "attachment"
    EXCHANGE = "exchange"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """One file as it was received: name, nature, length in bytes, SHA-256; `file_id` names the object stored."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AttachmentContent:
    """What an attachment is: of a kind, under a title, with a note and at most four files (S29)."""

    kind: str
    title: str
    note: str = ""
    files: tuple[AttachedFile, ...] = ()

    def same_as(self, other: "AttachmentContent") -> bool:
        """Tell whether a form sent twice says this too: its files were stored twice then, under other ids."""
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        files = [(each.name, each.media_type, each.size, each.sha256) for each in self.files]
        return self.kind, self.title, self.note, files


@dataclass
class Attachment:
    """An attachment as it stands: who put it there, what it is now, whether it was removed."""

    side: Side
    content: AttachmentContent
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class BookedSlot:
    """A place in an agenda as booked: where, and from when to when (aware, in UTC)."""

    slot_id: UUID
    agenda_id: UUID
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass
class Appointment:
    """An appointment as it stands: its slot, whether it still holds, and which one replaced it."""

    slot: BookedSlot
    cancelled: bool = False
    moved_to: UUID | None = None


@dataclass
class Exchange:
    """A message as the rules need it: who wrote what, and whether the other side has read."""

    side: Side
    text: str
    read: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, by whom and why; kept whole when the request is reopened (N04)."""

    decision_id: UUID
    outcome: Status
    reasons: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What the town asks to be completed: in words, as a list, by a day in Paris."""

    correction_id: UUID
    text: str
    missing: tuple[str, ...] = ()
    due_on: date | None = None


def written(text: str, field_name: str, *, missing: str) -> str:
    """Return a text as it is kept, without blanks around; refuse an empty one and one over `TEXT_LIMIT`."""
    kept = text.strip()
    if not kept:
        raise Invalid(f"Empty {field_name}", {field_name: [missing]})
    if len(kept) > TEXT_LIMIT:
        said = f"Ce texte est trop long\N{NO-BREAK SPACE}: {len(kept)} caractères, pour {TEXT_LIMIT} au plus."
        raise Invalid(f"Too long a {field_name}", {field_name: [said]})
    return kept
