"""Appointments: a slot and a request change together, in one save, or not at all."""

import random
from datetime import UTC, datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.appointments import TAKEN, Agenda, Slot, Step
from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import BookedSlot, ServiceRequest
from espace_citoyen.application import Portal, decide_again
from espace_citoyen.deadlines import paris_day

NOT_OFFERED = "Choisissez un des créneaux proposés."


@decide_again()
def book_appointment(
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    appointment_id: UUID,
    wish: tuple[UUID, datetime],
) -> int:
    """Book for a request a place of an agenda at an instant (`wish`) and return the position.

    Raise AlreadyTaken when no desk is free then, Invalid when the agenda offers nothing then; a repeat of the same
    `appointment_id` is no news.
    """
    request = portal.get(ServiceRequest, request_id)
    if request.has_appointment(actor, appointment_id, *wish):
        return portal.position()
    slot, booked = _take(portal, request, at=at, actor=actor, wish=wish)
    request.book_appointment(at=at, actor=actor, appointment_id=appointment_id, slot=booked)
    return portal.record(request, slot)


@decide_again()
def move_appointment(  # noqa: PLR0913 - which, to where, and the page it was decided on
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    former_id: UUID,
    appointment_id: UUID,
    wish: tuple[UUID, datetime],
    seen: int | None = None,
) -> int:
    """Put another place in that of an appointment: the new is taken and the former freed in one save.

    To the time it has already, it is no news. Raise as `book_appointment` does, and ChangedMeanwhile when `seen`
    is behind.
    """
    request = portal.get(ServiceRequest, request_id)
    if request.has_appointment(actor, appointment_id, *wish) or _is_there(request, former_id, wish):
        return portal.position()
    slot, booked = _take(portal, request, at=at, actor=actor, wish=wish)
    request.move_appointment(
        at=at, actor=actor, former_id=former_id, appointment_id=appointment_id, slot=booked, seen=seen
    )
    return portal.record(request, slot, free_slot(portal, request, former_id, at=at, actor=actor))


@decide_again()
def cancel_appointment(
    portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, appointment_id: UUID, seen: int | None = None
) -> int:
    """Drop an appointment and free its place in one save; return the position. Once done it is no news."""
    request = portal.get(ServiceRequest, request_id)
    before = request.version
    request.cancel_appointment(at=at, actor=actor, appointment_id=appointment_id, seen=seen)
    if request.version == before:  # the place may be the request's again, under another appointment
        return portal.position()
    return portal.record(request, free_slot(portal, request, appointment_id, at=at, actor=actor))


def free_slot(
    portal: Portal, request: ServiceRequest, appointment_id: UUID, *, at: datetime, actor: Actor
) -> Slot:
    """Return the slot of an appointment, given back by the request: to be recorded with it."""
    slot = portal.get(Slot, request.appointments[appointment_id].slot.slot_id)
    slot.free(at=at, actor=actor, request_id=request.id)
    return slot


def _is_there(request: ServiceRequest, former_id: UUID, wish: tuple[UUID, datetime]) -> bool:
    known = request.appointments.get(former_id)
    return known is not None and not known.cancelled and (known.slot.agenda_id, known.slot.starts_at) == wish


def _take(
    portal: Portal, request: ServiceRequest, *, at: datetime, actor: Actor, wish: tuple[UUID, datetime]
) -> tuple[Slot, BookedSlot]:
    """Take a free desk at random: those who come at once seldom want the same."""
    agenda = _agenda(portal, request, actor, wish[0])
    day = paris_day(wish[1])
    # In UTC: Python holds an hour of Paris that comes twice equal to no instant of another zone.
    wanted = wish[1].astimezone(UTC)
    steps = [step for step in agenda.steps(day, day) if step.starts_at.astimezone(UTC) == wanted]
    if not steps:
        raise Invalid("Nothing is offered then", {"slot": [NOT_OFFERED]})
    random.shuffle(steps)
    for step in steps:
        slot = _slot(portal, agenda, step, at=at, actor=actor)
        if slot.request_id is None:
            slot.book(at=at, actor=actor, request_id=request.id)
            return slot, BookedSlot(
                slot_id=slot.id,
                agenda_id=agenda.id,
                place=agenda.place,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
            )
    raise AlreadyTaken(TAKEN)


def _agenda(portal: Portal, request: ServiceRequest, actor: Actor, agenda_id: UUID) -> Agenda:
    """Return the agenda asked for: the procedure's, or for an agent any of the department's."""
    agenda = portal.get(Agenda, agenda_id)
    if agenda.id != request.agenda_id and not actor.works_for(agenda.department_id):
        raise Forbidden("Not an agenda of this request")
    return agenda


def _slot(portal: Portal, agenda: Agenda, step: Step, *, at: datetime, actor: Actor) -> Slot:
    slot_id = agenda.slot_id(step.desk, step.starts_at)
    try:
        return portal.get(Slot, slot_id)
    except NotFound:
        return Slot.open(id=slot_id, at=at, actor=actor, agenda_id=agenda.id, step=step)
