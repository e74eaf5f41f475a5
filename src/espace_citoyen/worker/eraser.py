"""Carries out the orders to erase: the worker alone may delete keys."""

from threading import Event
from typing import Any

import psycopg
import structlog
from eventsourcing.persistence import PersistenceError
from psycopg import Connection

from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Refusal
from espace_citoyen.application import Portal
from espace_citoyen.commands import erasure
from espace_citoyen.store import orders
from espace_citoyen.store.erasure import Register
from espace_citoyen.worker.pauses import Pauses
from espace_citoyen.worker.pulse import Pulse, utc_now

LOOK_SECONDS = 0.5

_log = structlog.get_logger()


class Eraser:
    """The loop of erasures. An order is locked while it is carried out; after a crash it is carried out again.

    What cannot be erased (any more) is settled with the name of the refusal, for the administrator to read. A
    stream too busy to be ended waits for the next look, and so does everything while the register is out of reach.
    """

    name = "eraser"

    def __init__(self, portal: Portal, register: Register, stop: Event) -> None:
        self._portal = portal
        self._register = register
        self._stop = stop
        self._pulse = Pulse(self.name)

    def run(self) -> None:
        """Erase what is ordered until told to stop; a lost database is waited for."""
        lost = Pauses(0.1, 2.0, self._stop)
        while not self._stop.is_set():
            try:
                with self._portal.connect() as connection:
                    while not self._stop.is_set():
                        self._look(connection)
                        lost.reset()
                        self._stop.wait(LOOK_SECONDS)
            except (psycopg.Error, PersistenceError) as error:
                _log.warning("database away", follower=self.name, error=type(error).__name__)
                lost.take()

    def _look(self, connection: Connection[Any]) -> None:
        """Erase what is ordered; a register out of reach is `/sante`'s to tell, not the end of the process."""
        try:
            self.erase_ordered(connection)
        except OSError as error:
            _log.exception("register out of reach")
            self._pulse.ill(connection, {"error": type(error).__name__})
        else:
            self._pulse.well(connection)

    def erase_ordered(self, connection: Connection[Any]) -> int:
        """Carry out every order that waits and return how many that was."""
        done = 0
        while not self._stop.is_set() and self._erase_next(connection):
            done += 1
        return done

    def _erase_next(self, connection: Connection[Any]) -> bool:
        with connection.transaction():
            order = orders.take(connection)
            if order is None:
                return False
            refusal = ""
            try:
                erasure.carry_out(self._portal, register=self._register, order=order)
            except ChangedMeanwhile:  # it is in the register by now: it must not be settled as refused
                return False
            except Refusal as refused:
                refusal = type(refused).__name__
                _log.warning("erasure refused", order=str(order.order_id), refusal=refusal)
            orders.settle(connection, order, at=utc_now(), refusal=refusal)
        return True
