"""A request as one page shows it: its row, its events, the state they lead to, and the instant looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import flask

from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.projections import tabs
from espace_citoyen.projections.requests import RequestRow
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.web import context
from espace_citoyen.web.lookup import find


@dataclass(frozen=True, kw_only=True)
class View:
    """What a page about a request is made from; `as_of` when the request is shown as it was on a date (N02)."""

    row: RequestRow
    events: Sequence[RecordedEvent]
    request: ServiceRequest
    now: datetime
    as_of: datetime | None = None

    @property
    def door(self) -> str:
        """The door it is seen through: `citizen`, `staff` or `audit`."""
        return flask.request.blueprint or ""

    @property
    def side(self) -> Side:
        """The side of the counter it is seen from; an auditor stands with the town."""
        return Side.CITIZEN if context.actor().is_citizen_side else Side.TOWN

    @property
    def seen(self) -> int:
        """The version of the last event shown: a form sends it back, to be told if somebody wrote since."""
        return self.events[-1].version

    def address(self, tab: str, anchor: str | None = None) -> str:
        """The address of a tab at this door."""
        return flask.url_for(".request_tab", reference=self.row.reference, tab=tab, _anchor=anchor)


def look(reference: str, as_of: datetime | None = None) -> View:
    """Return the request of a reference as the visitor may see it, now or as recorded by `as_of` (inclusive).

    Raise NotFound, or Erased.
    """
    row = find(reference)
    events = context.portal().stream(row.request_id, until=as_of)
    if not events:
        raise NotFound("Not filed yet on that date")
    if tabs.is_erased(events):
        raise Erased("This request was erased")
    return View(row=row, events=events, request=tabs.state(events), now=as_of or context.now(), as_of=as_of)
