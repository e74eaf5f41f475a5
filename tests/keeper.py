"""A process that keeps one PostgreSQL for a whole test run, and stops it when that run is over, however it ends.

    python keeper.py PID FOLDER [BINARIES]

FOLDER/url appears once the server answers. The cluster lives in memory when the machine has the room: copying a
database for a test then takes 7 ms instead of 50.
"""

import os
import select
import shutil
import sys
import tempfile
from pathlib import Path

from espace_citoyen.postgres import EmbeddedServer

OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def keep(pid: int, folder: Path, binaries: Path | None) -> None:
    run = os.pidfd_open(pid)
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    data = Path(tempfile.mkdtemp(prefix="espace-citoyen-test-", dir=MEMORY if roomy else folder))
    server = EmbeddedServer(data, binaries=binaries, options=OPTIONS)
    try:
        draft = folder / "url.new"
        draft.write_text(server.start())
        draft.rename(folder / "url")
        select.select([run], [], [])
    finally:
        (folder / "url").unlink(missing_ok=True)
        server.stop()
        shutil.rmtree(data)


if __name__ == "__main__":
    watched, home, *others = sys.argv[1:]
    keep(int(watched), Path(home), Path(others[0]) if others else None)
