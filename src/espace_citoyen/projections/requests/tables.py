"""The tables of requests and what each event changes in them."""

from collections.abc import Iterable
from typing import Any

from espace_citoyen.aggregates.procedures import MANDATORY
from espace_citoyen.aggregates.requests import ServiceRequest, Status
from espace_citoyen.projections.changes import Change
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.log import RecordedEvent

# The title (of a version, which never changes) and the department's name are copied onto the row: the home page
# then reads nothing but its own few rows. A queue of any length is read through the index of its column, and
# counted in `request_count`, which follows every change of a row. States sort as they follow each other.
TABLES = """
CREATE TABLE request (
    request_id uuid PRIMARY KEY,
    reference text NOT NULL,
    account_id uuid,
    department_id uuid NOT NULL,
    department_name text NOT NULL,
    procedure_id uuid NOT NULL,
    procedure_title text NOT NULL,
    procedure_folded text NOT NULL,
    applicant_name text NOT NULL,
    applicant_folded text NOT NULL,
    status text NOT NULL,
    status_rank integer NOT NULL GENERATED ALWAYS AS (array_position('{ranks}'::text[], status)) STORED,
    due_on date,
    assignee_id uuid,
    assignee_name text NOT NULL DEFAULT '',
    submitted_at timestamptz NOT NULL,
    archived_at timestamptz,
    last_message_at timestamptz,
    has_exchanges boolean NOT NULL,
    wants_appointment boolean NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX request_reference_idx ON request (reference);
CREATE INDEX request_account_idx ON request (account_id, submitted_at DESC, request_id);
CREATE INDEX request_to_do_idx ON request (account_id) WHERE status = 'correction_requested' OR wants_appointment;
CREATE INDEX request_queue_idx ON request (department_id, submitted_at, request_id) WHERE archived_at IS NULL;
CREATE INDEX request_queue_reference_idx ON request (department_id, reference, request_id)
    WHERE archived_at IS NULL;
CREATE INDEX request_queue_procedure_idx ON request (department_id, procedure_folded, request_id)
    WHERE archived_at IS NULL;
CREATE INDEX request_queue_applicant_idx ON request (department_id, applicant_folded, request_id)
    WHERE archived_at IS NULL;
CREATE INDEX request_queue_status_idx ON request (department_id, status_rank, submitted_at, request_id)
    WHERE archived_at IS NULL;
CREATE INDEX request_queue_message_idx
    ON request (department_id, coalesce(last_message_at, 'infinity'), request_id) INCLUDE (last_message_at)
    WHERE archived_at IS NULL;
CREATE INDEX request_queue_message_backwards_idx
    ON request (department_id, coalesce(last_message_at, '-infinity'), request_id) INCLUDE (last_message_at)
    WHERE archived_at IS NULL;
CREATE INDEX request_assignee_idx ON request (assignee_id) WHERE archived_at IS NULL AND assignee_id IS NOT NULL;
CREATE INDEX request_archive_idx ON request (department_id, archived_at, request_id) WHERE archived_at IS NOT NULL;
CREATE TABLE request_count (
    department_id uuid NOT NULL,
    status text NOT NULL,
    archived boolean NOT NULL,
    requests bigint NOT NULL,
    PRIMARY KEY (department_id, archived, status)
) WITH (fillfactor = 50);
""".replace("{ranks}", "{" + ",".join(Status) + "}")

