"""« Liste des rendez-vous disponibles »: the free times of an agenda, a week at a time, each week an address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import flask

from espace_citoyen import dates
from espace_citoyen.aggregates.appointments import Agenda
from espace_citoyen.deadlines import paris_day
from espace_citoyen.projections import appointments
from espace_citoyen.projections.appointments import FreeStep
from espace_citoyen.web import context

WEEK = timedelta(days=7)
HORIZON = 26 * WEEK
"""How far ahead a place can be looked for."""
STRIDE = 4 * WEEK
"""How much of it is searched at once for the soonest place."""

Address = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Week:
    """The free times of a week by day; addresses of its neighbours, None where nothing can be offered."""

    monday: date
    sunday: date
    days: list[tuple[date, list[FreeStep]]]
    before: str | None
    after: str | None

    @property
    def title(self) -> str:
        """« Semaine du lundi 2 au dimanche 8 mars 2026 »: what both days share is said once."""
        first, last = dates.weekday(self.monday), dates.weekday(self.sunday)
        if self.monday.month == self.sunday.month:
            first = dates.weekday(self.monday).split("\N{NO-BREAK SPACE}", 1)[0]
        return f"Semaine du {first} au {last}"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the page of free times shows: a week, the soonest of all, the one chosen and whether it is gone."""

    agenda: Agenda
    week: Week
    soonest: FreeStep | None
    chosen: FreeStep | None
    gone: bool


def offer(agenda: Agenda, address: Address, *, wish: datetime | None = None) -> Offer:
    """What an agenda offers in the week that the address asks for, else in that of the wish, else in the soonest.

    `wish` is an instant chosen; it is offered again only if it is still free.
    """
    today = paris_day(context.now())
    soonest = next(_all(agenda, today), None)
    week = _week(agenda, today, _asked(today, wish, soonest), address)
    free = _free(agenda, *([paris_day(wish)] * 2)) if wish else []
    chosen = next((step for step in free if _same(step.starts_at, wish)), None)
    return Offer(
        agenda=agenda, week=week, soonest=soonest, chosen=chosen, gone=wish is not None and chosen is None
    )


def _week(agenda: Agenda, today: date, monday: date, address: Address) -> Week:
    steps = _free(agenda, monday, monday + WEEK - timedelta(days=1))
    days = [(day, list(times)) for day, times in groupby(steps, key=lambda step: paris_day(step.starts_at))]
    before, after = monday - WEEK, monday + WEEK
    return Week(
        monday=monday,
        sunday=after - timedelta(days=1),
        days=days,
        before=address(semaine=before) if before >= _monday(today) else None,
        after=address(semaine=after) if after <= today + HORIZON else None,
    )


def _asked(today: date, wish: datetime | None, soonest: FreeStep | None) -> date:
    """The Monday of the week to be shown, never before this week nor beyond the horizon."""
    said = flask.request.args.get("semaine", "")
    try:
        day = date.fromisoformat(said)
    except ValueError:
        known = wish or (soonest.starts_at if soonest else None)
        day = paris_day(known) if known else today
    return _monday(min(max(day, today), today + HORIZON))


def _all(agenda: Agenda, today: date) -> Iterator[FreeStep]:
    first = today
    while first <= today + HORIZON:
        yield from _free(agenda, first, first + STRIDE - timedelta(days=1))
        first += STRIDE


def _free(agenda: Agenda, first: date, last: date) -> list[FreeStep]:
    with context.portal().connection() as connection:
        return list(appointments.free_steps(connection, agenda, first=first, last=last, now=context.now()))


def _same(starts_at: datetime, wish: datetime | None) -> bool:
    """Whether two instants are one; in UTC, since an hour of Paris may come twice."""
    return wish is not None and starts_at.astimezone(UTC) == wish.astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
