"""What every part of a request stands on: its states and sides, the envelope of its events, what it remembers."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid, NotNow

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


class RequestEvent(Aggregate.Event):
    """Every event of a request says, in clear, which one it is, in whose hands and where it stands after it."""

    TOPIC = "request:event"
    KIND: ClassVar[Kind] = Kind.OPERATION
    CLEAR = Aggregate.Event.CLEAR | {
        "reference",
        "procedure_id",
        "procedure_version",
        "department_id",
        "status",
        "received_on",
        "effective_on",
        "due_on",
        "exchanges",
        "exchange_id",
        "attachment_id",
        "appointment_id",
        "side",
    }
    reference: str
    procedure_id: UUID
    procedure_version: int
    department_id: UUID
    status: str

    def apply(self, aggregate: "RequestState") -> None:
        """Note the state and the department reached, and that something of this kind has happened."""
        aggregate.status = Status(self.status)
        aggregate.department_id = self.department_id
        aggregate.last_of[self.KIND] = self.originator_version


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
    """An appointment as it stands: its slot, and whether it still holds."""

    slot: BookedSlot
    cancelled: bool = False


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


class RequestState:
    """The state every part reads, and the questions every part asks before it decides."""

    reference: str
    procedure_id: UUID
    procedure_version: int
    department_id: UUID
    status: Status
    received_on: date
    has_exchanges: bool
    appointments_are: str
    agenda_id: UUID | None
    citizen_id: UUID | None
    applicant: dict[str, str | None]
    answers: dict[str, Answer]
    acknowledged: bool
    archived: bool
    link_serial: int
    assignee_id: UUID | None
    correction: Correction | None
    exchanges: dict[UUID, Exchange]
    attachments: dict[UUID, Attachment]
    appointments: dict[UUID, Appointment]
    decisions: list[Decision]
    notes: dict[UUID, str]
    last_of: dict[Kind, int]

    @property
    @abstractmethod
    def id(self) -> UUID:
        """The request's id, which is its stream's."""

    @abstractmethod
    def _note(self, event_class: type[Any], *, at: datetime, actor: Actor, **facts: Any) -> None:
        """Record an event of this request, with its envelope."""

    @property
    def is_open(self) -> bool:
        """Whether anything can still be added: neither cancelled nor archived."""
        return not self.archived and self.status is not Status.CANCELLED

    def concerns(self, actor: Actor) -> bool:
        """Tell whether this is the actor's own request, followed by its link, or one of their departments."""
        if actor.kind is ActorKind.LINK_HOLDER:
            return self.citizen_id is None and actor.id == self.id
        own = actor.kind is ActorKind.CITIZEN and actor.id is not None and actor.id == self.citizen_id
        return own or actor.works_for(self.department_id)

    def _must_concern(self, actor: Actor) -> None:
        if not self.concerns(actor):
            raise Forbidden("This request is none of theirs")

    def _must_be_the_citizen(self, actor: Actor) -> None:
        self._must_concern(actor)
        if not actor.is_citizen_side:
            raise Forbidden("Only the applicant may")

    def _must_be_the_town(self, actor: Actor) -> None:
        if not actor.works_for(self.department_id):
            raise Forbidden("Only the department's people may")

    def _must_be_a_manager(self, actor: Actor) -> None:
        self._must_be_the_town(actor)
        if Role.MANAGER not in actor.roles:
            raise Forbidden("Only a manager of the department may")

    def _must_be_open(self) -> None:
        if not self.is_open:
            word = "annulée" if self.status is Status.CANCELLED else "archivée"
            raise NotNow(f"Cette demande est {word}\N{NO-BREAK SPACE}: plus rien ne peut y être ajouté.")

    def _must_have_seen(self, kind: Kind, seen: int | None) -> None:
        """Refuse to decide on a page older than the last event of its kind; `seen` is a version, None: no page."""
        if seen is not None and self.last_of.get(kind, 0) > seen:
            raise ChangedMeanwhile(f"Somebody else wrote first: {kind.value}")


def written(text: str, field_name: str, *, missing: str) -> str:
    """Return a text as it is kept, without blanks around; refuse an empty one and one over `TEXT_LIMIT`."""
    kept = text.strip()
    if not kept:
        raise Invalid(f"Empty {field_name}", {field_name: [missing]})
    if len(kept) > TEXT_LIMIT:
        said = f"Ce texte est trop long\N{NO-BREAK SPACE}: {len(kept)} caractères, pour {TEXT_LIMIT} au plus."
        raise Invalid(f"Too long a {field_name}", {field_name: [said]})
    return kept


def side_of(actor: Actor) -> Side:
    """Return the side of the counter on which an actor stands."""
    return Side.CITIZEN if actor.is_citizen_side else Side.TOWN
