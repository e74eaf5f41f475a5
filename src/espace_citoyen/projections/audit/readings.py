"""The access log as it is read: who consulted which request, with the names that ids have today (P15)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.projections import staff
from espace_citoyen.store import access_log
from espace_citoyen.store.access_log import Access, Sought


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A line of the log; `viewer` is empty when they are no longer known, `reference` stays after an erasure."""

    access: Access
    viewer: str
    reference: str


def people(connection: Connection[Any]) -> Mapping[UUID, str]:
    """Return everybody who may appear in the log by name and capacity, in the order of names."""
    return {each.staff_id: f"{each.name}, {each.capacity}" for each in staff.members(connection)}


def readings(portal: Portal, sought: Sought, *, number: int, size: int) -> tuple[list[Reading], int]:
    """Return a page (from 1) of the accesses looked for, the latest first, and how many there are in all."""
    with portal.connection() as connection:
        found = access_log.page(connection, sought, number=number, size=size)
        total = access_log.count(connection, sought)
        names = {each.staff_id: each.name for each in staff.members(connection)}
        known = _references(connection, {each.request_id for each in found})
    lines = [
        Reading(
            access=each,
            viewer=names.get(each.viewer_id, ""),
            reference=known.get(each.request_id) or _of_an_erased(portal, each.request_id),
        )
        for each in found
    ]
    return lines, total


def _references(connection: Connection[Any], request_ids: Iterable[UUID]) -> dict[UUID, str]:
    query = "SELECT request_id, reference FROM request WHERE request_id = ANY(%s)"
    return {row["request_id"]: row["reference"] for row in connection.execute(query, (list(request_ids),))}


def _of_an_erased(portal: Portal, request_id: UUID) -> str:
    """The reference is in clear in every event, and outlives the read model's row."""
    reference: str = portal.stream(request_id)[0].envelope["reference"]
    return reference
