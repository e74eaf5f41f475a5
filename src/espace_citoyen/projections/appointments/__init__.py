"""Agendas, the places taken in them, and appointments; nothing here says who comes, but which request."""

from espace_citoyen.projections.appointments.lists import (
    UPCOMING,
    AgendaRow,
    FreeStep,
    UpcomingAppointment,
    agendas_of,
    free_steps,
    upcoming,
    upcoming_count,
)
from espace_citoyen.projections.appointments.tables import HANDLERS, TABLES

__all__ = [
    "HANDLERS",
    "TABLES",
    "UPCOMING",
    "AgendaRow",
    "FreeStep",
    "UpcomingAppointment",
    "agendas_of",
    "free_steps",
    "upcoming",
    "upcoming_count",
]
