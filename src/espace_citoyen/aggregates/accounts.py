"""A citizen's space: identity, address and means of contact (S01, S02). Secrets live elsewhere."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.refusals import Invalid


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who someone is and how to reach them; `preferred_contact` is `email`, `telephone`, `sms` or `post`."""

    title: str
    first_name: str
    last_name: str
    email: str
    address: str = ""
    postcode: str = ""
    town: str = ""
    mobile: str = ""
    telephone: str = ""
    birth_date: str | None = None
    preferred_contact: str = "email"

    @property
    def full_name(self) -> str:
        """First and last name, as on correspondence."""
        return f"{self.first_name} {self.last_name}"


CONTACTS = frozenset({"email", "telephone", "sms", "post"})


class Account(Aggregate):
    """A citizen's space. Its username is a claim, its password a plain row: neither is in the events."""

    TOPIC = "account"

    class Event(Aggregate.Event):
        TOPIC = "account:event"

    class Opened(Event, Created):
        TOPIC = "account:opened"
        username_claim: UUID
        person: dict[str, str | None]

    class Erased(Event):
        TOPIC = "account:erased"
        SEALED = False
        reason: str
        visa: str

    @event(Opened)
    def __init__(self, username_claim: UUID, person: dict[str, str | None]) -> None:
        self.username_claim = username_claim
        self.person = Person(**person)  # type: ignore[arg-type]  # the keys are Person's own

    @event(Erased)
    def _erase(self) -> None:
        pass

    @classmethod
    def open(cls, *, id: UUID, at: datetime, actor: Actor, username_claim: UUID, person: Person) -> Self:  # noqa: A002 - the library's own word
        """Open a space; refuses one without title, names or e-mail (S01)."""
        missing = [
            name for name in ("title", "first_name", "last_name", "email") if not getattr(person, name).strip()
        ]
        if missing:
            raise Invalid("Identity is incomplete", {name: ["Remplissez ce champ."] for name in missing})
        if person.preferred_contact not in CONTACTS:
            raise Invalid("Unknown contact", {"preferred_contact": ["Choisissez un moyen de contact."]})
        if person.birth_date and date.fromisoformat(person.birth_date) > at.date():
            raise Invalid("Born in the future", {"birth_date": ["La date de naissance est dans le futur."]})
        return cls._begin(
            cls.Opened, id=id, at=at, actor=actor, username_claim=username_claim, person=asdict(person)
        )

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """End the space: its key goes in the same save."""
        self._record(self.Erased, at=at, actor=actor, reason=reason, visa=visa)
