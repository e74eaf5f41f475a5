"""A procedure of the town (démarche) and its successive versions: what is asked, by which department."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.typed import (
    NOT_AN_EMAIL,
    UNWRITABLE,
    is_day,
    is_email,
    is_one_line,
    is_telephone,
    is_writable,
)

FIELD_KINDS = frozenset({"text", "long_text", "number", "date", "choice", "email", "telephone", "box"})

NO_APPOINTMENT, OPTIONAL, MANDATORY = "none", "optional", "mandatory"
APPOINTMENTS = frozenset({NO_APPOINTMENT, OPTIONAL, MANDATORY})
"""Whether a request of a procedure goes with an appointment."""

LARGEST_NUMBER = 10**15
"""Beyond it a number is a slip of the hand, and other programs would round it."""

Answer = str | int | bool | None

_SENTENCES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "text": (is_one_line, "Écrivez sur une seule ligne."),
    "date": (is_day, "Écrivez une date qui existe."),
    "email": (is_email, NOT_AN_EMAIL),
    "telephone": (is_telephone, "Écrivez un numéro de téléphone, en chiffres."),
}


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One question of a form; `kind` is one of `FIELD_KINDS`, `max_length` counts characters."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()
    max_length: int = 500

    def refuses(self, answer: Answer) -> str | None:
        """Return the French sentence that says what is wrong with a cleaned answer, or None."""
        if self._is_blank(answer):
            return "Répondez à cette question." if self.required else None
        if self.kind == "box":
            return None if answer is True else "Cochez la case ou laissez-la vide."
        if self.kind == "number":
            return _refuses_number(answer)
        return self._refuses_text(answer)

    def _is_blank(self, answer: Answer) -> bool:
        if isinstance(answer, str):
            return not answer.strip()
        return answer is None or (answer is False and self.kind == "box")

    def _refuses_text(self, answer: Answer) -> str | None:
        if not isinstance(answer, str):
            return "Écrivez un texte."
        if not is_writable(answer):
            return UNWRITABLE
        if len(answer) > self.max_length:
            return f"Écrivez {self.max_length} caractères au plus."
        if self.kind == "choice" and answer not in self.choices:
            return "Choisissez une des réponses proposées."
        wrong = _SENTENCES.get(self.kind)
        return wrong[1] if wrong and not wrong[0](answer) else None


@dataclass(frozen=True, kw_only=True)
class ProcedureVersion:
    """What a procedure asks and promises, as published once and for all under a number.

    `appointments` is one of `APPOINTMENTS`; `agenda_id` says where they are booked.
    """

    number: int
    title: str
    area: str
    summary: str
    department_id: UUID
    fields: tuple[FormField, ...]
    exchanges: bool
    account_required: bool
    appointments: str = NO_APPOINTMENT
    agenda_id: UUID | None = None

    def check(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """Return the answers in the order of the form; refuse unknown, missing and impossible ones."""
        known = {field.name for field in self.fields}
        if unknown := sorted(set(answers) - known):
            raise Invalid(f"Unknown fields: {', '.join(unknown)}")
        wrong = {field.name: [said] for field in self.fields if (said := field.refuses(answers.get(field.name)))}
        if wrong:
            raise Invalid("Some answers cannot be accepted", wrong)
        return {field.name: answers.get(field.name) for field in self.fields}


class Procedure(Aggregate):
    """A procedure under a permanent address (`slug`); requests say which of its versions they answer."""

    TOPIC = "procedure"

    class Event(Aggregate.Event):
        TOPIC = "procedure:event"
        SEALED = False

    class Opened(Event, Created):
        TOPIC = "procedure:opened"
        slug: str

    class VersionPublished(Event):
        TOPIC = "procedure:version-published"
        class_version = 2
        number: int
        title: str
        area: str
        summary: str
        department_id: UUID
        fields: list[dict[str, Any]]
        exchanges: bool
        account_required: bool
        appointments: str
        agenda_id: UUID | None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Appointments came with version 2: what was published before has none."""
            state |= {"appointments": NO_APPOINTMENT, "agenda_id": None}

    @event(Opened)
    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.versions: dict[int, ProcedureVersion] = {}

    @classmethod
    def open(cls, *, id: UUID, at: datetime, actor: Actor, slug: str) -> Self:  # noqa: A002 - the library's own word
        """Open a procedure at an address; nothing can be filed before a version is published."""
        return cls._begin(cls.Opened, id=id, at=at, actor=actor, slug=slug)

    @property
    def current(self) -> ProcedureVersion:
        """The version to be filed today; refuses when none was published."""
        if not self.versions:
            raise NotFound("This procedure has no version yet")
        return self.versions[max(self.versions)]

    def publish(self, *, at: datetime, actor: Actor, version: ProcedureVersion) -> None:
        """Publish the next version; refuses a number already used, an untitled one, twins among fields."""
        if version.number != len(self.versions) + 1:
            raise Forbidden(f"The next version is number {len(self.versions) + 1}")
        if not version.title.strip():
            raise Invalid("A procedure needs a title", {"title": ["Donnez un titre à la démarche."]})
        if version.appointments not in APPOINTMENTS or (version.agenda_id is None) == (
            version.appointments != NO_APPOINTMENT
        ):
            raise Invalid("Appointments need an agenda", {"agenda_id": ["Choisissez l’agenda des rendez-vous."]})
        _check_fields(version.fields)
        facts = vars(version) | {"fields": [_field_fact(field) for field in version.fields]}
        self._record(self.VersionPublished, at=at, actor=actor, **facts)

    @event(VersionPublished)
    def _publish(  # noqa: PLR0913, PLR0917 - one parameter per fact of the event
        self,
        number: int,
        title: str,
        area: str,
        summary: str,
        department_id: UUID,
        fields: list[dict[str, Any]],
        exchanges: bool,
        account_required: bool,
        appointments: str,
        agenda_id: UUID | None,
    ) -> None:
        self.versions[number] = ProcedureVersion(
            number=number,
            title=title,
            area=area,
            summary=summary,
            department_id=department_id,
            fields=tuple(FormField(**(field | {"choices": tuple(field["choices"])})) for field in fields),
            exchanges=exchanges,
            account_required=account_required,
            appointments=appointments,
            agenda_id=agenda_id,
        )


def _field_fact(field: FormField) -> dict[str, Any]:
    return asdict(field) | {"choices": list(field.choices)}


def _check_fields(fields: Sequence[FormField]) -> None:
    names = [field.name for field in fields]
    if len(set(names)) != len(names):
        raise Invalid("Two fields bear the same name", {"fields": ["Deux questions portent le même nom."]})
    for field in fields:
        if field.kind not in FIELD_KINDS or (field.kind == "choice" and not field.choices):
            raise Invalid(
                f"Field {field.name} is ill-formed",
                {"fields": [f"La question «\N{NO-BREAK SPACE}{field.label}\N{NO-BREAK SPACE}» est incomplète."]},
            )


def _refuses_number(answer: Answer) -> str | None:
    if type(answer) is not int:
        return "Écrivez un nombre entier, en chiffres."
    return None if abs(answer) < LARGEST_NUMBER else "Écrivez un nombre plus petit."
