"""What can be booked, and what is to come (S30, S35): counted when asked, since the clock changes it by itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.appointments import Agenda
from espace_citoyen.deadlines import PARIS
from espace_citoyen.projections import scope


@dataclass(frozen=True, kw_only=True)
class AgendaRow:
    """An agenda: where a department receives, for how many minutes at a time, at how many desks at once."""

    agenda_id: UUID
    name: str
    department_id: UUID
    place: str
    step_minutes: int
    desks: int


@dataclass(frozen=True, kw_only=True)
class UpcomingAppointment:
    """An appointment to come, under its request; instants are aware."""

    request_id: UUID
    reference: str
    procedure_title: str
    department_name: str
    appointment_id: UUID
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class FreeStep:
    """A time that an agenda still has free, in Paris; `desks` is how many can still have it."""

    starts_at: datetime
    ends_at: datetime
    desks: int


UPCOMING = "a.holder_id = ANY(%(readers)s) AND a.cancelled_at IS NULL AND a.starts_at > %(now)s"
"""For a query on `appointment a`: the viewer's own that stand and have not begun at `now`."""

_ROW = """
SELECT r.request_id, r.reference, r.procedure_title, r.department_name, a.appointment_id, a.place, a.starts_at,
    a.ends_at
FROM appointment a JOIN request r ON r.request_id = a.request_id
"""
_COUNT = "SELECT count(*) AS upcoming FROM appointment a"


def upcoming(connection: Connection[Any], *, viewer: Actor, now: datetime) -> list[UpcomingAppointment]:
    """Return the viewer's own appointments that have not begun at `now` (aware), the next one first (S35)."""
    query = f"{_ROW} WHERE {UPCOMING} ORDER BY a.starts_at, a.appointment_id"
    with connection.cursor(row_factory=class_row(UpcomingAppointment)) as cursor:
        return cursor.execute(query.encode(), scope.parameters(viewer) | {"now": now}).fetchall()


def upcoming_count(connection: Connection[Any], *, viewer: Actor, now: datetime) -> int:
    """Return how many appointments are to come at `now`: the number on the badge."""
    row = connection.execute(
        f"{_COUNT} WHERE {UPCOMING}".encode(), scope.parameters(viewer) | {"now": now}
    ).fetchone()
    return row["upcoming"] if row else 0


def agendas_of(connection: Connection[Any], department_ids: Iterable[UUID]) -> list[AgendaRow]:
    """Return the agendas of some departments by name."""
    query = (
        "SELECT agenda_id, name, department_id, place, step_minutes, desks FROM agenda"
        " WHERE department_id = ANY(%s) ORDER BY name_folded, agenda_id"
    )
    with connection.cursor(row_factory=class_row(AgendaRow)) as cursor:
        return cursor.execute(query, (list(department_ids),)).fetchall()


def free_steps(
    connection: Connection[Any], agenda: Agenda, *, first: date, last: date, now: datetime
) -> list[FreeStep]:
    """Return the times to come that an agenda offers and that a desk is free for, in order.

    From one day of Paris to another, both included. Somebody may take one before it is asked for.
    """
    # In UTC: on the night when the clocks go back, two times of Paris look the same.
    offered = [(step.desk, step.starts_at.astimezone(UTC)) for step in agenda.steps(first, last)]
    to_come = [(desk, starts_at) for desk, starts_at in offered if starts_at > now]
    if not to_come:
        return []
    rows = connection.execute(
        "SELECT desk, starts_at FROM slot WHERE agenda_id = %s AND taken AND starts_at BETWEEN %s AND %s",
        (agenda.id, to_come[0][1], to_come[-1][1]),
    )
    taken = {(row["desk"], row["starts_at"]) for row in rows}
    free = Counter(starts_at for desk, starts_at in to_come if (desk, starts_at) not in taken)
    return [
        FreeStep(
            starts_at=starts_at.astimezone(PARIS), ends_at=(starts_at + agenda.step).astimezone(PARIS), desks=desks
        )
        for starts_at, desks in free.items()
    ]
