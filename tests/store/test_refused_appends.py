"""A refused append says at once which constraint refused it, leaves nothing behind, and breaks nothing."""

from time import monotonic
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError

from espace_citoyen.aggregates.claims import ReferenceClaim
from espace_citoyen.aggregates.refusals import ChangedMeanwhile
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.store.recorder import Statement
from people import CAMILLE, MONDAY
from streams import filed, submitted, write

AT_ONCE = 0.2
"""Seconds: the library would try again for 0.8."""

FULL = "UPDATE quota SET used = used + 1"


@pytest.fixture
def quota(each_portal: Portal) -> Portal:
    with each_portal.connection() as connection:
        connection.execute("CREATE TABLE plain.quota (used int CONSTRAINT quota_not_exceeded CHECK (used <= 1))")
        connection.execute("INSERT INTO plain.quota VALUES (0)")
    return each_portal


def used(portal: Portal) -> int:
    with portal.connection() as connection:
        row = connection.execute("SELECT used FROM plain.quota").fetchone()
    assert row is not None
    value: int = row["used"]
    return value


def test_a_violated_constraint_alongside_is_named_at_once(quota: Portal) -> None:
    quota.record(submitted(), alongside=[(FULL, ())])
    request = submitted()
    began = monotonic()
    with pytest.raises(IntegrityError) as refused:
        quota.record(request, alongside=[(FULL, ())])
    assert monotonic() - began < AT_ONCE
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.errors.CheckViolation)
    assert cause.diag.constraint_name == "quota_not_exceeded"
    assert used(quota) == 1
    assert quota.stream(request.id) == []


def test_a_wrong_statement_alongside_is_named_at_once(quota: Portal) -> None:
    wrong: Statement = ("UPDATE no_such_table SET used = 1", ())
    began = monotonic()
    with pytest.raises(ProgrammingError) as refused:
        quota.record(submitted(), alongside=[wrong])
    assert monotonic() - began < AT_ONCE
    assert isinstance(refused.value.__cause__, psycopg.errors.UndefinedTable)


def test_what_runs_alongside_stands_or_falls_with_the_events(quota: Portal) -> None:
    request = filed(quota)
    ahead, late = quota.get(ServiceRequest, request.id), quota.get(ServiceRequest, request.id)
    write(ahead)
    quota.record(ahead)
    write(late)
    with pytest.raises(ChangedMeanwhile):
        quota.record(late, alongside=[(FULL, ())])
    assert used(quota) == 0


def test_the_connection_of_a_refused_append_goes_on_serving(each_database_url: str, master_key: bytes) -> None:
    portal = Portal(each_database_url, master_key, pool_size=1)
    try:
        request = filed(portal)
        for _ in range(3):
            late = portal.get(ServiceRequest, request.id)
            write(request)
            portal.record(request)
            write(late)
            with pytest.raises(ChangedMeanwhile):
                portal.record(late)
        assert portal.get(ServiceRequest, request.id).version == 4
    finally:
        portal.close()


def test_a_refused_claim_does_not_wait_and_takes_its_request_with_it(each_portal: Portal) -> None:
    claim_id = each_portal.keys.claim_id("reference", "7K3F-9QX2")
    first, second = submitted(), submitted()
    each_portal.record(first, claim(claim_id, first))
    began = monotonic()
    with pytest.raises(ChangedMeanwhile):
        each_portal.record(second, claim(claim_id, second))
    assert monotonic() - began < AT_ONCE
    assert each_portal.get(ReferenceClaim, claim_id).request_id == first.id
    assert each_portal.stream(second.id) == []


def claim(claim_id: UUID, request: ServiceRequest) -> ReferenceClaim:
    return ReferenceClaim.take(
        id=claim_id, at=MONDAY, actor=CAMILLE, reference=request.reference, request_id=request.id
    )


def test_the_end_of_the_log_is_the_position_of_what_recorded_nothing(portal: Portal) -> None:
    assert portal.record(submitted()) == 1
    request = filed(portal)
    assert portal.record(request) == 2
