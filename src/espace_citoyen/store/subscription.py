"""Follows the log in batches, and never waits for an event that is already there."""

from collections.abc import Callable, Iterator, Sequence
from time import sleep
from typing import Any

from psycopg import Connection

from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import CHANNEL

BATCH = 500
POLL_SECONDS = 0.5
"""Longest wait for an event whose NOTIFY was lost."""


class Subscription:
    """The log after a position, as batches in order: long ones when behind, single events when not.

    It listens before it looks, on a connection of its own: an event committed before LISTEN is found by the
    look, one committed after it wakes the wait.
    """

    def __init__(
        self, listener: Connection[Any], look: Callable[[int, int], Sequence[RecordedEvent]], *, after: int
    ) -> None:
        self._listener = listener
        self._look = look
        self.position = after

    def batches(self, stopped: Callable[[], bool], *, gather: float = 0.0) -> Iterator[Sequence[RecordedEvent]]:
        """Yield batches until `stopped()`; an empty one before each wait, to do other things in.

        The position moves on when the next batch is asked for: a consumer that raises finds its batch again.
        One that is in no hurry lets events `gather`, in seconds, once it was woken.
        """
        self._listener.execute(f'LISTEN "{CHANNEL}"')
        while not stopped():
            batch = self._look(self.position, BATCH)
            yield batch
            if batch:
                self.position = batch[-1].position
            elif not stopped():
                self._wait()
                sleep(gather)

    def _wait(self) -> None:
        for _ in self._listener.notifies(timeout=POLL_SECONDS, stop_after=1):
            pass
