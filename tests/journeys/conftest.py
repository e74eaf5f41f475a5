"""A journey is lived on the demo town, served, with the worker at work in processes of its own."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from espace_citoyen.config import Settings
from fix_browser import Site
from waiting import wait_until


@pytest.fixture
def town_at_work(site: Site, settings: Settings) -> Iterator[Site]:
    """The demo town with its worker: what somebody does is projected, mailed and sealed."""
    environ = {
        "PATH": "/usr/bin:/bin",
        "ESPACE_CITOYEN_ENV": "demo",
        "ESPACE_CITOYEN_DATABASE_URL": settings.database,
        "ESPACE_CITOYEN_MASTER_KEY": settings.master_key.hex(),
        "ESPACE_CITOYEN_SECRET_KEY": "of-no-use-to-the-worker-which-signs-nothing",
        "ESPACE_CITOYEN_DATA_DIR": str(settings.data_dir),
    }
    said = settings.data_dir / "worker.log"
    with said.open("wb") as log:
        command = [sys.executable, "-m", "espace_citoyen.cli", "worker"]
        worker = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: _follows(site), f"the worker, see {said}", seconds=60)
        yield site
    finally:
        worker.terminate()
        worker.wait(20)


def _follows(site: Site) -> bool:
    """Whether every reaction has found its place in the log: what comes next is reacted to."""
    with site.portal.connection() as connection:
        placed = connection.execute("SELECT count(*) AS places FROM plain.reaction").fetchone()
        beats = connection.execute("SELECT count(*) AS beats FROM plain.worker_heartbeat WHERE well").fetchone()
    return bool(placed and beats and placed["places"] >= 2 and beats["beats"] >= 4)
