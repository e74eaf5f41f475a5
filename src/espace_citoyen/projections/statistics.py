"""How much was filed, by procedure, department and month: from envelopes alone: erasures change nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.requests import ServiceRequest
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
"""


_COUNT = """
INSERT INTO filed_by_month (month, department_id, procedure_id, filed)
SELECT month, department, procedure, count(*)
FROM unnest(%s::date[], %s::uuid[], %s::uuid[]) AS f (month, department, procedure)
GROUP BY month, department, procedure
ON CONFLICT (month, department_id, procedure_id) DO UPDATE SET filed = filed_by_month.filed + excluded.filed
"""


def _submitted(event: RecordedEvent) -> Iterable[Change]:
    said = event.envelope
    yield Change(_COUNT, (said["received_on"][:7] + "-01", said["department_id"], said["procedure_id"]))


HANDLERS = {ServiceRequest.Submitted: _submitted}


@dataclass(frozen=True, kw_only=True)
class Filed:
    """How many requests of one procedure a department received in a month (its first day), in Paris."""

    month: date
    department_id: UUID
    procedure_id: UUID
    filed: int


def filed(connection: Connection[Any]) -> list[Filed]:
    """Return the counts of every month, in order."""
    with connection.cursor(row_factory=class_row(Filed)) as cursor:
        return cursor.execute(
            "SELECT * FROM filed_by_month ORDER BY month, department_id, procedure_id"
        ).fetchall()
