"""The end of a request: cancelled by the applicant, put away by the town (S31)."""

from datetime import datetime

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import NotNow
from espace_citoyen.aggregates.requests.appointments import AppointmentsPart
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState
from espace_citoyen.aggregates.requests.values import DECIDED, Status, written

OVER = "La mairie a déjà décidé\N{NO-BREAK SPACE}: cette demande ne peut plus être annulée."


class Cancelled(RequestEvent):
    """The applicant no longer wants what they asked for (S31)."""

    TOPIC = "request:cancelled"
    reasons: str

    def apply(self, aggregate: RequestState) -> None:
        """Nothing is expected of the applicant any more."""
        super().apply(aggregate)
        aggregate.correction = None


class Archived(RequestEvent):
    """The request left the lists of what is going on."""

    TOPIC = "request:archived"

    def apply(self, aggregate: RequestState) -> None:
        """A fact beside the state."""
        super().apply(aggregate)
        aggregate.archived = True


class EndingPart(AppointmentsPart):
    """When a request is over, and what goes with it."""

    def cancel(self, *, at: datetime, actor: Actor, reasons: str = "") -> None:
        """End one's own request: cancelled and archived at once, its appointment free again (S31).

        Once done it is no news. Refuses anyone but the applicant's side, and a request the town has decided on.
        """
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
