"""Filing a request and acknowledging it; linking to an account one that was filed without."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import Actor, ActorKind
from espace_citoyen.aggregates.events import Created
from espace_citoyen.aggregates.procedures import NO_APPOINTMENT, Answer
from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """What is filed: answers to a version of a procedure, by an applicant, for a department.

    `appointments` is one of `procedures.APPOINTMENTS`, `agenda_id` where they are booked.
    """

    reference: str
    procedure_id: UUID
    procedure_version: int
    department_id: UUID
    exchanges: bool
    appointments: str = NO_APPOINTMENT
    agenda_id: UUID | None = None
    applicant: Person
    answers: dict[str, Answer]


class Submitted(RequestEvent, Created):
    """Filed: received on a day of Paris, by an account (`citizen_id`) or by somebody without one."""

    TOPIC = "request:submitted"
    class_version = 2
    received_on: date
    exchanges: bool
    appointments: str
    agenda_id: UUID | None
    citizen_id: UUID | None
    applicant: dict[str, str | None]
    answers: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """Nothing else has happened yet."""
        aggregate.acknowledged = aggregate.archived = False
        aggregate.link_serial = 1
        aggregate.assignee_id = aggregate.passed_on_by = aggregate.correction = None
        aggregate.corrections = {}
        aggregate.sent_back = set()
        aggregate.exchanges = {}
        aggregate.attachments = {}
        aggregate.appointments = {}
        aggregate.decisions = []
        aggregate.notes = {}
        aggregate.last_of = {}
        super().apply(aggregate)

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Appointments came with version 2: what was filed before has none."""
        state |= {"appointments": NO_APPOINTMENT, "agenda_id": None}


class Acknowledged(RequestEvent):
    """The acknowledgement as it was written, word for word (CRPA L112-11)."""

    TOPIC = "request:acknowledged"
    received_on: date
    recipient: str
    subject: str
    text: str

    def apply(self, aggregate: RequestState) -> None:
        """It is done once."""
        super().apply(aggregate)
        aggregate.acknowledged = True


class LinkedToAccount(RequestEvent):
    """From now on the request is that account's, and its tracking link is over (S32)."""

    TOPIC = "request:linked-to-account"
    citizen_id: UUID

    def apply(self, aggregate: RequestState) -> None:
        """The next link would have another serial."""
        super().apply(aggregate)
        aggregate.citizen_id = self.citizen_id
        aggregate.link_serial += 1


class DepositPart(RequestState):
    """How a request begins, and whose it becomes."""

    def acknowledge(self, *, at: datetime, actor: Actor, recipient: str, subject: str, text: str) -> None:
        """Keep the exact text of the acknowledgement, once (CRPA L112-11)."""
        if not self.acknowledged:
            self._note(
                Acknowledged,
                at=at,
                actor=actor,
                received_on=self.received_on,
                recipient=recipient,
                subject=subject,
                text=text,
            )

    def link_to_account(self, *, at: datetime, actor: Actor, holder: Actor) -> None:
        """Give the request to the account of `actor`, on proof that they hold its link (`holder`) (S32).

        To the account that has it, it is no news. Refuses a second account, and whoever does not hold the link.
        """
        if actor.kind is not ActorKind.CITIZEN or actor.id is None:
            raise Forbidden("Only an account can be linked to")
        if self.citizen_id == actor.id:
            return
        if holder.kind is not ActorKind.LINK_HOLDER or holder.id != self.id:
            raise Forbidden("Only who holds the link may")
        if self.citizen_id is not None:
            raise AlreadyTaken("Cette demande est déjà rattachée à un autre espace personnel.")
        self._note(LinkedToAccount, at=at, actor=actor, citizen_id=actor.id)
