"""An event that the projector cannot apply stops it, loudly and with nothing half done; repaired, it goes on."""

import pytest
from eventsourcing.utils import TopicError

from espace_citoyen.application import Portal
from espace_citoyen.store.view import position_of
from people import Town
from waiting import wait_until


def position(portal: Portal) -> int:
    with portal.connection() as connection:
        return position_of(connection)


def poison(portal: Portal) -> int:
    """Append an event that this version of the portal knows nothing of, and return its position."""
    with portal.connection() as connection:
        row = connection.execute(
            "INSERT INTO log.portal_events (originator_id, originator_version, topic, state)"
            " VALUES (gen_random_uuid(), 1, 'request:teleported', '{}') RETURNING notification_id AS position"
        ).fetchone()
    assert row is not None
    where: int = row["position"]
    return where


def test_the_projector_stops_at_an_event_it_does_not_know_and_keeps_its_place(town: Town) -> None:
    town.files(town.camille)
    healthy = town.drain()
    poison(town.portal)
    town.files(town.camille)
    for _ in range(2):
        with pytest.raises(TopicError, match="teleported"):
            town.drain()
        assert position(town.portal) == healthy


def test_a_batch_with_poison_in_it_leaves_no_trace_of_its_healthy_part(town: Town) -> None:
    before = town.drain()
    request = town.files(town.camille)
    poison(town.portal)
    with pytest.raises(TopicError):
        town.drain()
    assert position(town.portal) == before
    assert rows_of(town.portal, request.reference) == 0


def test_once_repaired_the_projector_goes_on_where_it_stopped(town: Town) -> None:
    where = poison(town.portal)
    request = town.files(town.camille)
    with pytest.raises(TopicError):
        town.drain()
    with town.portal.connection() as connection:
        connection.execute("DELETE FROM log.portal_events WHERE notification_id = %s", (where,))
    assert town.drain() == town.portal.position()
    assert rows_of(town.portal, request.reference) == 1


def test_pages_do_not_wait_again_and_again_for_a_projector_that_stopped(town: Town) -> None:
    town.drain()
    poison(town.portal)
    late = town.portal.position()
    assert not town.portal.wait(late, timeout=0.05)
    wait_until(lambda: not town.portal.wait(late, timeout=60), "an answer without a wait", seconds=1)


def rows_of(portal: Portal, reference: str) -> int:
    with portal.connection() as connection:
        row = connection.execute("SELECT count(*) AS n FROM request WHERE reference = %s", (reference,)).fetchone()
    assert row is not None
    count: int = row["n"]
    return count
