"""Jobs at their time, each slot once, whoever dies."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger
from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.jobs import FoundWrong, Job
from espace_citoyen.worker.scheduler import LEADER_LOCK, Scheduler
from waiting import wait_until

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOURLY = CronTrigger(minute="0", timezone="UTC")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def runs(portal: Portal) -> list[dict[str, Any]]:
    with portal.connection() as connection:
        return connection.execute("SELECT * FROM plain.job_run ORDER BY slot").fetchall()


class Desk:
    """A scheduler whose time the test tells, with one hourly job that counts."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.clock = Clock()
        self.done = 0
        self.fails: Exception | None = None
        self.connection = portal.connect()

    def command(self, _portal: Portal, _connection: Connection[Any], _ids: Sequence[Any]) -> None:
        if self.fails:
            raise self.fails
        self.done += 1

    def scheduler(self) -> Scheduler:
        job = Job("hourly", HOURLY, "SELECT 1 AS id", self.command)
        scheduler = Scheduler(self.portal, [job], Event(), now=self.clock)
        scheduler.begin(self.connection)
        return scheduler


@pytest.fixture
def desk(portal: Portal) -> Iterator[Desk]:
    desk = Desk(portal)
    yield desk
    desk.connection.close()


def test_a_job_runs_once_when_its_time_has_come(desk: Desk) -> None:
    scheduler = desk.scheduler()
    for minutes in (0, 59, 60, 60, 61, 119):
        desk.clock.now = NOON + timedelta(minutes=minutes)
        scheduler.run_due(desk.connection)
    assert desk.done == 1
    [run] = runs(desk.portal)
    assert (run["slot"], run["outcome"], run["tries"]) == (NOON + timedelta(hours=1), "done 1", 1)


def test_slots_missed_while_nobody_led_are_caught_up_by_one_run(desk: Desk) -> None:
    scheduler = desk.scheduler()
    desk.clock.now = NOON + timedelta(hours=1)
    scheduler.run_due(desk.connection)
    desk.clock.now = NOON + timedelta(hours=5, minutes=20)
    desk.scheduler().run_due(desk.connection)
    assert [run["slot"].hour for run in runs(desk.portal)] == [13, 17]


def test_a_run_that_ended_with_its_process_is_done_by_the_next(desk: Desk) -> None:
    scheduler = desk.scheduler()
    desk.clock.now = NOON + timedelta(hours=1)
    scheduler.run_due(desk.connection)
    desk.connection.execute("UPDATE plain.job_run SET finished_at = NULL, slot = slot + interval '1 hour'")
    desk.clock.now = NOON + timedelta(hours=2, minutes=1)
    scheduler.run_due(desk.connection)
    assert [(run["tries"], run["outcome"]) for run in runs(desk.portal)] == [(2, "done 1")]


def test_a_run_that_kills_its_process_each_time_is_given_up(desk: Desk) -> None:
    scheduler = desk.scheduler()
    desk.connection.execute(
        "INSERT INTO plain.job_run (job, slot, started_at, tries) VALUES ('hourly', %s, now(), 3)",
        (NOON + timedelta(hours=1),),
    )
    desk.clock.now = NOON + timedelta(hours=1)
    scheduler.run_due(desk.connection)
    assert desk.done == 0
    assert [run["outcome"] for run in runs(desk.portal)] == ["failed Interrupted"]


@pytest.mark.parametrize(
    ("failure", "outcome"), [(FoundWrong("3"), "wrong 3"), (KeyError("somebody"), "failed KeyError")]
)
def test_what_a_job_found_wrong_shows_until_it_finds_nothing(desk: Desk, failure: Exception, outcome: str) -> None:
    scheduler = desk.scheduler()
    desk.fails = failure
    well = []
    for hours in (1, 2):
        desk.clock.now = NOON + timedelta(hours=hours)
        scheduler.run_due(desk.connection)
        scheduler._say(desk.connection)
        row = desk.connection.execute("SELECT well FROM plain.worker_heartbeat WHERE name = 'jobs'").fetchone()
        well.append(row and row["well"])
        desk.fails = None
    assert [run["outcome"] for run in runs(desk.portal)] == [outcome, "done 1"]
    assert well == [False, True]


@pytest.fixture
def processes(portal: Portal, master_key: bytes) -> Iterator[list[subprocess.Popen[bytes]]]:
    with portal.connection() as connection:
        connection.execute("CREATE TABLE plain.ran (at timestamptz, process integer)")
    script = Path(__file__).with_name("scheduling.py")
    urls = [f"{portal.database_url}&application_name={number}" for number in range(2)]
    started = [subprocess.Popen([sys.executable, str(script), url, master_key.hex()]) for url in urls]
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_of_two_processes_one_leads_and_the_other_takes_over_when_it_is_killed(
    portal: Portal, processes: list[subprocess.Popen[bytes]]
) -> None:
    wait_until(lambda: len(runs(portal)) >= 3, "three runs", seconds=30)
    processes[leader_of(portal)].kill()
    killed = datetime.now(UTC)
    wait_until(lambda: runs(portal)[-1]["started_at"] > killed, "a run of the other", seconds=30)
    wait_until(lambda: len(runs(portal)) >= 6, "three more runs", seconds=30)
    with portal.connection() as connection:
        ran = connection.execute("SELECT at, process FROM plain.ran ORDER BY at").fetchall()
    finished = [run for run in runs(portal) if run["finished_at"]]
    assert len({run["slot"] for run in finished}) == len(finished)
    assert len(ran) - len(finished) in (0, 1)  # one may have been killed between its deed and its row
    assert len({row["process"] for row in ran}) == 2


def leader_of(portal: Portal) -> int:
    """Return the number of the process that holds the lock, which is its application name."""
    with portal.connection() as connection:
        row = connection.execute(
            "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND (classid, objid) = (%s, %s)",
            (LEADER_LOCK >> 32, LEADER_LOCK & 0xFFFFFFFF),
        ).fetchone()
    assert row is not None
    return int(row["application_name"])
