"""Seals what was appended, a moment behind."""

from threading import Event

import psycopg
import structlog

from espace_citoyen.application import Portal
from espace_citoyen.store import seal
from espace_citoyen.worker.pauses import Pauses
from espace_citoyen.worker.pulse import Pulse

LOOK_SECONDS = 1.0

_log = structlog.get_logger()


class Sealer:
    """The loop that extends the seal, in no hurry: nobody waits for it."""

    name = "seal"

    def __init__(self, portal: Portal, stop: Event) -> None:
        self._portal = portal
        self._stop = stop
        self._pulse = Pulse(self.name)

    def run(self) -> None:
        """Seal until told to stop; a lost database is waited for."""
        lost = Pauses(0.1, 2.0, self._stop)
        while not self._stop.is_set():
            try:
                with self._portal.connect() as connection:
                    while not self._stop.is_set():
                        sealed = seal.extend(connection)
                        lost.reset()
                        self._pulse.well(connection)
                        if sealed < seal.BATCH:
                            self._stop.wait(LOOK_SECONDS)
            except psycopg.Error as error:
                _log.warning("database away", follower=self.name, error=type(error).__name__)
                lost.take()
