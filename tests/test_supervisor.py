"""The supervisor, with real processes: what dies comes back, and nothing outlives it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest

from waiting import wait_until

pytestmark = pytest.mark.slow
SUPERVISING = """
import os, sys
from espace_citoyen import logs
from espace_citoyen.supervisor import Program, Supervisor

logs.configure("error", process="test")
supervisor = Supervisor()
try:
    for name in ("first", "second"):
        supervisor.start(Program(name, ["/bin/sh", "-c", sys.argv[1]], os.environ))
    print("kept", flush=True)
    code = supervisor.keep(lambda: None)
finally:
    supervisor.end()
sys.exit(code)
"""
NOT_VITAL = SUPERVISING.replace(
    "    print(", '    supervisor.start(Program("third", ["/bin/false"], os.environ, vital=False))\n    print('
)
SLEEPING = "sleep 300 & exec sleep 300"
DEAF = "trap '' TERM; while :; do sleep 300; done"


@pytest.fixture
def supervising() -> Iterator[Callable[[str], psutil.Popen]]:
    started: list[psutil.Popen] = []

    def start(script: str, program: str = SUPERVISING) -> psutil.Popen:
        process = psutil.Popen([sys.executable, "-c", program, script], stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "kept\n"
        wait_until(lambda: len(process.children(recursive=True)) >= 4, "the children and their own children")
        return process

    yield start
    for process in started:
        family = [process, *process.children(recursive=True)] if process.is_running() else []
        for member in family:
            member.kill()
        process.wait()
        process.stdout.close()


def over(*family: psutil.Process) -> bool:
    """Whether all of them have ended, those that nobody has buried included."""
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)


def pids(processes: list[psutil.Process]) -> set[int]:
    return {process.pid for process in processes}


def test_a_child_that_dies_is_started_again_and_its_own_children_end(
    supervising: Callable[[str], psutil.Popen],
) -> None:
    supervisor = supervising(SLEEPING)
    victim, other = supervisor.children()
    (orphan,) = victim.children()
    victim.kill()
    wait_until(lambda: over(orphan), "the end of what the dead child had started")
    wait_until(lambda: len(supervisor.children(recursive=True)) == 4, "the new child")
    assert victim.pid not in pids(supervisor.children())
    assert other.pid in pids(supervisor.children())


def test_two_deaths_of_a_child_within_a_minute_end_everything(supervising: Callable[[str], psutil.Popen]) -> None:
    supervisor = supervising(SLEEPING)
    victim, other = supervisor.children()
    victim.kill()
    wait_until(lambda: pids(supervisor.children()) - {victim.pid, other.pid}, "its return")
    second = next(child for child in supervisor.children() if child.pid not in {victim.pid, other.pid})
    second.kill()
    assert supervisor.wait(10) == 1
    assert over(other)


def test_a_child_that_is_not_vital_may_die_as_often_as_it_likes(
    supervising: Callable[..., psutil.Popen],
) -> None:
    supervisor = supervising(SLEEPING, NOT_VITAL)
    family = pids(supervisor.children(recursive=True))
    wait_until(lambda: len(supervisor.children(recursive=True)) == 4, "the end of the third, twice")
    with pytest.raises(psutil.TimeoutExpired):
        supervisor.wait(1)
    assert pids(supervisor.children(recursive=True)) <= family


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(supervising: Callable[[str], psutil.Popen], sent: signal.Signals) -> None:
    supervisor = supervising(SLEEPING)
    family = supervisor.children(recursive=True)
    supervisor.send_signal(sent)
    assert supervisor.wait(10) == 0
    wait_until(lambda: over(*family), "the end of the whole family")


def test_a_child_that_does_not_listen_is_killed_in_time(supervising: Callable[[str], psutil.Popen]) -> None:
    supervisor = supervising(DEAF)
    family = supervisor.children(recursive=True)
    supervisor.terminate()
    assert supervisor.wait(6) == 0
    wait_until(lambda: over(*family), "the end of the whole family")


def test_children_end_with_a_supervisor_that_is_killed(supervising: Callable[[str], psutil.Popen]) -> None:
    supervisor = supervising(SLEEPING)
    children = supervisor.children()
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    wait_until(lambda: over(*children), "the end of the children")
