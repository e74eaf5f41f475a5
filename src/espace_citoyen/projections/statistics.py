"""How much was filed and decided, by procedure and month: from envelopes alone: erasures change nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.deadlines import paris_day
from espace_citoyen.projections.changes import Change
from espace_citoyen.store.log import RecordedEvent

TABLES = """
CREATE TABLE filed_by_month (
    month date NOT NULL,
    department_id uuid NOT NULL,
    procedure_id uuid NOT NULL,
    filed bigint NOT NULL,
    PRIMARY KEY (month, department_id, procedure_id)
);
CREATE TABLE decided_by_month (
    month date NOT NULL,
    department_id uuid NOT NULL,
    procedure_id uuid NOT NULL,
    outcome text NOT NULL,
    decided bigint NOT NULL,
    PRIMARY KEY (month, department_id, procedure_id, outcome)
);
"""


_COUNT = """
INSERT INTO filed_by_month (month, department_id, procedure_id, filed)
SELECT month, department, procedure, count(*)
FROM unnest(%s::date[], %s::uuid[], %s::uuid[]) AS f (month, department, procedure)
GROUP BY month, department, procedure
ON CONFLICT (month, department_id, procedure_id) DO UPDATE SET filed = filed_by_month.filed + excluded.filed
"""
_COUNT_DECIDED = """
INSERT INTO decided_by_month (month, department_id, procedure_id, outcome, decided)
SELECT month, department, procedure, outcome, count(*)
FROM unnest(%s::date[], %s::uuid[], %s::uuid[], %s::text[]) AS f (month, department, procedure, outcome)
GROUP BY month, department, procedure, outcome
ON CONFLICT (month, department_id, procedure_id, outcome)
DO UPDATE SET decided = decided_by_month.decided + excluded.decided
"""


def _submitted(event: RecordedEvent) -> Iterable[Change]:
    said = event.envelope
    yield Change(_COUNT, (said["received_on"][:7] + "-01", said["department_id"], said["procedure_id"]))


def _decided(event: RecordedEvent) -> Iterable[Change]:
    said = event.envelope
    day = said.get("effective_on") or paris_day(datetime.fromisoformat(said["at"])).isoformat()
    yield Change(_COUNT_DECIDED, (day[:7] + "-01", said["department_id"], said["procedure_id"], said["status"]))


HANDLERS = {
    ServiceRequest.Submitted: _submitted,
    ServiceRequest.Decided: _decided,
    ServiceRequest.SettledBySilence: _decided,
}


@dataclass(frozen=True, kw_only=True)
class Filed:
    """How many requests of one procedure a department received in a month (its first day), in Paris."""

    month: date
    department_id: UUID
    procedure_id: UUID
    filed: int


@dataclass(frozen=True, kw_only=True)
class Decided:
    """How many decisions of one outcome a department made on a procedure in a month (its first day), in Paris.

    Silence decides on the day when the law says so. A decision counts even when the request was reopened since.
    """

    month: date
    department_id: UUID
    procedure_id: UUID
    outcome: str
    decided: int


def filed(connection: Connection[Any]) -> list[Filed]:
    """Return the counts of every month, in order."""
    with connection.cursor(row_factory=class_row(Filed)) as cursor:
        return cursor.execute(
            "SELECT * FROM filed_by_month ORDER BY month, department_id, procedure_id"
        ).fetchall()


def decided(connection: Connection[Any]) -> list[Decided]:
    """Return the counts of every month and outcome, in order."""
    with connection.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(
            "SELECT * FROM decided_by_month ORDER BY month, department_id, procedure_id, outcome"
        ).fetchall()
