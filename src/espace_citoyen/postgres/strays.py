"""What a kill -9 leaves behind: server processes without a master, and a pid file that speaks of somebody else."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE = 10.0


def clear(cluster: Path) -> None:
    """End the server processes that still live in this cluster, then remove its pid file.

    For the holder of the cluster's lock: whatever runs there has lost the process that started it.
    """
    pid_file = cluster / "postmaster.pid"
    if left := living(cluster):
        master = _first_line(pid_file)
        if master in left:
            os.kill(master, signal.SIGINT)  # the fast shutdown
        if not _until(lambda: not living(cluster), _PATIENCE):
            for pid in living(cluster):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _until(lambda: not living(cluster), _PATIENCE)
    # PostgreSQL itself refuses to start when that number now belongs to another process of its account
    pid_file.unlink(missing_ok=True)


def living(cluster: Path) -> set[int]:
    """Return the server processes of this cluster: each one lives in its folder, whatever the pid file says."""
    home = str(cluster.resolve())
    return {
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _serves(entry, home)
    }


def _serves(process: Path, home: str) -> bool:
    try:
        return str((process / "cwd").readlink()) == home and (process / "comm").read_text().strip() == "postgres"
    except OSError:  # gone meanwhile, or somebody else's
        return False


def _first_line(file: Path) -> int:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
