"""Departments and how they are reached, and the people who work for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.staff import Department, StaffMember
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement

TABLES = """
CREATE TABLE department (
    department_id uuid PRIMARY KEY,
    name text NOT NULL,
    name_folded text NOT NULL,
    address text NOT NULL,
    email text NOT NULL,
    telephone text NOT NULL
);
CREATE TABLE staff_member (
    staff_id uuid PRIMARY KEY,
    name text NOT NULL,
    name_folded text NOT NULL,
    capacity text NOT NULL,
    departments uuid[] NOT NULL,
    roles text[] NOT NULL
);
"""


def _department_opened(event: RecordedEvent) -> Iterable[Statement]:
    said = event.event
    yield (
        "INSERT INTO department (department_id, name, name_folded, address, email, telephone)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (event.stream_id, said.name, fold(said.name), said.address, said.email, said.telephone),
    )


def _registered(event: RecordedEvent) -> Iterable[Statement]:
    said = event.event
    if said is not None:
        yield (
            "INSERT INTO staff_member (staff_id, name, name_folded, capacity, departments, roles)"
            " VALUES (%s, %s, %s, %s, %s::uuid[], %s::text[])",
            (event.stream_id, said.name, fold(said.name), said.capacity, said.departments, said.roles),
        )


def _erased(event: RecordedEvent) -> Iterable[Statement]:
    yield "DELETE FROM staff_member WHERE staff_id = %s", (event.stream_id,)


HANDLERS = {
    Department.Opened: _department_opened,
    StaffMember.Registered: _registered,
    StaffMember.Erased: _erased,
}


@dataclass(frozen=True, kw_only=True)
class DepartmentRow:
    """A department and how it is reached."""

    department_id: UUID
    name: str
    address: str
    email: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """Somebody who works for the town."""

    staff_id: UUID
    name: str
    capacity: str
    departments: list[UUID]
    roles: list[str]


_DEPARTMENT = "SELECT department_id, name, address, email, telephone FROM department "


def departments(connection: Connection[Any]) -> list[DepartmentRow]:
    """Return every department by name."""
    with connection.cursor(row_factory=class_row(DepartmentRow)) as cursor:
        return cursor.execute(_DEPARTMENT + "ORDER BY name_folded, department_id").fetchall()


def department(connection: Connection[Any], department_id: UUID) -> DepartmentRow | None:
    """Return one department, or None."""
    with connection.cursor(row_factory=class_row(DepartmentRow)) as cursor:
        return cursor.execute(_DEPARTMENT + "WHERE department_id = %s", (department_id,)).fetchone()


def members(connection: Connection[Any]) -> list[StaffRow]:
    """Return everybody who works for the town by name."""
    query = "SELECT staff_id, name, capacity, departments, roles FROM staff_member ORDER BY name_folded, staff_id"
    with connection.cursor(row_factory=class_row(StaffRow)) as cursor:
        return cursor.execute(query).fetchall()


def team(connection: Connection[Any], department_id: UUID) -> list[StaffRow]:
    """Return those who can take up a department's requests (its agents and managers) by name."""
    query = (
        "SELECT staff_id, name, capacity, departments, roles FROM staff_member"
        " WHERE %s = ANY(departments) AND roles && %s::text[] ORDER BY name_folded, staff_id"
    )
    with connection.cursor(row_factory=class_row(StaffRow)) as cursor:
        return cursor.execute(query, (department_id, [Role.AGENT.value, Role.MANAGER.value])).fetchall()
