"""Asking the applicant to complete or correct, and what comes back (P03; CRPA L114-5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.refusals import Invalid, NotFound, NotNow
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState
from espace_citoyen.aggregates.requests.values import NOT_TAKEN_UP, Correction, Kind, Status, written
from espace_citoyen.deadlines import paris_day

MOST_MISSING = 20
LONGEST_MISSING = 200

ASKED = "L’usager doit déjà compléter sa demande\N{NO-BREAK SPACE}: attendez qu’il l’ait renvoyée."
ASKED_OTHERWISE = "Une autre demande de complément est déjà partie de cette page."
SENT_BACK = "Vous avez déjà renvoyé cette demande. Pour ajouter quelque chose, écrivez-nous un message."
NO_LONGER_ASKED = "La mairie n’attend plus ces compléments\N{NO-BREAK SPACE}: regardez où en est votre demande."


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
        asked = Correction(
            correction_id=self.correction_id, text=self.text, missing=tuple(self.missing), due_on=self.due_on
        )
        aggregate.correction = aggregate.corrections[self.correction_id] = asked


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
        aggregate.sent_back.add(self.correction_id)


class CorrectionsPart(RequestState):
    """Back to the applicant, and back again."""

    def request_correction(
        self, *, at: datetime, actor: Actor, correction: Correction, seen: int | None = None
    ) -> None:
        """Ask the applicant to complete the request; the same asking again is no news.

        Refuses a request that nobody has taken up, an empty text, an overlong list and a day that is not to come.
        """
        self._must_be_the_town(actor)
        asked = replace(correction, text=correction.text.strip(), missing=_lines(correction.missing))
        if self._asked_before(asked):
            return
        self._must_have_seen(Kind.OPERATION, seen)
        self._must_be_open()
        if self.status is not Status.UNDER_REVIEW:
            raise NotNow(ASKED if self.correction else NOT_TAKEN_UP)
        _check(asked, at)
        facts = vars(asked) | {"missing": list(asked.missing), "status": Status.CORRECTION_REQUESTED.value}
        self._note(CorrectionRequested, at=at, actor=actor, **facts)

    def send_back(
        self, *, at: datetime, actor: Actor, correction_id: UUID, answers: Mapping[str, Answer], text: str = ""
    ) -> None:
        """Give the request back to the town, with the answers as corrected (checked by the procedure's version).

        Sending back what was sent back is no news. Refuses anyone but the applicant's side, and what the town no
        longer waits for.
        """
        self._must_be_the_citizen(actor)
        if correction_id not in self.corrections:
            raise NotFound("Nothing of that id was asked")
        if correction_id in self.sent_back and dict(answers) == self.answers:
            return
        self._must_be_open()
        if self.correction is None or self.correction.correction_id != correction_id:
            raise NotNow(SENT_BACK if correction_id in self.sent_back else NO_LONGER_ASKED)
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

    def _asked_before(self, asked: Correction) -> bool:
        known = self.corrections.get(asked.correction_id)
        if known is not None and known != asked:
            raise Invalid("Another asking under the same id", {"text": [ASKED_OTHERWISE]})
        return known is not None


def _lines(missing: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.strip() for each in missing if each.strip())


def _check(asked: Correction, at: datetime) -> None:
    written(asked.text, "text", missing="Dites ce qu’il faut compléter ou corriger.")
    if len(asked.missing) > MOST_MISSING or any(len(each) > LONGEST_MISSING for each in asked.missing):
        said = f"Écrivez {MOST_MISSING} lignes au plus, de {LONGEST_MISSING} caractères chacune."
        raise Invalid("Too long a list", {"missing": [said]})
    if asked.due_on is not None and asked.due_on <= paris_day(at):
        raise Invalid("A day gone by", {"due_on": ["Choisissez un jour à venir."]})
