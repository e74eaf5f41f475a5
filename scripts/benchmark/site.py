"""The portal as it is served, for as long as it is measured."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

from benchmark.browser import Answer, Browser, Line, free_port
from benchmark.place import FOLDER, MASTER_KEY

STARTING_SECONDS = 60
PARTS = {
    "worker-": "web process",
    "granian": "web",
    "projector": "projector",
    "jobs": "jobs",
    " serve": "serve",
}
"""The processes of a portal, by what their command line says."""


class Site:
    """A running portal: its port, and its processes."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self._process = psutil.Process(pid)

    def signed_in(self, username: str) -> Browser:
        browser = Browser(self.port)
        if (status := browser.sign_in(username)) != 303:
            raise AssertionError(f"{username} was not let in: {status}")
        return browser

    def memory(self) -> dict[str, float]:
        """Return the resident memory of each process in MiB, by what it does and which one it is."""
        found = {}
        for process in [self._process, *self._process.children(recursive=True)]:
            words = " ".join(process.cmdline())
            name = next((part for said, part in PARTS.items() if said in words), "")
            if name:
                found[f"{name} {process.pid}"] = process.memory_info().rss / 2**20
        return found


def environment(url: str, **settings: str) -> dict[str, str]:
    """Return the environment of a process of the portal on a database, with other settings if any."""
    common = {"ENV": "demo", "DATABASE_URL": url, "MASTER_KEY": MASTER_KEY.hex(), "LOG_LEVEL": "error"}
    common |= {
        "SECRET_KEY": "only the benchmark knows it".replace(" ", "-") * 2,
        "DATA_DIR": str(FOLDER / "data"),
    }
    return os.environ | {f"ESPACE_CITOYEN_{name}": value for name, value in (common | settings).items()}


@contextmanager
def site(url: str, *words: str) -> Iterator[Site]:
    """Run `espace-citoyen serve` (or other words, `web` for the site alone) on a database."""
    port, environ = free_port(), environment(url)
    command = [sys.executable, "-m", "espace_citoyen.cli", *(words or ("serve",)), "--port", str(port)]
    log = Path(FOLDER / "site.log")
    with log.open("ab") as said, subprocess.Popen(command, env=environ, stdout=said, stderr=said) as process:
        try:
            _wait(port, process, log)
            yield Site(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTING_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the site did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=2) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def crowd_of(
    port: int, requests: Sequence[Callable[[int], bytes]], *, seconds: float = 600, times: int | None = None
) -> list[Answer]:
    """Let one client per function ask without pause, for so long or so often.

    A function is given the number of the question, and returns it.
    """
    end = time.perf_counter() + seconds

    def ask(request: Callable[[int], bytes]) -> list[Answer]:
        line, answers = Line(port), list[Answer]()
        while time.perf_counter() < end and len(answers) != times:
            answers.append(line.ask(request(len(answers))))
        line.close()
        return answers

    with ThreadPoolExecutor(len(requests)) as clients:
        return [answer for answers in clients.map(ask, requests) for answer in answers]


def answered(status: int, answers: Sequence[Answer]) -> Sequence[Answer]:
    """Return the answers; AssertionError when one of them has another status."""
    wrong = {answer.status for answer in answers} - {status}
    if wrong:
        raise AssertionError(f"answered with {wrong} instead of {status}")
    return answers
