"""What every part of a request stands on: the envelope of its events, what it remembers, what it asks first."""

from abc import abstractmethod
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, NotNow
from espace_citoyen.aggregates.requests.values import (
    Appointment,
    Attachment,
    Correction,
    Decision,
    Exchange,
    Kind,
    Side,
    Status,
)


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
    passed_on_by: UUID | None
    corrections: dict[UUID, Correction]
    sent_back: set[UUID]
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
        if not actor.speaks_for_applicant:
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


def side_of(actor: Actor) -> Side:
    """Return the side an actor speaks for: an agent who acts for the applicant speaks for the applicant."""
    return Side.CITIZEN if actor.speaks_for_applicant else Side.TOWN
