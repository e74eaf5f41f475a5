"""Follows the log: waits for a lost database, stops loudly before an event that cannot be applied."""

from collections.abc import Sequence
from threading import Event
from typing import Any, Protocol

import psycopg
import structlog
from psycopg import Connection, errors

from espace_citoyen.application import Portal
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.worker.pauses import Pauses
from espace_citoyen.worker.pulse import Pulse, utc_now

_log = structlog.get_logger()


class Follower(Protocol):
    """Somebody to whom every event is given in order, who keeps their position in the database."""

    name: str
    gather: float
    """How long to let events come together before looking, in seconds."""

    def prepare(self, portal: Portal) -> None:
        """Make what is needed before the first event; asked again after every interruption."""

    def position(self, connection: Connection[Any]) -> int:
        """Return the position of the last event applied."""

    def apply(self, connection: Connection[Any], events: Sequence[RecordedEvent]) -> object:
        """Apply events and move the position, in one transaction; leave out those applied before."""


class Poison(Exception):
    """An event that cannot be applied: everything before it is, nothing after it."""

    def __init__(self, event: RecordedEvent) -> None:
        super().__init__(f"{event.topic} at {event.position}")
        self.position = event.position
        self.topic = event.topic


class Following:
    """One follower's loop, with the connections and the heartbeat it needs; to be run in a thread."""

    def __init__(self, portal: Portal, follower: Follower, stop: Event) -> None:
        self._portal = portal
        self._follower = follower
        self._stop = stop
        self._pulse = Pulse(follower.name)
        self._lost = Pauses(0.1, 2.0, stop)
        self._poisoned = Pauses(1.0, 15.0, stop)
        self._delay_ms = 0

    def run(self) -> None:
        """Follow until told to stop, whatever happens to the database and whatever an event holds."""
        while not self._stop.is_set():
            try:
                self._follow()
            except Poison as poison:
                self._say_poisoned(poison)
                self._poisoned.take()
            except psycopg.Error as error:
                _log.warning("database away", follower=self._follower.name, error=type(error).__name__)
                self._lost.take()

    def _follow(self) -> None:
        self._follower.prepare(self._portal)
        with self._portal.connect() as listener, self._portal.connect() as connection:
            subscription = self._portal.subscribe(listener, after=self._follower.position(connection))
            for events in subscription.batches(self._stop.is_set, gather=self._follower.gather):
                if events:
                    self._apply(connection, events)
                    self._delay_ms = round((utc_now() - events[-1].recorded_at).total_seconds() * 1000)
                    self._poisoned.reset()
                self._lost.reset()
                self._pulse.well(connection, lambda: self._detail(connection))

    def _apply(self, connection: Connection[Any], events: Sequence[RecordedEvent]) -> None:
        try:
            self._follower.apply(connection, events)
        except Exception as error:
            if _is_passing(connection, error):
                raise
            self._apply_singly(connection, events)

    def _apply_singly(self, connection: Connection[Any], events: Sequence[RecordedEvent]) -> None:
        """Apply all that can be, so that the position stands just before the event that cannot."""
        for event in events:
            try:
                self._follower.apply(connection, [event])
            except Exception as error:
                if _is_passing(connection, error):
                    raise
                raise Poison(event) from error

    def _say_poisoned(self, poison: Poison) -> None:
        detail = {"failed_at": poison.position, "topic": poison.topic, "error": type(poison.__cause__).__name__}
        _log.error("follower stopped", follower=self._follower.name, exc_info=poison.__cause__, **detail)
        try:
            with self._portal.connect() as connection:
                self._pulse.ill(connection, detail)
        except psycopg.Error as error:
            _log.warning("database away", follower=self._follower.name, error=type(error).__name__)

    def _detail(self, connection: Connection[Any]) -> dict[str, int]:
        position = self._follower.position(connection)
        row = connection.execute("SELECT max(notification_id) AS head FROM log.portal_events").fetchone()
        head = (row["head"] if row else None) or 0
        return {"position": position, "behind": head - position, "delay_ms": self._delay_ms}


def _is_passing(connection: Connection[Any], error: Exception) -> bool:
    """Tell a database in trouble (gone, full, locked) from an event that it, or a handler, will never take."""
    return connection.closed or (
        isinstance(error, psycopg.OperationalError) and not isinstance(error, errors.PipelineAborted)
    )
