"""What stands above every tab of a request: where it is, who looks after it, what is expected of whom."""

from dataclasses import dataclass

import flask

from espace_citoyen.aggregates.actor import ActorKind
from espace_citoyen.aggregates.procedures import MANDATORY
from espace_citoyen.aggregates.requests import DECIDED, BookedSlot, ServiceRequest
from espace_citoyen.deadlines import paris_day
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import AskedBack, Caretaker
from espace_citoyen.web import context
from espace_citoyen.web.requests.view import View

Trail = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Head:
    """A request in brief, at the instant looked at.

    `asked` is what the applicant has to complete, `overdue` that its day is over; `lacks_appointment` that the
    procedure wants one and none was made. What the visitor may do about it is in `acts` and `may_cancel`.
    """

    in_charge: Caretaker | None
    meeting: BookedSlot | None
    asked: AskedBack | None
    overdue: bool
    lacks_appointment: bool
    acts: bool
    may_cancel: bool


def head_of(view: View) -> Head:
    """What the frame says above the tabs of a request."""
    request, acts = view.request, view.door == "citizen" and view.as_of is None
    asked = tabs.asked_back(view.events) if request.correction else None
    meeting_id = request.upcoming(view.now)
    return Head(
        in_charge=tabs.in_charge(view.events),
        meeting=request.appointments[meeting_id].slot if meeting_id else None,
        asked=asked if request.is_open else None,
        overdue=bool(asked and asked.due_on and asked.due_on < paris_day(view.now)),
        lacks_appointment=lacks_appointment(request),
        acts=acts,
        may_cancel=acts and may_cancel(request),
    )


def may_cancel(request: ServiceRequest) -> bool:
    """Whether the applicant can still cancel: while it is open and undecided (S31)."""
    return request.is_open and request.status not in DECIDED


def lacks_appointment(request: ServiceRequest) -> bool:
    """Whether the procedure wants an appointment and the request was never given one that stands."""
    wanted = request.appointments_are == MANDATORY and may_cancel(request)
    return wanted and all(each.cancelled for each in request.appointments.values())


def trail(view: View, step: str = "") -> Trail:
    """The way up from a page of a request: its list, itself, and the step being taken, if any."""
    reference, top = view.row.reference, _top(view.door)
    here = f"Demande {reference}"
    if not step:
        return [*top, (here, "")]
    return [*top, (here, flask.url_for(".request_page", reference=reference)), (step, "")]


def _top(door: str) -> Trail:
    if door == "staff":
        return [("Demandes à traiter", flask.url_for("staff.queue"))]
    if door == "audit":
        return [("Audit", flask.url_for("audit.home"))]
    if context.actor().kind is ActorKind.LINK_HOLDER:  # whoever follows by a link has no list of requests
        return [("Accueil", flask.url_for("public.home"))]
    return [("Mon accueil", flask.url_for("citizen.home")), ("Mes demandes", flask.url_for("citizen.requests"))]