# What changed of the rows is counted where it was and where it is, in the same statement.
_COUNTING = """
WITH {moved}, delta AS (
    SELECT department_id, status, archived, sum(n) AS n FROM moved
    GROUP BY department_id, status, archived HAVING sum(n) <> 0
)
MERGE INTO request_count c USING delta d
ON c.department_id = d.department_id AND c.archived = d.archived AND c.status = d.status
WHEN MATCHED AND c.requests + d.n = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET requests = c.requests + d.n
WHEN NOT MATCHED THEN INSERT (department_id, status, archived, requests)
    VALUES (d.department_id, d.status, d.archived, d.n)
"""
_INSERT = _COUNTING.format(
    moved="""
moved AS (
INSERT INTO request (request_id, reference, account_id, department_id, department_name, procedure_id,
    procedure_title, procedure_folded, applicant_name, applicant_folded, status, submitted_at, has_exchanges,
    wants_appointment)
SELECT f.id, f.reference, f.account, f.department, coalesce(d.name, ''), f.procedure,
    coalesce(v.title, ''), coalesce(v.title_folded, ''), f.name, f.folded, f.status, f.at, f.exchanges,
    f.appointment
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::integer[],
            %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::boolean[], %s::boolean[])
    AS f (id, reference, account, department, procedure, version, name, folded, status, at, exchanges, appointment)
LEFT JOIN department d ON d.department_id = f.department
LEFT JOIN procedure_version v ON v.procedure_id = f.procedure AND v.number = f.version
RETURNING department_id, status, false AS archived, 1 AS n
)"""
)
_STAND = _COUNTING.format(
    moved="""
stood AS (
UPDATE request r SET status = f.status,
    department_id = f.department,
    department_name = CASE WHEN f.department = o.department_id THEN o.department_name
                           ELSE coalesce(d.name, '') END,
    due_on = CASE WHEN f.status = 'correction_requested' THEN coalesce(f.due, o.due_on) END,
    archived_at = CASE WHEN f.reopened THEN NULL ELSE coalesce(f.archived, o.archived_at) END,
    assignee_id = CASE WHEN f.assigns THEN f.assignee ELSE o.assignee_id END,
    assignee_name = CASE WHEN f.assigns THEN f.name ELSE o.assignee_name END
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::timestamptz[], %s::boolean[],
            %s::boolean[], %s::uuid[], %s::text[])
    AS f (id, status, department, due, archived, reopened, assigns, assignee, name)
JOIN request o ON o.request_id = f.id
LEFT JOIN department d ON d.department_id = f.department
WHERE r.request_id = f.id
RETURNING o.department_id AS former_department, o.status AS former_status, o.archived_at AS former_archived,
    r.department_id, r.status, r.archived_at
), moved AS (
    SELECT former_department AS department_id, former_status AS status,
        former_archived IS NOT NULL AS archived, -1 AS n FROM stood
    UNION ALL
    SELECT department_id, status, archived_at IS NOT NULL, 1 FROM stood
)"""
)
_MESSAGE = """
UPDATE request SET last_message_at = f.at FROM unnest(%s::uuid[], %s::timestamptz[]) AS f (id, at)
WHERE request_id = f.id
"""
_LINK = """
UPDATE request SET account_id = f.account FROM unnest(%s::uuid[], %s::uuid[]) AS f (id, account)
WHERE request_id = f.id
"""
_ERASE = _COUNTING.format(
    moved="""
moved AS (
    DELETE FROM request WHERE request_id = ANY(%s::uuid[])
    RETURNING department_id, status, archived_at IS NOT NULL AS archived, -1 AS n
)"""
)


def _submitted(event: RecordedEvent) -> Iterable[Change]:
    said = event.event
    if said is None:
        return
    first, last = said.applicant["first_name"], said.applicant["last_name"]
    yield Change(
        _INSERT,
        (
            event.stream_id,
            said.reference,
            said.citizen_id,
            said.department_id,
            said.procedure_id,
            said.procedure_version,
            f"{first} {last}",
            fold(f"{last} {first}"),
            said.status,
            said.timestamp,
            said.exchanges,
            said.appointments == MANDATORY,
        ),
    )


def _stands(event: RecordedEvent) -> Iterable[Change]:
    """Say where a request stands: its envelope does; who has it from now on is sealed."""
    envelope, kind = event.envelope, event.kind
    assigns, assignee, name = _assigned(event)
    yield Change(
        _STAND,
        (
            event.stream_id,
            envelope["status"],
            envelope["department_id"],
            envelope.get("due_on"),
            envelope["at"] if kind is ServiceRequest.Archived else None,
            kind is ServiceRequest.Reopened,
            assigns,
            assignee,
            name,
        ),
    )


def _assigned(event: RecordedEvent) -> tuple[bool, Any, str]:
    if event.kind is ServiceRequest.PassedOn:
        return True, None, ""
    said = event.event
    if said is not None and event.kind is ServiceRequest.TakenUp:
        return True, said.assignee_id, said.actor_name
    if said is not None and event.kind is ServiceRequest.Assigned:
        return True, said.assignee_id, said.assignee_name
    return False, None, ""


def _message(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_MESSAGE, (event.stream_id, said.timestamp))


def _linked(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_LINK, (event.stream_id, said.citizen_id))


def _erased(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_ERASE, (event.stream_id,))


HANDLERS = {
    ServiceRequest.Submitted: _submitted,
    ServiceRequest.TakenUp: _stands,
    ServiceRequest.Assigned: _stands,
    ServiceRequest.PassedOn: _stands,
    ServiceRequest.CorrectionRequested: _stands,
    ServiceRequest.CorrectionSentBack: _stands,
    ServiceRequest.Decided: _stands,
    ServiceRequest.SettledBySilence: _stands,
    ServiceRequest.Reopened: _stands,
    ServiceRequest.Cancelled: _stands,
    ServiceRequest.Archived: _stands,
    ServiceRequest.LinkedToAccount: _linked,
    ServiceRequest.ExchangeSent: _message,
    ServiceRequest.Erased: _erased,
}
