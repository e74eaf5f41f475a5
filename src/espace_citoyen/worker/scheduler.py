"""Runs the timetable in one process at a time: the one that holds the lock. Each run is a row."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Any

import psycopg
import structlog
from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.jobs import FoundWrong, Job
from espace_citoyen.worker.pauses import Pauses
from espace_citoyen.worker.pulse import Pulse, utc_now

LEADER_LOCK = 0x45_43_4A_4F_42  # "ECJOB"
TICK_SECONDS = 0.5
TRIES = 3
"""A run that ends with its process is tried again by the next leader, so many times in all."""

_log = structlog.get_logger()


class Scheduler:
    """The loop of the jobs. Whoever holds the lock leads; the others look every half-second whether it is free.

    The lock is held on a connection of its own, so that it goes with the process, however that ends. A slot
    missed meanwhile is caught up, the last one only when there were several.
    """

    name = "jobs"

    def __init__(
        self, portal: Portal, timetable: Sequence[Job], stop: Event, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._portal = portal
        self._timetable = timetable
        self._stop = stop
        self._now = now
        self._pulse = Pulse(self.name)
        self._last: dict[str, datetime] = {}

    def run(self) -> None:
        """Lead, or wait to lead, until told to stop; a lost database is waited for."""
        lost = Pauses(0.1, 2.0, self._stop)
        while not self._stop.is_set():
            try:
                with self._portal.connect() as leading, self._portal.connect() as connection:
                    while not self._stop.is_set():
                        if _leads(leading):
                            lost.reset()
                            self._lead(leading, connection)
                        self._stop.wait(TICK_SECONDS)
            except psycopg.Error as error:
                _log.warning("database away", follower=self.name, error=type(error).__name__)
                lost.take()

    def begin(self, connection: Connection[Any]) -> None:
        """Read which slots were done; a job never run before waits for its next one."""
        began = self._now()
        done = connection.execute(
            "SELECT job, max(slot) AS slot FROM plain.job_run WHERE finished_at IS NOT NULL GROUP BY job"
        ).fetchall()
        self._last = {job.name: began for job in self._timetable} | {row["job"]: row["slot"] for row in done}

    def run_due(self, connection: Connection[Any]) -> None:
        """Run each job whose slot has come."""
        for job in self._timetable:
            slot = self._due(job)
            if slot is not None and not self._stop.is_set():
                self._run(connection, job, slot)
                self._last[job.name] = slot

    def _lead(self, leading: Connection[Any], connection: Connection[Any]) -> None:
        self.begin(connection)
        while not self._stop.is_set():
            leading.execute("SELECT 1")  # raises once the lock is lost with its connection
            self.run_due(connection)
            self._say(connection)
            self._stop.wait(TICK_SECONDS)

    def _due(self, job: Job) -> datetime | None:
        """Return the last slot that has come since the job was run, or None."""
        now, slot = self._now(), None
        following = job.when.get_next_fire_time(self._last[job.name], now)
        while following is not None and following <= now:
            slot = following
            following = job.when.get_next_fire_time(slot, now)
        return slot

    def _run(self, connection: Connection[Any], job: Job, slot: datetime) -> None:
        if not self._start(connection, job, slot):
            return
        try:
            with self._pulse.meanwhile(self._portal.connect):
                outcome = f"done {job.run(self._portal, connection, at=self._now())}"
        except FoundWrong as wrong:
            outcome = f"wrong {wrong}"
        except psycopg.OperationalError:
            raise
        except Exception as error:
            _log.exception("job failed", job=job.name)
            outcome = f"failed {type(error).__name__}"
        connection.execute(
            "UPDATE plain.job_run SET finished_at = %s, outcome = %s WHERE job = %s AND slot = %s",
            (self._now(), outcome, job.name, slot),
        )

    def _start(self, connection: Connection[Any], job: Job, slot: datetime) -> bool:
        """Take a slot that nobody has done; one that ended with its process is taken again, `TRIES` times."""
        taken = connection.execute(
            "INSERT INTO plain.job_run (job, slot, started_at) VALUES (%(job)s, %(slot)s, %(now)s)"
            " ON CONFLICT (job, slot) DO UPDATE SET tries = job_run.tries + 1, started_at = excluded.started_at,"
            " finished_at = CASE WHEN job_run.tries >= %(tries)s THEN excluded.started_at END, outcome ="
            " CASE WHEN job_run.tries >= %(tries)s THEN 'failed Interrupted' ELSE '' END"
            " WHERE job_run.finished_at IS NULL RETURNING finished_at",
            {"job": job.name, "slot": slot, "now": self._now(), "tries": TRIES},
        ).fetchone()
        return taken is not None and taken["finished_at"] is None

    def _say(self, connection: Connection[Any]) -> None:
        rows = connection.execute(
            "SELECT job, outcome FROM (SELECT DISTINCT ON (job) job, outcome FROM plain.job_run"
            " WHERE finished_at IS NOT NULL ORDER BY job, slot DESC) AS last WHERE outcome NOT LIKE 'done%'"
        ).fetchall()
        trouble = {row["job"]: row["outcome"] for row in rows}
        if trouble:
            self._pulse.ill(connection, trouble)
        else:
            self._pulse.well(connection)


def _leads(leading: Connection[Any]) -> bool:
    row = leading.execute("SELECT pg_try_advisory_lock(%s) AS taken", (LEADER_LOCK,)).fetchone()
    return bool(row and row["taken"])
