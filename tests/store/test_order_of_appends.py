"""Positions come in the order of commits, and nothing but another append makes an append wait."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import psycopg
import pytest
from psycopg import errors

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.store.recorder import APPEND_LOCK
from streams import filed, submitted, write
from waiting import wait_until


def all_positions(portal: Portal) -> list[int]:
    with portal.connection() as connection:
        rows = connection.execute("SELECT notification_id AS n FROM log.portal_events ORDER BY 1").fetchall()
    return [row["n"] for row in rows]


def someone_waits_for_a_lock(portal: Portal) -> bool:
    with portal.connection() as connection:
        return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


def test_a_reader_meets_every_event_of_eight_concurrent_writers_once_and_in_order(each_portal: Portal) -> None:
    expected = 8 * 30 * 3
    deadline = monotonic() + 30
    seen: list[int] = []

    def write_thirty_times(_: int) -> None:
        for _ in range(30):
            request = filed(each_portal, messages=1)
            write(request)
            each_portal.record(request)

    def read() -> None:
        with each_portal.connect() as listener:
            subscription = each_portal.subscribe(listener, after=0)
            for batch in subscription.batches(lambda: len(seen) >= expected or monotonic() > deadline):
                seen.extend(event.position for event in batch)

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write_thirty_times, range(8)))
    reader.join()

    assert seen == all_positions(each_portal)
    assert len(seen) == expected


def test_an_append_that_waits_has_not_drawn_its_position_yet(each_portal: Portal) -> None:
    with each_portal.connect() as slow, ThreadPoolExecutor(1) as other:
        with slow.transaction():
            slow.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
            second = other.submit(each_portal.record, submitted())
            wait_until(lambda: someone_waits_for_a_lock(each_portal), "the second append to wait")
            row = slow.execute("SELECT nextval('log.portal_events_notification_id_seq') AS first").fetchone()
        assert row == {"first": 1}
        assert second.result(timeout=5) == 2


def test_an_append_waits_for_the_one_that_has_its_position_but_has_not_committed(each_portal: Portal) -> None:
    with each_portal.connect() as slow, ThreadPoolExecutor(1) as other:
        with slow.transaction():
            slow.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
            slow.execute("SELECT nextval('log.portal_events_notification_id_seq')")
            second = other.submit(each_portal.record, submitted())
            wait_until(lambda: someone_waits_for_a_lock(each_portal), "the second append to wait")
            assert not second.done()
        assert second.result(timeout=5) == 2


@pytest.mark.parametrize("maintenance", ["ANALYZE", "VACUUM"])
def test_maintenance_of_the_log_does_not_stop_appends(each_portal: Portal, maintenance: str) -> None:
    """The library's own lock would wait until the end of either, here for ever."""
    request = filed(each_portal)
    with each_portal.connect() as caretaker, caretaker.transaction():
        if maintenance == "ANALYZE":
            caretaker.execute("ANALYZE log.portal_events")
        else:  # VACUUM runs in no transaction block: what it locks is taken by name
            caretaker.execute("LOCK TABLE log.portal_events IN SHARE UPDATE EXCLUSIVE MODE")
        with pytest.raises(errors.LockNotAvailable):
            stock_lock(each_portal)
        write(request)
        with ThreadPoolExecutor(1) as writer:
            writer.submit(each_portal.record, request).result(timeout=2)
    assert each_portal.get(ServiceRequest, request.id).version == 2


def stock_lock(portal: Portal) -> None:
    with psycopg.connect(portal.database_url) as connection:
        connection.execute("SET LOCAL lock_timeout = '50ms'")
        connection.execute("LOCK TABLE log.portal_events IN EXCLUSIVE MODE")


def test_a_vacuum_and_an_analyze_run_to_their_end_while_appends_go_on(portal: Portal) -> None:
    ended = threading.Event()

    def maintain(_: Any) -> None:
        with portal.connect() as caretaker:
            for _ in range(5):
                caretaker.execute("VACUUM ANALYZE log.portal_events")
        ended.set()

    with ThreadPoolExecutor(1) as caretakers:
        maintained = caretakers.submit(maintain, None)
        appended = 0
        while not ended.is_set() and appended < 5_000:
            filed(portal)
            appended += 1
        maintained.result(timeout=5)
    assert len(all_positions(portal)) == appended
