"""A citizen's space: identity, address and means of contact (S01, S02). Secrets live elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.typed import (
    NOT_A_NAME,
    NOT_AN_EMAIL,
    UNWRITABLE,
    is_day,
    is_email,
    is_name,
    is_one_line,
    is_telephone,
    is_writable,
)
from espace_citoyen.deadlines import paris_day


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

    def check(self, at: datetime) -> None:
        """Refuse, beside each field, what is missing or cannot be; `at` tells which birthdays have been."""
        wrong = {name: [said] for name in vars(self) if (said := self._refuses(name, at))}
        if wrong:
            raise Invalid("Identity is incomplete", wrong)

    def _refuses(self, name: str, at: datetime) -> str | None:
        text = getattr(self, name) or ""
        if not text.strip():
            return "Remplissez ce champ." if name in _REQUIRED else None
        if len(text) > _LIMITS.get(name, 200):
            return f"Écrivez {_LIMITS.get(name, 200)} caractères au plus."
        right, said = _CHECKS.get(name, _ONE_LINE)
        if not right(text):
            return said
        if name == "birth_date" and date.fromisoformat(text) > paris_day(at):
            return "La date de naissance est dans le futur."
        return None


CONTACTS = frozenset({"email", "telephone", "sms", "post"})

_REQUIRED = frozenset({"title", "first_name", "last_name", "email"})
_LIMITS = {"title": 20, "postcode": 20, "address": 500}
_ONE_LINE = (is_one_line, "Écrivez sur une seule ligne.")
_PHONE = (is_telephone, "Écrivez un numéro de téléphone, en chiffres.")
_NAME = (is_name, NOT_A_NAME)
_CHECKS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "first_name": _NAME,
    "last_name": _NAME,
    "email": (is_email, NOT_AN_EMAIL),
    "mobile": _PHONE,
    "telephone": _PHONE,
    "address": (is_writable, UNWRITABLE),
    "birth_date": (is_day, "Écrivez une date qui existe."),
    "preferred_contact": (CONTACTS.__contains__, "Choisissez un moyen de contact."),
}


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
        person.check(at)
        return cls._begin(
            cls.Opened, id=id, at=at, actor=actor, username_claim=username_claim, person=asdict(person)
        )

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """End the space: its key goes in the same save. Refuses a motive that is no code (see `erasures`)."""
        check_motive(reason, visa)
        self._record(self.Erased, at=at, actor=actor, reason=reason, visa=visa)
