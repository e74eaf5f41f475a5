"""Appointments of a request: booked, moved, cancelled (S30). The slot itself is an aggregate of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.procedures import MANDATORY, NO_APPOINTMENT
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound, NotNow
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState
from espace_citoyen.aggregates.requests.values import Appointment, BookedSlot, Kind

PAST = "Ce rendez-vous est passé\N{NO-BREAK SPACE}: il ne peut plus être changé."
DROPPED = "Ce rendez-vous est annulé\N{NO-BREAK SPACE}: prenez-en un autre."
MOVED = "Ce rendez-vous a été déplacé entre-temps\N{NO-BREAK SPACE}: regardez la nouvelle date."
GIVEN_ALREADY = "Un autre créneau a déjà été choisi sur cette page. Pour en changer, modifiez le rendez-vous."
ONE_ALREADY = "Un rendez-vous est déjà prévu pour cette demande\N{NO-BREAK SPACE}: modifiez-le plutôt."
NEEDED = "Cette démarche demande un rendez-vous\N{NO-BREAK SPACE}: vous pouvez le déplacer, pas l’annuler."


class AppointmentBooked(RequestEvent):
    """A slot is the request's."""

    TOPIC = "request:appointment-booked"
    KIND = Kind.APPOINTMENT
    appointment_id: UUID
    slot: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """It holds."""
        super().apply(aggregate)
        aggregate.appointments[self.appointment_id] = Appointment(slot_of(self.slot))


class AppointmentMoved(RequestEvent):
    """One gesture, one fact: the former appointment no longer holds, the new one does."""

    TOPIC = "request:appointment-moved"
    KIND = Kind.APPOINTMENT
    appointment_id: UUID
    former_id: UUID
    slot: dict[str, Any]
    former_slot: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """Both are kept."""
        super().apply(aggregate)
        former = aggregate.appointments[self.former_id]
        former.cancelled, former.moved_to = True, self.appointment_id
        aggregate.appointments[self.appointment_id] = Appointment(slot_of(self.slot))


class AppointmentCancelled(RequestEvent):
    """An appointment no longer holds."""

    TOPIC = "request:appointment-cancelled"
    KIND = Kind.APPOINTMENT
    appointment_id: UUID
    slot: dict[str, Any]

    def apply(self, aggregate: RequestState) -> None:
        """It stays in the list, as cancelled."""
        super().apply(aggregate)
        aggregate.appointments[self.appointment_id].cancelled = True


class AppointmentsPart(RequestState):
    """When an appointment can be had, moved and dropped."""

    def upcoming(self, at: datetime) -> UUID | None:
        """Return the appointment that still holds and has not begun, if there is one."""
        for appointment_id, appointment in self.appointments.items():
            if not appointment.cancelled and appointment.slot.starts_at > at:
                return appointment_id
        return None

    def has_appointment(self, actor: Actor, appointment_id: UUID, agenda_id: UUID, starts_at: datetime) -> bool:
        """Tell whether that appointment was made already, so that a repeat is no news.

        Refuses a stranger, and another place or time under an id in use: somebody went back a page.
        """
        self._must_concern(actor)
        known = self.appointments.get(appointment_id)
        if known is not None and (known.slot.agenda_id, known.slot.starts_at) != (agenda_id, starts_at):
            raise Invalid("Another slot under the same id", {"slot": [GIVEN_ALREADY]})
        return known is not None

    def book_appointment(self, *, at: datetime, actor: Actor, appointment_id: UUID, slot: BookedSlot) -> None:
        """Book a slot; the same one again is no news. The slot itself is claimed in the same save.

        Refuses a stranger, a citizen where the procedure has no appointments, a request cancelled or archived, a
        slot that has begun, and a second appointment while one is to come.
        """
        if self.has_appointment(actor, appointment_id, slot.agenda_id, slot.starts_at):
            return
        if actor.is_citizen_side and self.appointments_are == NO_APPOINTMENT:
            raise Forbidden("This procedure has no appointments")
        self._must_be_open()
        if self.upcoming(at) is not None:
            raise NotNow(ONE_ALREADY)
        _must_be_to_come(slot, at)
        self._note(AppointmentBooked, at=at, actor=actor, appointment_id=appointment_id, slot=fact_of(slot))

    def move_appointment(
        self,
        *,
        at: datetime,
        actor: Actor,
        former_id: UUID,
        appointment_id: UUID,
        slot: BookedSlot,
        seen: int | None = None,
    ) -> None:
        """Put another slot in the place of an appointment to come; the same one again is no news."""
        if self.has_appointment(actor, appointment_id, slot.agenda_id, slot.starts_at):
            return
        former = self._changeable(actor, former_id, at)
        self._must_have_seen(Kind.APPOINTMENT, seen)
        _must_be_to_come(slot, at)
        self._note(
            AppointmentMoved,
            at=at,
            actor=actor,
            appointment_id=appointment_id,
            former_id=former_id,
            slot=fact_of(slot),
            former_slot=fact_of(former.slot),
        )

    def cancel_appointment(
        self, *, at: datetime, actor: Actor, appointment_id: UUID, seen: int | None = None
    ) -> None:
        """Drop an appointment to come; one that is dropped already is no news.

        Refuses a citizen where the appointment is mandatory: it can be moved.
        """
        self._must_concern(actor)
        if (known := self.appointments.get(appointment_id)) and known.cancelled and known.moved_to is None:
            return
        appointment = self._changeable(actor, appointment_id, at)
        if actor.is_citizen_side and self.appointments_are == MANDATORY:
            raise NotNow(NEEDED)
        self._must_have_seen(Kind.APPOINTMENT, seen)
        self._drop(at=at, actor=actor, appointment_id=appointment_id, slot=appointment.slot)

    def _drop_upcoming(self, *, at: datetime, actor: Actor) -> None:
        """Drop the appointment to come, if any: the request is over."""
        if (appointment_id := self.upcoming(at)) is not None:
            slot = self.appointments[appointment_id].slot
            self._drop(at=at, actor=actor, appointment_id=appointment_id, slot=slot)

    def _drop(self, *, at: datetime, actor: Actor, appointment_id: UUID, slot: BookedSlot) -> None:
        self._note(AppointmentCancelled, at=at, actor=actor, appointment_id=appointment_id, slot=fact_of(slot))

    def _changeable(self, actor: Actor, appointment_id: UUID, at: datetime) -> Appointment:
        self._must_concern(actor)
        appointment = self.appointments.get(appointment_id)
        if appointment is None:
            raise NotFound("No such appointment")
        self._must_be_open()
        if appointment.cancelled:
            raise NotNow(DROPPED if appointment.moved_to is None else MOVED)
        if appointment.slot.starts_at <= at:
            raise NotNow(PAST)
        return appointment


def slot_of(fact: dict[str, Any]) -> BookedSlot:
    """Read a slot back from an event."""
    return BookedSlot(
        slot_id=UUID(fact["slot_id"]),
        agenda_id=UUID(fact["agenda_id"]),
        place=fact["place"],
        starts_at=datetime.fromisoformat(fact["starts_at"]),
        ends_at=datetime.fromisoformat(fact["ends_at"]),
    )


def fact_of(slot: BookedSlot) -> dict[str, Any]:
    """Write a slot into an event."""
    return {
        "slot_id": str(slot.slot_id),
        "agenda_id": str(slot.agenda_id),
        "place": slot.place,
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
    }


def _must_be_to_come(slot: BookedSlot, at: datetime) -> None:
    if slot.starts_at <= at:
        raise NotNow("Ce créneau est passé\N{NO-BREAK SPACE}: choisissez-en un autre.")
