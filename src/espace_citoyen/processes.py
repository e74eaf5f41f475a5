"""Child processes that cannot outlive us: each leads its own session and hears of our death from the kernel."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded here: nothing may be loaded between fork and exec


def start(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    output: IO[bytes] | None = None,
    on_our_death: signal.Signals = signal.SIGTERM,
    run_as: Mapping[str, Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child away from our terminal; it gets `on_our_death` when the thread that calls is gone."""
    return subprocess.Popen(  # noqa: S603 the commands are ours, word for word
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_tie(os.getpid(), on_our_death),  # noqa: PLW1509 it calls the kernel and nothing else
        **(run_as or {}),
    )


def run(
    command: Sequence[str | Path], *, environ: Mapping[str, str], run_as: Mapping[str, Any] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a child to its end, which our terminal's Ctrl-C does not reach, and return what it printed."""
    return subprocess.run(  # noqa: S603 the commands are ours, word for word
        command, env=environ, check=False, capture_output=True, text=True, start_new_session=True, **(run_as or {})
    )


def end_with_parent() -> None:
    """Tie this process to the one that started it, which may be gone already.

    By SIGKILL: granian's processes hear SIGTERM while they start and forget it, and their master is dead.
    """
    parent = multiprocessing.parent_process()
    _tie(os.getppid() if parent is None or parent.pid is None else parent.pid, signal.SIGKILL)()


def kill_group(leader: int) -> None:
    """End what is left of the session that a child led."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _tie(parent: int, sent: signal.Signals) -> Callable[[], None]:
    def by_the_child() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, sent)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    return by_the_child
