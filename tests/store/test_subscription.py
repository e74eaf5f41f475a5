"""A follower of the log misses nothing, whatever happens to its wake-up calls."""

from collections.abc import Iterator
from time import monotonic

import pytest

from espace_citoyen.application import Portal
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.subscription import BATCH, POLL_SECONDS, Subscription
from streams import filed
from waiting import wait_until

APPEND_IN_SILENCE = (
    "INSERT INTO log.portal_events (originator_id, originator_version, topic, state)"
    " SELECT originator_id, originator_version + 1, topic, state FROM log.portal_events"
)


@pytest.fixture
def subscription(each_portal: Portal) -> Iterator[Subscription]:
    with each_portal.connect() as listener:
        yield each_portal.subscribe(listener, after=0)


def first_met(subscription: Subscription) -> RecordedEvent:
    deadline = monotonic() + 5 * POLL_SECONDS
    for batch in subscription.batches(lambda: monotonic() > deadline):
        if batch:
            return batch[0]
    raise AssertionError("nothing was met")


def test_an_event_committed_before_the_follower_listens_is_met_at_once(
    each_portal: Portal, subscription: Subscription
) -> None:
    request = filed(each_portal)
    began = monotonic()
    assert first_met(subscription).stream_id == request.id
    assert monotonic() - began < POLL_SECONDS


def test_an_event_committed_between_the_look_and_the_wait_is_met_at_once(
    each_portal: Portal, subscription: Subscription
) -> None:
    batches = subscription.batches(lambda: False)
    assert not next(batches)
    request = filed(each_portal)
    began = monotonic()
    assert next(batches)[0].stream_id == request.id
    assert monotonic() - began < POLL_SECONDS / 2


def test_an_event_whose_notification_is_lost_is_met_within_the_poll(
    each_portal: Portal, subscription: Subscription
) -> None:
    filed(each_portal)
    batches = subscription.batches(lambda: False)
    assert len(next(batches)) == 1
    assert not next(batches)
    with each_portal.connection() as connection:
        connection.execute(APPEND_IN_SILENCE)
    began = monotonic()
    assert next(batches)[0].position == 2
    assert monotonic() - began < 2 * POLL_SECONDS


def test_a_quiet_follower_is_woken_long_before_the_poll(each_portal: Portal, subscription: Subscription) -> None:
    batches = subscription.batches(lambda: False)
    lags = []
    assert not next(batches)
    for _ in range(10):
        filed(each_portal)
        began = monotonic()
        while not next(batches):
            assert monotonic() - began < POLL_SECONDS
        lags.append(monotonic() - began)
        while next(batches):
            pass
    assert sorted(lags)[5] < POLL_SECONDS / 5


def test_a_follower_that_is_behind_reads_in_batches_and_none_twice(portal: Portal) -> None:
    for _ in range(6):
        filed(portal, messages=99)
    with portal.connect() as listener:
        batches = portal.subscribe(listener, after=0).batches(lambda: False)
        lengths = [len(next(batches)) for _ in range(3)]
    assert lengths == [BATCH, 100, 0]


def test_a_follower_that_fails_finds_its_batch_again(portal: Portal) -> None:
    filed(portal, messages=3)
    with portal.connect() as listener:
        subscription = portal.subscribe(listener, after=1)
        given = next(subscription.batches(lambda: False))
        assert subscription.position == 1
        again = next(subscription.batches(lambda: False))
    assert [event.position for event in again] == [event.position for event in given] == [2, 3, 4]


def test_a_follower_whose_server_goes_away_says_so(portal: Portal) -> None:
    with portal.connect() as listener:
        batches = portal.subscribe(listener, after=0).batches(lambda: False)
        assert not next(batches)
        with portal.connection() as other:
            other.execute("SELECT pg_terminate_backend(%s)", (listener.info.backend_pid,))
        wait_until(lambda: fails(batches), "the follower to say that its connection is gone", seconds=2)


def fails(batches: Iterator[object]) -> bool:
    try:
        next(batches)
    except Exception as error:
        return "terminat" in str(error)
    return False
