"""The worker as operators start it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from espace_citoyen.application import Portal
from people import Town
from waiting import wait_until
from worker.posting import place_at_the_start

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(town: Town, master_key: bytes, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    place_at_the_start(town.portal)
    settings = {"ENV": "demo", "DATABASE_URL": town.portal.database_url, "MASTER_KEY": master_key.hex()}
    process = subprocess.Popen(
        [sys.executable, "-m", "espace_citoyen.cli", "worker", "--data", str(tmp_path)],
        env=os.environ | {f"ESPACE_CITOYEN_{name}": value for name, value in settings.items()},
    )
    yield process
    process.kill()
    process.wait()


def well(portal: Portal) -> bool:
    with portal.connection() as connection:
        rows = connection.execute("SELECT well FROM plain.worker_heartbeat").fetchall()
    return len(rows) == 7 and all(row["well"] for row in rows)


def test_every_loop_beats_and_a_deposit_goes_all_the_way(town: Town, worker: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: well(town.portal), "every loop to beat", seconds=60)
    filed = town.files(town.camille)
    assert town.portal.wait(filed.position)

    def queued() -> bool:
        with town.portal.connection() as connection:
            mails = connection.execute("SELECT 1 FROM plain.outbox WHERE stream_id = %s", (filed.request_id,))
            sealed = connection.execute("SELECT 1 FROM log.seal WHERE stream = %s", (filed.request_id,))
            return mails.rowcount == 1 and sealed.rowcount == 2

    wait_until(queued, "the mail to be queued and the events to be sealed")
    parts = psutil.Process(worker.pid).children()
    assert len(parts) == 2
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert not any(part.is_running() for part in parts)


def test_a_part_that_is_killed_is_started_again(town: Town, worker: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: well(town.portal), "every loop to beat", seconds=60)
    first = psutil.Process(worker.pid).children()
    first[0].kill()
    wait_until(lambda: not first[0].is_running(), "its end")
    filed = town.files(town.camille)
    wait_until(lambda: town.portal.wait(filed.position, timeout=0.5), "the projector to be back", seconds=30)


def test_the_parts_end_with_the_one_who_started_them(town: Town, worker: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: well(town.portal), "every loop to beat", seconds=60)
    parts = psutil.Process(worker.pid).children()
    worker.kill()
    wait_until(lambda: not any(part.is_running() for part in parts), "the end of the parts")
