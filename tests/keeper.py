"""A process that keeps one PostgreSQL for a whole test run, and stops it when that run is over, however it ends.

python keeper.py PID FOLDER [BINARIES]
"""

import os
import select
import shutil
import sys
from pathlib import Path

from espace_citoyen.postgres import EmbeddedServer

OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def keep(pid: int, folder: Path, binaries: Path | None) -> None:
    run = os.pidfd_open(pid)
    server = EmbeddedServer(folder, binaries=binaries, options=OPTIONS)
    try:
        draft = folder / "url.new"
        draft.write_text(server.start())
        draft.rename(folder / "url")
        select.select([run], [], [])
    finally:
        server.stop()
        shutil.rmtree(folder / "postgres", ignore_errors=True)
        (folder / "url").unlink(missing_ok=True)


if __name__ == "__main__":
    watched, home, *others = sys.argv[1:]
    keep(int(watched), Path(home), Path(others[0]) if others else None)
