"""What happens to a request between deposit and decision: taken up, assigned, passed on, noted, ended."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Invalid, NotNow
from espace_citoyen.aggregates.requests.appointments import AppointmentsPart
from espace_citoyen.aggregates.requests.state import (
    DECIDED,
    TAKEN_UP,
    Kind,
    RequestEvent,
    RequestState,
    Status,
    written,
)

OVER = "La mairie a déjà décidé\N{NO-BREAK SPACE}: cette demande ne peut plus être annulée."


class TakenUp(RequestEvent):
    """An agent looks after the request from now on."""

    TOPIC = "request:taken-up"
    assignee_id: UUID

    def apply(self, aggregate: RequestState) -> None:
        """It is theirs."""
        super().apply(aggregate)
        aggregate.assignee_id = self.assignee_id


class Assigned(RequestEvent):
    """The request was given to an agent of the department."""

    TOPIC = "request:assigned"
    assignee_id: UUID
    assignee_name: str

    def apply(self, aggregate: RequestState) -> None:
        """It is theirs."""
        super().apply(aggregate)
        aggregate.assignee_id = self.assignee_id


class PassedOn(RequestEvent):
    """Another department has the request from now on: the envelope names it, the facts name the former one."""

    TOPIC = "request:passed-on"
    former_department_id: UUID
    reasons: str

    def apply(self, aggregate: RequestState) -> None:
        """Nobody there has taken it up yet."""
        super().apply(aggregate)
        aggregate.assignee_id = None


class NoteAdded(RequestEvent):
    """A private note of the services: never shown to the citizen (P08)."""

    TOPIC = "request:note-added"
    note_id: UUID
    text: str

    def apply(self, aggregate: RequestState) -> None:
        """It stays."""
        super().apply(aggregate)
        aggregate.notes[self.note_id] = self.text


class Cancelled(RequestEvent):
    """The applicant no longer wants what they asked for (S31)."""

    TOPIC = "request:cancelled"
    reasons: str


class Archived(RequestEvent):
    """The request left the lists of what is going on."""

    TOPIC = "request:archived"

    def apply(self, aggregate: RequestState) -> None:
        """A fact beside the state."""
        super().apply(aggregate)
        aggregate.archived = True


class OperationsPart(AppointmentsPart):
    """Who looks after the request, and when it is over."""

    def take_up(self, *, at: datetime, actor: Actor) -> None:
        """Look after the request oneself; doing so already is no news.

        Refuses whoever does not work for the department, and a request that is over. Raise ChangedMeanwhile when a
        colleague was first: `assign` takes it from them.
        """
        self._must_be_the_town(actor)
        if self.assignee_id == actor.id and self.status in TAKEN_UP:
            return
        self._must_be_undecided()
        if self.assignee_id is not None and self.status in TAKEN_UP:
            raise ChangedMeanwhile("A colleague took it up first")
        self._note(TakenUp, at=at, actor=actor, assignee_id=actor.id, status=self._when_taken_up())

    def assign(self, *, at: datetime, actor: Actor, assignee: Actor, seen: int | None = None) -> None:
        """Give the request to an agent of its department (oneself included); to the one who has it is no news."""
        self._must_be_the_town(actor)
        if not assignee.works_for(self.department_id):
            raise Invalid("Not of this department", {"assignee": ["Choisissez un agent de votre service."]})
        if self.assignee_id == assignee.id and self.status in TAKEN_UP:
            return
        self._must_be_undecided()
        self._must_have_seen(Kind.OPERATION, seen)
        self._note(
            Assigned,
            at=at,
            actor=actor,
            assignee_id=assignee.id,
            assignee_name=assignee.name,
            status=self._when_taken_up(),
        )

    def pass_on(
        self, *, at: datetime, actor: Actor, department_id: UUID, reasons: str, seen: int | None = None
    ) -> None:
        """Pass the request to another department, with a word for it. A manager's right."""
        self._must_be_a_manager(actor)
        if department_id == self.department_id:
            return
        self._must_be_undecided()
        self._must_have_seen(Kind.OPERATION, seen)
        kept = written(reasons, "reasons", missing="Dites pourquoi au service qui reçoit la demande.")
        status = Status.SUBMITTED if self.status is Status.UNDER_REVIEW else self.status
        self._note(
            PassedOn,
            at=at,
            actor=actor,
            department_id=department_id,
            former_department_id=self.department_id,
            reasons=kept,
            status=status.value,
        )

    def add_note(self, *, at: datetime, actor: Actor, note_id: UUID, text: str) -> None:
        """Note something for the services alone; the same note again is no news."""
        self._must_be_the_town(actor)
        kept = written(text, "text", missing="Écrivez votre note.")
        if (known := self.notes.get(note_id)) is not None:
            if known == kept:
                return
            raise Invalid("Another note under the same id", {"text": ["Une autre note est partie de cette page."]})
        self._note(NoteAdded, at=at, actor=actor, note_id=note_id, text=kept)

    def cancel(self, *, at: datetime, actor: Actor, reasons: str = "") -> None:
        """End one's own request: cancelled and archived at once, its appointment free again (S31)."""
        self._must_be_the_citizen(actor)
        if self.status is Status.CANCELLED:
            return
        self._must_be_open()
        if self.status in DECIDED:
            raise NotNow(OVER)
        kept = reasons.strip() and written(reasons, "reasons", missing="")
        self._drop_upcoming(at=at, actor=actor)
        self._note(Cancelled, at=at, actor=actor, reasons=kept, status=Status.CANCELLED.value)
        self._note(Archived, at=at, actor=actor)

    def archive(self, *, at: datetime, actor: Actor) -> None:
        """Put a decided request away; one that is away already is no news."""
        self._must_be_the_town(actor)
        if self.archived:
            return
        if self.status not in DECIDED:
            raise NotNow("Décidez d’abord\N{NO-BREAK SPACE}: une demande en cours ne s’archive pas.")
        self._drop_upcoming(at=at, actor=actor)
        self._note(Archived, at=at, actor=actor)

    def _when_taken_up(self) -> str:
        waiting = self.status is Status.CORRECTION_REQUESTED
        return (Status.CORRECTION_REQUESTED if waiting else Status.UNDER_REVIEW).value

    def _must_be_undecided(self) -> None:
        self._must_be_open()
        if self.status in DECIDED:
            raise NotNow("Cette demande est décidée\N{NO-BREAK SPACE}: un responsable peut la rouvrir.")
