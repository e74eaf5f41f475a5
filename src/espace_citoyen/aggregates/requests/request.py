"""A citizen's request (demande), whole: the heart of the house. Each part of the screen is a part of it."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor, ActorKind
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.requests import (
    appointments,
    attachments,
    corrections,
    decision,
    deposit,
    ending,
    exchanges,
    operations,
    state,
    values,
)
from espace_citoyen.deadlines import paris_day


class Erased(state.RequestEvent):
    """The end of the request for everyone; its key goes in the same save."""

    TOPIC = "request:erased"
    SEALED = False
    reason: str
    visa: str


class ServiceRequest(
    Aggregate,
    deposit.DepositPart,
    exchanges.ExchangesPart,
    attachments.AttachmentsPart,
    operations.OperationsPart,
    ending.EndingPart,
    corrections.CorrectionsPart,
    decision.DecisionPart,
):
    """One request of one citizen, under one version of one procedure, in the hands of one department."""

    TOPIC = "request"

    Event = state.RequestEvent
    Submitted = deposit.Submitted
    Acknowledged = deposit.Acknowledged
    LinkedToAccount = deposit.LinkedToAccount
    ExchangeSent = exchanges.ExchangeSent
    ExchangeRead = exchanges.ExchangeRead
    AttachmentAdded = attachments.AttachmentAdded
    AttachmentReplaced = attachments.AttachmentReplaced
    AttachmentRemoved = attachments.AttachmentRemoved
    AppointmentBooked = appointments.AppointmentBooked
    AppointmentMoved = appointments.AppointmentMoved
    AppointmentCancelled = appointments.AppointmentCancelled
    TakenUp = operations.TakenUp
    Assigned = operations.Assigned
    PassedOn = operations.PassedOn
    NoteAdded = operations.NoteAdded
    Cancelled = ending.Cancelled
    Archived = ending.Archived
    CorrectionRequested = corrections.CorrectionRequested
    CorrectionSentBack = corrections.CorrectionSentBack
    Decided = decision.Decided
    SettledBySilence = decision.SettledBySilence
    Reopened = decision.Reopened
    Erased = Erased

    @event(deposit.Submitted)
    def __init__(  # noqa: PLR0913, PLR0917 - one parameter per fact of the event
        self,
        reference: str,
        procedure_id: UUID,
        procedure_version: int,
        received_on: date,
        exchanges: bool,
        appointments: str,
        agenda_id: UUID | None,
        citizen_id: UUID | None,
        applicant: dict[str, str | None],
        answers: dict[str, Answer],
    ) -> None:
        self.reference = reference
        self.procedure_id = procedure_id
        self.procedure_version = procedure_version
        self.received_on = received_on
        self.has_exchanges = exchanges
        self.appointments_are = appointments
        self.agenda_id = agenda_id
        self.citizen_id = citizen_id
        self.applicant = applicant
        self.answers = answers

    @classmethod
    def submit(cls, *, id: UUID, at: datetime, actor: Actor, deposit: deposit.Deposit) -> Self:  # noqa: A002 - the library's own word
        """File a request: received on the day of `at` in Paris, belonging to `actor` when it is an account.

        Refuses an applicant who cannot be named or reached.
        """
        deposit.applicant.check(at)
        return cls._begin(
            cls.Submitted,
            id=id,
            at=at,
            actor=actor,
            status=values.Status.SUBMITTED.value,
            received_on=paris_day(at),
            citizen_id=actor.id if actor.kind is ActorKind.CITIZEN else None,
            **(vars(deposit) | {"applicant": asdict(deposit.applicant)}),
        )

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """End the request for everyone; the store deletes its key in the same save (who and why stay).

        Refuses a motive that is no code (see `erasures`).
        """
        check_motive(reason, visa)
        self._note(Erased, at=at, actor=actor, reason=reason, visa=visa)

    def _note(self, event_class: type[Any], *, at: datetime, actor: Actor, **facts: Any) -> None:
        where = {
            "reference": self.reference,
            "procedure_id": self.procedure_id,
            "procedure_version": self.procedure_version,
            "department_id": self.department_id,
            "status": self.status.value,
        }
        self._record(event_class, at=at, actor=actor, **(where | facts))
