"""A request as it was (N02): the instant that an address asks for, in words, and the way from event to event."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import flask

from espace_citoyen import dates
from espace_citoyen.projections.wording import sentence
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.web import forms
from espace_citoyen.web.requests.view import View
from espace_citoyen.web.schemas.audit import HOUR, Moment

ARGUMENT = "au"
"""The parameter of an address that says as of when a page is asked for."""


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Where in its history a request is looked at: after which event of how many, and the ways from there.

    `said` is the instant in words, empty when the request is shown as it is now; addresses are None at an end.
    """

    said: str
    rank: int
    total: int
    event: str
    recorded_at: datetime
    previous: str | None
    following: str | None
    now: str
    form: forms.Form


def asked() -> datetime | None:
    """The instant that the address asks for (see `dates.as_of`), None for now; raise ValueError for nonsense."""
    text = flask.request.args.get(ARGUMENT, "")
    return dates.as_of(text) if text else None


def of(view: View) -> Replay:
    """How to go on from the instant looked at."""
    last, earlier = view.events[-1], _before(view.events)
    return Replay(
        said=dates.instant(view.as_of) if view.as_of else "",
        rank=len(view.events),
        total=len(view.events) + len(view.later),
        event=sentence(last),
        recorded_at=last.recorded_at,
        previous=at(earlier.recorded_at) if earlier else None,
        following=at(view.later[0].recorded_at) if view.later else None,
        now=flask.request.path,
        form=_form(view.as_of),
    )


def at(instant: datetime) -> str:
    """The address of the page being shown, as of an instant, to the microsecond."""
    return f"{flask.request.path}?{ARGUMENT}={written(instant)}"


def written(instant: datetime) -> str:
    """An instant as an address holds it."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def typed(form: forms.Form) -> str:
    """The instant typed, as an address holds it: a date, or a date and an hour of Paris."""
    day, hour = form.data["day"].isoformat(), re.fullmatch(HOUR, form.data.get("hour") or "")
    return f"{day}T{int(hour[1]):02}:{hour[2] or '00'}" if hour else day


def _form(as_of: datetime | None) -> forms.Form:
    if as_of is None:
        return forms.Form(schema=Moment())
    local = as_of.astimezone(dates.PARIS)
    hour = "" if local.time() == time.max else f"{local:%H:%M}"
    return forms.Form(schema=Moment(), typed={"day": local.date().isoformat(), "hour": hour})


def _before(events: Sequence[RecordedEvent]) -> RecordedEvent | None:
    """The last event recorded before the last one: events of one instant are passed together."""
    instant = events[-1].recorded_at
    return next((event for event in reversed(events) if event.recorded_at < instant), None)
