"""« Rendez-vous »: those of a request, held, moved and cancelled (S30)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.requests import BookedSlot, ServiceRequest
from espace_citoyen.aggregates.requests.appointments import slot_of
from espace_citoyen.store.log import RecordedEvent


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment: when and where, whether it holds, what replaced it or what it replaces."""

    appointment_id: UUID
    slot: BookedSlot
    booked_at: datetime
    cancelled_at: datetime | None = None
    moved_to: BookedSlot | None = None
    moved_from: BookedSlot | None = None

    def is_to_come(self, now: datetime) -> bool:
        """Whether it holds and has not begun."""
        return self.cancelled_at is None and self.slot.starts_at > now


def appointments(events: Sequence[RecordedEvent]) -> list[Meeting]:
    """Return every appointment in the order in which they were made."""
    found: dict[UUID, Meeting] = {}
    for event in events:
        said = event.event
        if event.topic == ServiceRequest.AppointmentBooked.TOPIC:
            found[said.appointment_id] = Meeting(said.appointment_id, slot_of(said.slot), said.timestamp)
        elif event.topic == ServiceRequest.AppointmentMoved.TOPIC:
            former, new = slot_of(said.former_slot), slot_of(said.slot)
            found[said.former_id] = replace(found[said.former_id], cancelled_at=said.timestamp, moved_to=new)
            found[said.appointment_id] = Meeting(said.appointment_id, new, said.timestamp, moved_from=former)
        elif event.topic == ServiceRequest.AppointmentCancelled.TOPIC:
            found[said.appointment_id] = replace(found[said.appointment_id], cancelled_at=said.timestamp)
    return list(found.values())
