"""What happens to a request between deposit and decision: taken up, assigned, passed on, noted."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Invalid, NotNow
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState
from espace_citoyen.aggregates.requests.values import DECIDED, TAKEN_UP, Kind, Status, written


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
    department_name: str
    reasons: str

    def apply(self, aggregate: RequestState) -> None:
        """Nobody there has taken it up yet."""
        super().apply(aggregate)
        aggregate.assignee_id = None
        aggregate.passed_on_by = self.actor_id


class NoteAdded(RequestEvent):
    """A private note of the services: never shown to the citizen (P08)."""

    TOPIC = "request:note-added"
    note_id: UUID
    text: str

    def apply(self, aggregate: RequestState) -> None:
        """It stays."""
        super().apply(aggregate)
        aggregate.notes[self.note_id] = self.text


class OperationsPart(RequestState):
    """Who looks after the request."""

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
        self, *, at: datetime, actor: Actor, to: tuple[UUID, str], reasons: str, seen: int | None = None
    ) -> None:
        """Pass the request to another department (`to`: its id and name), with a word for it.

        To the department that has it, it is no news. A manager's right.
        """
        department_id, name = to
        if department_id == self.department_id and actor.id is not None and actor.id == self.passed_on_by:
            return
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
            department_name=name,
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

    def _when_taken_up(self) -> str:
        waiting = self.status is Status.CORRECTION_REQUESTED
        return (Status.CORRECTION_REQUESTED if waiting else Status.UNDER_REVIEW).value

    def _must_be_undecided(self) -> None:
        self._must_be_open()
        if self.status in DECIDED:
            raise NotNow("Cette demande est décidée\N{NO-BREAK SPACE}: un responsable peut la rouvrir.")
