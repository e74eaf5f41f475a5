"""`espace-citoyen serve` as somebody at a terminal lives it: all of it starts, lives on and stops."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.request import urlopen

import psutil
import pytest

from waiting import wait_until

pytestmark = pytest.mark.slow


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    return port


class Serving:
    """One run of `espace-citoyen serve` on a folder, and all the processes it started."""

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.said = data.with_name(f"said-{port}")
        environ = {"PATH": "/usr/bin:/bin", "ESPACE_CITOYEN_ENV": "demo"}
        command = [sys.executable, "-m", "espace_citoyen.cli", "serve", "--port", str(port), "--data", str(data)]
        with self.said.open("wb") as said:
            self.process = psutil.Popen(command, stdout=said, stderr=said, env=environ, start_new_session=True)

    @property
    def text(self) -> str:
        return self.said.read_text()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.text
        return f"Prêt : http://localhost:{self.port}\n" in self.text

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/", timeout=2) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def child(self, words: str) -> psutil.Process | None:
        """Return the child of that command, if it lives."""
        for child in self.process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if words in " ".join(child.cmdline()):
                    return child
        return None

    def has_another(self, words: str, former: psutil.Process) -> bool:
        return self.child(words) not in {None, former}


Serve: TypeAlias = Callable[..., Serving]


@pytest.fixture
def serve(data_folder: Path) -> Iterator[Serve]:
    """`serve()` returns once it is ready; `serve(port=…)` does not wait. All of them are over with the test."""
    runs: list[Serving] = []

    def start(port: int | None = None) -> Serving:
        runs.append(Serving(data_folder / "data", port or free_port()))
        if port is None:
            wait_until(runs[-1].is_ready, "« Prêt »", seconds=60)
        return runs[-1]

    yield start
    for run in runs:
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in run.family():
                process.kill()
        run.process.wait()


def over(family: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)


def test_a_town_is_there_at_the_first_start_and_again_at_the_second(serve: Serve) -> None:
    first = serve()
    assert first.answers()
    assert "Ville de démonstration inventée." in first.text
    family = first.family()
    first.process.terminate()
    assert first.process.wait(10) == 0
    assert over(family)
    second = serve()
    assert second.answers()
    assert "La base n’est pas vide : rien à inventer." in second.text


def test_ctrl_c_ends_everything_in_time_and_the_database_cleanly(serve: Serve, data_folder: Path) -> None:
    run = serve()
    family = run.family()
    os.killpg(run.process.pid, signal.SIGINT)  # what a terminal does
    assert run.process.wait(10) == 0
    assert over(family)
    assert (data_folder / "data" / "postgres.log").read_text().rstrip().endswith("database system is shut down")


def test_whatever_dies_is_started_again(serve: Serve) -> None:
    run = serve()
    for victim in ("granian", "projector", "jobs", "bin/postgres"):
        killed = run.child(victim)
        assert killed is not None, victim
        killed.kill()
        wait_until(partial(run.has_another, victim, killed), f"another {victim}", seconds=30)
        wait_until(run.answers, "a page", seconds=30)
    assert run.process.poll() is None


def test_a_start_after_everything_was_killed(serve: Serve) -> None:
    run = serve()
    family = run.family()
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    run.process.wait()
    wait_until(lambda: over(family), "the end of everything")
    assert serve().answers()


def test_nothing_outlives_the_masters_when_they_are_killed_together(serve: Serve) -> None:
    run = serve()
    family = run.family()
    masters = [run.process, run.child("granian"), run.child("bin/postgres")]
    for master in masters:
        assert master is not None
        master.kill()
    run.process.wait()
    wait_until(lambda: over(family), "the end of those that nobody told")


def test_a_port_that_is_taken_is_said_before_anything_starts(serve: Serve, data_folder: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        run = serve(port=taken.getsockname()[1])
        assert run.process.wait(60) == 1
    assert f"Le port {run.port} est déjà pris" in run.text
    assert not (data_folder / "data" / "postgres").exists()


def test_a_folder_that_is_served_already_is_refused(serve: Serve) -> None:
    first = serve()
    second = serve(port=free_port())
    assert second.process.wait(60) == 1
    assert "est déjà démarrée par un autre programme" in second.text
    assert first.answers()


def test_serve_asks_which_kind_of_installation_this_is() -> None:
    command = [sys.executable, "-m", "espace_citoyen.cli", "serve"]
    asked = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert "ESPACE_CITOYEN_ENV : à définir" in asked.stderr
