"""A scheduler in a process of its own, with one job each second: `python scheduling.py URL MASTER_KEY`."""

import sys
from collections.abc import Sequence
from threading import Event
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.jobs import Job
from espace_citoyen.worker.scheduler import Scheduler


def note(_portal: Portal, connection: Connection[Any], _ids: Sequence[Any]) -> None:
    """Leave a trace of the run: when, and in which server process."""
    connection.execute("INSERT INTO plain.ran SELECT now(), pg_backend_pid()")


EACH_SECOND = Job("each-second", CronTrigger(second="*", timezone="UTC"), "SELECT 1 AS id", note)


if __name__ == "__main__":
    url, master_key = sys.argv[1:]
    Scheduler(Portal(url, bytes.fromhex(master_key)), [EACH_SECOND], Event()).run()
