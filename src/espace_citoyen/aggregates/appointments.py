"""Agendas and their slots: who takes a place first has it, whatever happens. Both are clear and name nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.refusals import AlreadyTaken, Invalid
from espace_citoyen.deadlines import PARIS

TAKEN = "Ce créneau vient d’être pris\N{NO-BREAK SPACE}: choisissez-en un autre."


@dataclass(frozen=True, kw_only=True)
class Opening:
    """When an agenda is open every week: a day (0 is Monday), from and to, on the clocks of Paris."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Step:
    """One place that an agenda offers, aware and in Paris time; `desk` counts from 1."""

    desk: int
    starts_at: datetime
    ends_at: datetime


class Agenda(Aggregate):
    """Where and when a department receives; the length of a step is fixed for the agenda's life."""

    TOPIC = "agenda"

    class Event(Aggregate.Event):
        TOPIC = "agenda:event"
        SEALED = False

    class Opened(Event, Created):
        TOPIC = "agenda:opened"
        name: str
        department_id: UUID
        place: str
        step_minutes: int
        desks: int
        openings: list[dict[str, Any]]

    @event(Opened)
    def __init__(
        self,
        name: str,
        department_id: UUID,
        place: str,
        step_minutes: int,
        desks: int,
        openings: list[dict[str, Any]],
    ) -> None:
        self.name = name
        self.department_id = department_id
        self.place = place
        self.step = timedelta(minutes=step_minutes)
        self.desks = desks
        self.openings = tuple(_opening(each) for each in openings)

    @classmethod
    def open(
        cls,
        *,
        id: UUID,  # noqa: A002 - the library's own word
        at: datetime,
        actor: Actor,
        name: str,
        department_id: UUID,
        receives: "Receives",
    ) -> Self:
        """Open an agenda for a department; refuses one without name, desk, length of step or opening hours."""
        receives.check()
        if not name.strip():
            raise Invalid("An agenda needs a name", {"name": ["Donnez un nom à l’agenda."]})
        return cls._begin(
            cls.Opened,
            id=id,
            at=at,
            actor=actor,
            name=name.strip(),
            department_id=department_id,
            place=receives.place,
            step_minutes=receives.step_minutes,
            desks=receives.desks,
            openings=[_fact(each) for each in receives.openings],
        )

    def steps(self, first: date, last: date) -> Iterator[Step]:
        """Return every step offered from one day of Paris to another, both included, in order.

        A step lasts its real minutes: on the days when the clocks change none is longer, shorter or twice there.
        """
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for opening in self.openings:
                if opening.weekday == day.weekday():
                    yield from self._steps_of(day, opening)

    def offers(self, starts_at: datetime) -> bool:
        """Tell whether a step begins at that instant (aware)."""
        day = starts_at.astimezone(PARIS).date()
        wanted = starts_at.astimezone(UTC)  # an hour of Paris that comes twice equals no instant of another zone
        return any(step.starts_at.astimezone(UTC) == wanted for step in self.steps(day, day))

    def slot_id(self, desk: int, starts_at: datetime) -> UUID:
        """Compute the id of a place: the second who wants it finds the first."""
        return uuid5(self.id, f"{desk} {starts_at.astimezone(UTC).isoformat()}")

    def _steps_of(self, day: date, opening: Opening) -> Iterator[Step]:
        starts_at = datetime.combine(day, opening.opens, PARIS).astimezone(UTC)
        closes_at = datetime.combine(day, opening.closes, PARIS).astimezone(UTC)
        while starts_at + self.step <= closes_at:
            ends_at = starts_at + self.step
            for desk in range(1, self.desks + 1):
                yield Step(desk=desk, starts_at=starts_at.astimezone(PARIS), ends_at=ends_at.astimezone(PARIS))
            starts_at = ends_at


@dataclass(frozen=True, kw_only=True)
class Receives:
    """How an agenda receives: where, for how long at a time, at how many desks at once, when in the week."""

    place: str
    step_minutes: int
    desks: int
    openings: tuple[Opening, ...]

    def check(self) -> None:
        """Refuse, beside the field, what cannot be."""
        wrong: dict[str, list[str]] = {}
        if not 5 <= self.step_minutes <= 480:
            wrong["step_minutes"] = ["Un rendez-vous dure de 5 minutes à 8 heures."]
        if not 1 <= self.desks <= 100:
            wrong["desks"] = ["Il faut au moins un guichet."]
        if not self.openings or any(each.opens >= each.closes for each in self.openings):
            wrong["openings"] = ["Donnez des heures d’ouverture, chacune avec une fin après son début."]
        if wrong:
            raise Invalid("This agenda cannot be", wrong)


class Slot(Aggregate):
    """One place: an agenda, a desk, an instant. At most one request has it at a time."""

    TOPIC = "slot"

    class Event(Aggregate.Event):
        TOPIC = "slot:event"
        SEALED = False

    class Opened(Event, Created):
        TOPIC = "slot:opened"
        agenda_id: UUID
        desk: int
        starts_at: datetime
        ends_at: datetime

    class Booked(Event):
        TOPIC = "slot:booked"
        agenda_id: UUID
        request_id: UUID

    class Freed(Event):
        TOPIC = "slot:freed"
        agenda_id: UUID
        request_id: UUID

    @event(Opened)
    def __init__(self, agenda_id: UUID, desk: int, starts_at: datetime, ends_at: datetime) -> None:
        self.agenda_id = agenda_id
        self.desk = desk
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.request_id: UUID | None = None

    @classmethod
    def open(cls, *, id: UUID, at: datetime, actor: Actor, agenda_id: UUID, step: Step) -> Self:  # noqa: A002 - the library's own word
        """Begin the life of a place that nobody has had yet."""
        return cls._begin(
            cls.Opened,
            id=id,
            at=at,
            actor=actor,
            agenda_id=agenda_id,
            desk=step.desk,
            starts_at=step.starts_at.astimezone(UTC),
            ends_at=step.ends_at.astimezone(UTC),
        )

    def book(self, *, at: datetime, actor: Actor, request_id: UUID) -> None:
        """Take the place; the request that has it already is no news. Refuses a place that is taken."""
        if self.request_id == request_id:
            return
        if self.request_id is not None:
            raise AlreadyTaken(TAKEN)
        self._record(self.Booked, at=at, actor=actor, agenda_id=self.agenda_id, request_id=request_id)

    @event(Booked)
    def _book(self, request_id: UUID) -> None:
        self.request_id = request_id

    def free(self, *, at: datetime, actor: Actor, request_id: UUID) -> None:
        """Give the place back; one that the request does not have is no news."""
        if self.request_id == request_id:
            self._record(self.Freed, at=at, actor=actor, agenda_id=self.agenda_id, request_id=request_id)

    @event(Freed)
    def _free(self) -> None:
        self.request_id = None


def _fact(opening: Opening) -> dict[str, Any]:
    return {
        "weekday": opening.weekday,
        "opens": opening.opens.isoformat("minutes"),
        "closes": opening.closes.isoformat("minutes"),
    }


def _opening(fact: dict[str, Any]) -> Opening:
    return Opening(
        weekday=fact["weekday"],
        opens=time.fromisoformat(fact["opens"]),
        closes=time.fromisoformat(fact["closes"]),
    )
