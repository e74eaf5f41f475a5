"""The database away: an answer within a second, and service again as soon as it is back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import eventsourcing.persistence
import psycopg
import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.postgres import EmbeddedServer
from espace_citoyen.store.migrate import migrate
from streams import filed, submitted
from waiting import wait_until

pytestmark = pytest.mark.slow
pytestmark = pytest.mark.slow

AWAY = (psycopg.OperationalError, eventsourcing.persistence.OperationalError)

POOL = 4


@pytest.fixture
def server(data_folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(data_folder, options={"fsync": "off"})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def portal(server: EmbeddedServer, master_key: bytes) -> Iterator[Portal]:
    migrate(server.url, master_key)
    portal = Portal(server.url, master_key, pool_size=POOL)
    yield portal
    portal.close()


def use_the_whole_pool(portal: Portal) -> None:
    with ThreadPoolExecutor(POOL) as executor:
        list(executor.map(lambda _: hold(portal), range(POOL)))


def hold(portal: Portal) -> None:
    with portal.connection() as connection:
        connection.execute("SELECT pg_sleep(0.1)")


def refused_within_a_second(act: Callable[[], object]) -> None:
    began = monotonic()
    with pytest.raises(AWAY):
        act()
    assert monotonic() - began < 1


def test_every_use_of_a_lost_database_fails_within_a_second_and_works_again_afterwards(
    portal: Portal, server: EmbeddedServer
) -> None:
    request = filed(portal)
    use_the_whole_pool(portal)
    server.stop()
    for act in (
        lambda: portal.get(ServiceRequest, request.id),
        lambda: portal.record(submitted()),
        lambda: portal.stream(request.id),
        portal.position,
        lambda: hold(portal),
    ):
        refused_within_a_second(act)
    server.start()
    assert answers_at_once(portal, request)


def answers_at_once(portal: Portal, request: ServiceRequest) -> bool:
    began = monotonic()
    found = portal.get(ServiceRequest, request.id)
    return found.version == 1 and monotonic() - began < 1


def test_the_first_use_after_a_restart_does_not_pay_for_the_connections_lost(
    portal: Portal, server: EmbeddedServer
) -> None:
    request = filed(portal)
    for _ in range(2):
        use_the_whole_pool(portal)
        server.stop()
        server.start()
        assert answers_at_once(portal, request)


def test_a_long_absence_does_not_make_the_return_late(portal: Portal, server: EmbeddedServer) -> None:
    """The pool's own patience doubles at each try: after 20 s it would look again 16 s later."""
    request = filed(portal)
    server.stop()
    end = monotonic() + 4
    while monotonic() < end:
        refused_within_a_second(portal.position)
    server.start()
    assert answers_at_once(portal, request)


def test_an_append_cut_off_is_an_error_and_not_a_second_try(portal: Portal) -> None:
    request = submitted()
    with ThreadPoolExecutor(1) as executor, portal.connect() as other:
        with other.transaction():
            other.execute("LOCK TABLE log.portal_events IN ACCESS EXCLUSIVE MODE")
            appending = executor.submit(portal.record, request)
            wait_until(lambda: ended_while_waiting(portal), "the append to be cut off")
        assert isinstance(appending.exception(timeout=1), AWAY)
    assert portal.position() == 0


def ended_while_waiting(portal: Portal) -> bool:
    with portal.connection() as connection:
        row = connection.execute(
            "SELECT pg_terminate_backend(pid) AS ended FROM pg_locks"
            " WHERE NOT granted AND relation = 'log.portal_events'::regclass"
        ).fetchone()
    return bool(row and row["ended"])


def test_a_pool_with_nothing_left_to_lend_refuses_within_a_second(portal: Portal) -> None:
    use_the_whole_pool(portal)
    with ThreadPoolExecutor(POOL) as executor:
        with portal.connect() as other, other.transaction():
            other.execute("LOCK TABLE log.portal_events IN ACCESS EXCLUSIVE MODE")
            waiting = [executor.submit(portal.position) for _ in range(POOL)]
            wait_until(lambda: waiting_for_locks(other) == POOL, "every connection to be taken")
            refused_within_a_second(portal.position)
        assert [position.result(timeout=2) for position in waiting] == [0] * POOL
    assert portal.position() == 0


def waiting_for_locks(connection: psycopg.Connection[dict[str, int]]) -> int:
    row = connection.execute("SELECT count(*) AS n FROM pg_locks WHERE NOT granted").fetchone()
    assert row is not None
    return row["n"]


def test_a_process_starts_while_the_database_is_away_and_serves_when_it_comes(
    server: EmbeddedServer, master_key: bytes
) -> None:
    migrate(server.url, master_key)
    server.stop()
    portal = Portal(server.url, master_key)
    try:
        refused_within_a_second(lambda: portal.record(submitted()))
        server.start()
        assert portal.record(submitted()) == 1
    finally:
        portal.close()
