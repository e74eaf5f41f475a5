"""Opening agendas: where and when departments receive."""

from datetime import datetime
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.appointments import Agenda, Receives
from espace_citoyen.application import Portal


def open_agenda(
    portal: Portal, *, at: datetime, actor: Actor, name: str, department_id: UUID, receives: Receives
) -> UUID:
    """Open an agenda for a department and return its id; raise Invalid with the fields to correct."""
    agenda = Agenda.open(id=uuid4(), at=at, actor=actor, name=name, department_id=department_id, receives=receives)
    portal.record(agenda)
    return agenda.id
