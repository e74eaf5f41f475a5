"""A citizen's request (demande), from its deposit through every exchange: the heart of the house."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.procedures import Answer
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from espace_citoyen.deadlines import paris_day

MESSAGE_LIMIT = 10_000
"""Longest message of an exchange, in characters."""
SENT_ALREADY = "Un autre message est déjà parti de cette page. Pour envoyer aussi celui-ci, validez de nouveau."


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


class Side(StrEnum):
    """Which side of the counter a message comes from."""

    CITIZEN = "citizen"
    TOWN = "town"


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """What is filed: answers to a version of a procedure, by an applicant, for a department."""

    reference: str
    procedure_id: UUID
    procedure_version: int
    department_id: UUID
    exchanges: bool
    applicant: Person
    answers: dict[str, Answer]


@dataclass
class Exchange:
    """A message as the rules need it: who wrote what, and whether the other side has read."""

    side: Side
    text: str
    read: bool = False


class ServiceRequest(Aggregate):
    """One request of one citizen, under one version of one procedure, in the hands of one department."""

    TOPIC = "request"

    class Event(Aggregate.Event):
        """Every event of a request says, in clear, which one it is and where it stands."""

        TOPIC = "request:event"
        CLEAR = Aggregate.Event.CLEAR | {
            "reference",
            "procedure_id",
            "procedure_version",
            "department_id",
            "status",
            "received_on",
            "exchanges",
            "exchange_id",
            "side",
        }
        reference: str
        procedure_id: UUID
        procedure_version: int
        department_id: UUID
        status: str

    class Submitted(Event, Created):
        TOPIC = "request:submitted"
        received_on: date
        exchanges: bool
        citizen_id: UUID | None
        applicant: dict[str, str | None]
        answers: dict[str, Any]

    class Acknowledged(Event):
        """The acknowledgement as it was written, word for word (CRPA L112-11)."""

        TOPIC = "request:acknowledged"
        received_on: date
        recipient: str
        subject: str
        text: str

    class ExchangeSent(Event):
        TOPIC = "request:exchange-sent"
        exchange_id: UUID
        side: str
        text: str

    class ExchangeRead(Event):
        TOPIC = "request:exchange-read"
        exchange_id: UUID
        side: str

    class Erased(Event):
        TOPIC = "request:erased"
        SEALED = False
        reason: str
        visa: str

    @event(Submitted)
    def __init__(  # noqa: PLR0913, PLR0917 - one parameter per fact of the event
        self,
        reference: str,
        procedure_id: UUID,
        procedure_version: int,
        department_id: UUID,
        status: str,
        received_on: date,
        exchanges: bool,
        citizen_id: UUID | None,
        applicant: dict[str, str | None],
        answers: dict[str, Answer],
    ) -> None:
        self.reference = reference
        self.procedure_id = procedure_id
        self.procedure_version = procedure_version
        self.department_id = department_id
        self.status = Status(status)
        self.received_on = received_on
        self.has_exchanges = exchanges
        self.citizen_id = citizen_id
        self.applicant = applicant
        self.answers = answers
        self.acknowledged = False
        self.exchanges: dict[UUID, Exchange] = {}

    @classmethod
    def submit(cls, *, id: UUID, at: datetime, actor: Actor, deposit: Deposit) -> Self:  # noqa: A002 - the library's own word
        """File a request: received on the day of `at` in Paris, belonging to `actor` when it is a citizen.

        Refuses an applicant who cannot be named or reached.
        """
        deposit.applicant.check(at)
        return cls._begin(
            cls.Submitted,
            id=id,
            at=at,
            actor=actor,
            status=Status.SUBMITTED.value,
            received_on=paris_day(at),
            citizen_id=actor.id if actor.is_citizen_side else None,
            **(vars(deposit) | {"applicant": asdict(deposit.applicant)}),
        )

    def acknowledge(self, *, at: datetime, actor: Actor, recipient: str, subject: str, text: str) -> None:
        """Keep the exact text of the acknowledgement, once (CRPA L112-11)."""
        if not self.acknowledged:
            self._note(
                self.Acknowledged,
                at=at,
                actor=actor,
                received_on=self.received_on,
                recipient=recipient,
                subject=subject,
                text=text,
            )

    @event(Acknowledged)
    def _acknowledge(self) -> None:
        self.acknowledged = True

    def send_exchange(self, *, at: datetime, actor: Actor, exchange_id: UUID, text: str) -> None:
        """Write to the other side. Sending again what was sent is no news.

        Refuses a stranger, a procedure without exchanges, an empty message, one over `MESSAGE_LIMIT`, and
        another text under an id that was sent: somebody went back a page and wrote on.
        """
        self._must_concern(actor)
        if not self.has_exchanges:
            raise Forbidden("This procedure has no exchanges")
        if sent := self.exchanges.get(exchange_id):
            if sent.text == text:
                return
            raise Invalid("Another text under the same id", {"text": [SENT_ALREADY]})
        if not text.strip():
            raise Invalid("An empty message", {"text": ["Écrivez votre message."]})
        if len(text) > MESSAGE_LIMIT:
            raise Invalid(
                "A message too long",
                {"text": [f"Votre message est trop long : {len(text)} caractères, pour {MESSAGE_LIMIT} au plus."]},
            )
        side = _side(actor)
        self._note(self.ExchangeSent, at=at, actor=actor, exchange_id=exchange_id, side=side.value, text=text)

    @event(ExchangeSent)
    def _send_exchange(self, exchange_id: UUID, side: str, text: str) -> None:
        self.exchanges[exchange_id] = Exchange(side=Side(side), text=text)

    def read_exchange(self, *, at: datetime, actor: Actor, exchange_id: UUID) -> None:
        """Mark a message as read by its addressee. Reading what is read, or one's own words, is no news."""
        self._must_concern(actor)
        exchange = self.exchanges.get(exchange_id)
        if exchange is None:
            raise NotFound("No such exchange")
        side = _side(actor)
        if side is not exchange.side and not exchange.read:
            self._note(self.ExchangeRead, at=at, actor=actor, exchange_id=exchange_id, side=side.value)

    @event(ExchangeRead)
    def _read_exchange(self, exchange_id: UUID) -> None:
        self.exchanges[exchange_id].read = True

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """End the request for everyone; the store deletes its key in the same save (who and why stay).

        Refuses a motive that is no code (see `erasures`).
        """
        check_motive(reason, visa)
        self._note(self.Erased, at=at, actor=actor, reason=reason, visa=visa)

    @event(Erased)
    def _erase(self) -> None:
        pass

    def concerns(self, actor: Actor) -> bool:
        """Tell whether this is the actor's own request, or one of a department they work for."""
        own = actor.is_citizen_side and actor.id is not None and actor.id == self.citizen_id
        return own or actor.works_for(self.department_id)

    def _must_concern(self, actor: Actor) -> None:
        if not self.concerns(actor):
            raise Forbidden("This request is none of theirs")

    def _note(self, event_class: type[Any], *, at: datetime, actor: Actor, **facts: Any) -> None:
        where = {
            "reference": self.reference,
            "procedure_id": self.procedure_id,
            "procedure_version": self.procedure_version,
            "department_id": self.department_id,
            "status": self.status.value,
        }
        self._record(event_class, at=at, actor=actor, **(where | facts))


def _side(actor: Actor) -> Side:
    return Side.CITIZEN if actor.is_citizen_side else Side.TOWN
