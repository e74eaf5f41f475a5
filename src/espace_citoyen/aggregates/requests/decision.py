"""The town's last word: a decision with its reasons, silence that decides, and opening again (P05, L211-2)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotNow
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState
from espace_citoyen.aggregates.requests.values import (
    DECIDED,
    NOT_TAKEN_UP,
    TAKEN_UP,
    Decision,
    Kind,
    Status,
    written,
)

MADE = "Cette demande est décidée\N{NO-BREAK SPACE}: un responsable peut la rouvrir."
MADE_OTHERWISE = "Une autre décision est déjà partie de cette page."
BY_SILENCE = frozenset({Status.ACCEPTED, Status.REFUSED})


class Decided(RequestEvent):
    """Accepted, refused or closed without action (the status reached), for these reasons (CRPA L211-2)."""

    TOPIC = "request:decided"
    decision_id: UUID
    reasons: str

    def apply(self, aggregate: RequestState) -> None:
        """It stands beside the earlier ones."""
        super().apply(aggregate)
        aggregate.correction = None
        aggregate.decisions.append(
            Decision(decision_id=self.decision_id, outcome=Status(self.status), reasons=self.reasons)
        )


class SettledBySilence(RequestEvent):
    """The town said nothing in time: the law decided on `effective_on` (CRPA L231-1, L231-4)."""

    TOPIC = "request:settled-by-silence"
    decision_id: UUID
    effective_on: date

    def apply(self, aggregate: RequestState) -> None:
        """A decision like another, without reasons."""
        super().apply(aggregate)
        aggregate.correction = None
        aggregate.decisions.append(Decision(decision_id=self.decision_id, outcome=Status(self.status), reasons=""))


class Reopened(RequestEvent):
    """A manager takes the case up again; the earlier decision stays whole in the history (N04)."""

    TOPIC = "request:reopened"
    reasons: str

    def apply(self, aggregate: RequestState) -> None:
        """Back on the desk."""
        super().apply(aggregate)
        aggregate.archived = False


class DecisionPart(RequestState):
    """When the town may decide, and what it owes then."""

    def decide(
        self,
        *,
        at: datetime,
        actor: Actor,
        decision: Decision,
        seen: int | None = None,
    ) -> None:
        """Decide; the same decision again is no news.

        Refuses a request that nobody has taken up, an outcome that is none, and a refusal or closing without
        reasons (CRPA L211-2). Raise ChangedMeanwhile when another operation came after what was `seen`.
        """
        self._must_be_the_town(actor)
        made = replace(decision, reasons=decision.reasons.strip())
        if self._decided_before(made):
            return
        self._must_have_seen(Kind.OPERATION, seen)
        self._must_be_open()
        if self.status not in TAKEN_UP:
            raise NotNow(MADE if self.status in DECIDED else NOT_TAKEN_UP)
        _check(made)
        facts = {"decision_id": made.decision_id, "reasons": made.reasons, "status": made.outcome.value}
        self._note(Decided, at=at, actor=actor, **facts)

    def _decided_before(self, made: Decision) -> bool:
        known = next((each for each in self.decisions if each.decision_id == made.decision_id), None)
        if known is not None and known != made:
            raise Invalid("Another decision under the same id", {"outcome": [MADE_OTHERWISE]})
        return known is not None

    def settle_by_silence(
        self, *, at: datetime, actor: Actor, decision_id: UUID, outcome: Status, effective_on: date
    ) -> None:
        """Record what the town's silence has decided on a day; a request decided otherwise is no news."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Forbidden("Silence is nobody's deed")
        if self.status in DECIDED or not self.is_open:
            return
        if outcome not in BY_SILENCE:
            raise Invalid("Silence accepts or refuses")
        self._note(
            SettledBySilence,
            at=at,
            actor=actor,
            decision_id=decision_id,
            effective_on=effective_on,
            status=outcome.value,
        )

    def reopen(self, *, at: datetime, actor: Actor, reasons: str, seen: int | None = None) -> None:
        """Open a decided request again, archived or not; one that is open is no news. A manager's right."""
        self._must_be_a_manager(actor)
        if self.status not in DECIDED:
            if self.status is Status.CANCELLED:
                raise NotNow("L’usager a annulé cette demande\N{NO-BREAK SPACE}: elle ne se rouvre pas.")
            return
        self._must_have_seen(Kind.OPERATION, seen)
        kept = written(reasons, "reasons", missing="Dites pourquoi la demande est rouverte.")
        facts: dict[str, Any] = {"reasons": kept, "status": Status.UNDER_REVIEW.value}
        self._note(Reopened, at=at, actor=actor, **facts)


def _check(made: Decision) -> None:
    """Refuse what is no outcome, and one without its reasons: only an acceptance may do without."""
    if made.outcome not in DECIDED:
        raise Invalid("No outcome", {"outcome": ["Choisissez la décision."]})
    if made.reasons or made.outcome is not Status.ACCEPTED:
        written(made.reasons, "reasons", missing="Donnez les motifs, en fait et en droit.")
