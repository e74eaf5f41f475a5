"""A request as one page shows it: its row, its events, the state they lead to, and the instant looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import flask

from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.projections import tabs
from espace_citoyen.projections.requests import RequestRow
from espace_citoyen.projections.tabs import Word
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.web import context
from espace_citoyen.web.lookup import find
from espace_citoyen.web.requests import access


@dataclass(frozen=True, kw_only=True)
class View:
    """What a page about a request is made from.

    `as_of` when the request is shown as it was on a date (N02); `later` then holds what was recorded since.
    """

    row: RequestRow
    events: Sequence[RecordedEvent]
    request: ServiceRequest
    now: datetime
    as_of: datetime | None = None
    later: Sequence[RecordedEvent] = ()

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

    @property
    def notes(self) -> list[Word]:
        """The private notes of the services; none for the applicant's side (P08)."""
        return [] if self.side is Side.CITIZEN else tabs.notes(self.events)

    def address(self, tab: str, anchor: str | None = None) -> str:
        """The address of a tab at this door, at the instant looked at."""
        asked = flask.request.args.get("au") if self.as_of else None
        return flask.url_for(".request_tab", reference=self.row.reference, tab=tab, au=asked, _anchor=anchor)

    def file(self, file_id: UUID, *, show: bool = False) -> str:
        """The address of a file at this door and instant; to `show` it rather than save it, if a browser can."""
        asked = flask.request.args.get("au") if self.as_of else None
        shown = "" if show else None
        reference = self.row.reference
        return flask.url_for(".attachment_file", reference=reference, file_id=file_id, au=asked, voir=shown)


class NotYet(NotFound):
    """Nothing was recorded of the request by the instant asked for; `events` are those that came later."""

    def __init__(self, events: Sequence[RecordedEvent]) -> None:
        super().__init__("Not filed yet on that date")
        self.events = events


def look(reference: str, as_of: datetime | None = None, *, what: str = "") -> View:
    """Return the request of a reference as the visitor may see it, now or as recorded by `as_of` (inclusive).

    A reading by the town's people is logged first, under `what` (see `access.note`). Raise NotFound, NotYet, or
    Erased.
    """
    row = find(reference)
    recorded = context.portal().stream(row.request_id)
    if not recorded:
        raise NotFound("No such stream")
    if tabs.is_erased(recorded):
        raise Erased("This request was erased")
    events = tabs.recorded_by(recorded, as_of)
    if not events:
        raise NotYet(recorded)
    access.note(row.request_id, what=what, as_of=as_of)
    request = tabs.state(events)
    return View(
        row=_folded(row, events, request, as_of),
        events=events,
        request=request,
        now=as_of or context.now(),
        as_of=as_of,
        later=recorded[len(events) :],
    )


def _folded(
    row: RequestRow, events: Sequence[RecordedEvent], request: ServiceRequest, as_of: datetime | None
) -> RequestRow:
    """The row as these events make it, at every door alike: the read model's is of another instant."""
    actor = context.actor()
    reads = actor.is_citizen_side or actor.works_for(request.department_id)
    side = Side.CITIZEN if actor.is_citizen_side else Side.TOWN
    waiting = [each for each in request.exchanges.values() if each.side is not side and not each.read]
    department = row.department_name
    if as_of is not None:
        department = context.portal().get(Department, request.department_id).name
    return replace(
        row,
        department_name=department,
        status=request.status.value,
        archived_at=tabs.archived_at(events),
        has_exchanges=request.has_exchanges,
        unread=len(waiting) if reads else 0,
        due_on=request.correction.due_on if request.correction else None,
    )
