"""Asking the applicant to complete or correct, and what comes back (P03; CRPA L114-5)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.refusals import Invalid, NotNow
from espace_citoyen.aggregates.requests.state import (
    Correction,
    Kind,
    RequestEvent,
    RequestState,
    Status,
    written,
)
from espace_citoyen.deadlines import paris_day

MOST_MISSING = 20
LONGEST_MISSING = 200


class CorrectionRequested(RequestEvent):
    """The town cannot go on without something: in words, as a list, by a day in Paris (CRPA L114-5)."""

    TOPIC = "request:correction-requested"
    correction_id: UUID
    text: str
    missing: list[str]
    due_on: date | None

    def apply(self, aggregate: RequestState) -> None:
        """The applicant has something to do."""
        super().apply(aggregate)
        aggregate.correction = Correction(
            correction_id=self.correction_id, text=self.text, missing=tuple(self.missing), due_on=self.due_on
        )


class CorrectionSentBack(RequestEvent):
    """The applicant has done it: the answers as they stand from now on, and a word if there is one."""

    TOPIC = "request:correction-sent-back"
    correction_id: UUID
    answers: dict[str, Any]
    text: str

    def apply(self, aggregate: RequestState) -> None:
        """What was answered before stays in the earlier events."""
        super().apply(aggregate)
        aggregate.answers = self.answers
        aggregate.correction = None


class CorrectionsPart(RequestState):
    """Back to the applicant, and back again."""

    def request_correction(
        self, *, at: datetime, actor: Actor, correction: Correction, seen: int | None = None
    ) -> None:
        """Ask the applicant to complete the request; the same asking again is no news.

        Refuses a request that nobody has taken up, an empty text, an overlong list and a day that is not to come.
        """
        self._must_be_the_town(actor)
        if self.correction is not None and self.correction.correction_id == correction.correction_id:
            return
        self._must_be_open()
        if self.status is not Status.UNDER_REVIEW:
            raise NotNow("Prenez d’abord la demande en charge.")
        self._must_have_seen(Kind.OPERATION, seen)
        text = written(correction.text, "text", missing="Dites ce qu’il faut compléter ou corriger.")
        missing = _check_missing(correction.missing)
        if correction.due_on is not None and correction.due_on <= paris_day(at):
            raise Invalid("A day gone by", {"due_on": ["Choisissez un jour à venir."]})
        self._note(
            CorrectionRequested,
            at=at,
            actor=actor,
            correction_id=correction.correction_id,
            text=text,
            missing=missing,
            due_on=correction.due_on,
            status=Status.CORRECTION_REQUESTED.value,
        )

    def send_back(
        self, *, at: datetime, actor: Actor, correction_id: UUID, answers: Mapping[str, Answer], text: str = ""
    ) -> None:
        """Give the request back to the town, with the answers as corrected (checked by the procedure's version).

        Sending back what was sent back is no news. Refuses anyone but the applicant's side.
        """
        self._must_be_the_citizen(actor)
        self._must_be_open()
        if self.correction is None or self.correction.correction_id != correction_id:
            return
        kept = text.strip() and written(text, "text", missing="")
        self._note(
            CorrectionSentBack,
            at=at,
            actor=actor,
            correction_id=correction_id,
            answers=dict(answers),
            text=kept,
            status=Status.UNDER_REVIEW.value,
        )


def _check_missing(missing: tuple[str, ...]) -> list[str]:
    kept = [each.strip() for each in missing if each.strip()]
    if len(kept) > MOST_MISSING or any(len(each) > LONGEST_MISSING for each in kept):
        said = f"Écrivez {MOST_MISSING} lignes au plus, de {LONGEST_MISSING} caractères chacune."
        raise Invalid("Too long a list", {"missing": [said]})
    return kept
