"""Who looks after a request, what the services note about it, and its end."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal, decide_again
from espace_citoyen.commands.accounts import actor_of
from espace_citoyen.commands.requests.appointments import free_slot
from espace_citoyen.commands.requests.exchanges import MESSAGE_TRIES


@decide_again()
def take_up(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID) -> int:
    """Look after a request oneself and return the position; raise ChangedMeanwhile when a colleague was first."""
    request = portal.get(ServiceRequest, request_id)
    request.take_up(at=at, actor=actor)
    return portal.record(request)


@decide_again()
def assign(
    portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, assignee_id: UUID, seen: int | None = None
) -> int:
    """Give a request to an agent of its department and return the position."""
    request = portal.get(ServiceRequest, request_id)
    assignee = actor_of(portal, kind="staff", holder_id=assignee_id)
    request.assign(at=at, actor=actor, assignee=assignee, seen=seen)
    return portal.record(request)


@decide_again()
def pass_on(  # noqa: PLR0913 - to whom, why, and the page it was decided on
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    department_id: UUID,
    reasons: str,
    seen: int | None = None,
) -> int:
    """Pass a request to another department and return the position."""
    request = portal.get(ServiceRequest, request_id)
    to = (department_id, portal.get(Department, department_id).name)
    request.pass_on(at=at, actor=actor, to=to, reasons=reasons, seen=seen)
    return portal.record(request)


@decide_again(MESSAGE_TRIES)
def add_note(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, note_id: UUID, text: str) -> int:
    """Note something for the services alone and return the position; `note_id` makes a repeat no news."""
    request = portal.get(ServiceRequest, request_id)
    request.add_note(at=at, actor=actor, note_id=note_id, text=text)
    return portal.record(request)


@decide_again()
def cancel_request(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, reasons: str = "") -> int:
    """Cancel and archive one's request, its appointment freed in the same save; return the position (S31)."""
    request = portal.get(ServiceRequest, request_id)
    upcoming = request.upcoming(at)
    request.cancel(at=at, actor=actor, reasons=reasons)
    return _record(portal, request, upcoming, at=at, actor=actor)


@decide_again()
def archive_request(portal: Portal, *, at: datetime, actor: Actor, request_id: UUID) -> int:
    """Put a decided request away and return the position."""
    request = portal.get(ServiceRequest, request_id)
    upcoming = request.upcoming(at)
    request.archive(at=at, actor=actor)
    return _record(portal, request, upcoming, at=at, actor=actor)


def _record(portal: Portal, request: ServiceRequest, upcoming: UUID | None, *, at: datetime, actor: Actor) -> int:
    """Record the end of a request, with the place it no longer needs."""
    if upcoming is None or not request.appointments[upcoming].cancelled:
        return portal.record(request)
    return portal.record(request, free_slot(portal, request, upcoming, at=at, actor=actor))
