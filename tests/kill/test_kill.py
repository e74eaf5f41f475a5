"""Whatever is killed, whenever: what was answered is kept, once, and everything comes back by itself."""

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import psutil
import pytest

from benchmark.browser import Browser, forms_of, free_port
from espace_citoyen import config
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.postgres import EmbeddedServer
from espace_citoyen.projections import exchanges, requests
from espace_citoyen.store.log import RecordedEvent
from waiting import wait_until

pytestmark = pytest.mark.slow

SEED = 20_261_121
KILLS = 20
CLIENTS = (*("dominique",) * 4, *("camille",) * 4)
PAUSE = 0.15
"""Between two messages of a client, and before one that was not answered is sent again, in seconds."""

DOOR = {"camille": "/demandes", "dominique": "/agents/demandes"}
VICTIMS: dict[str, Callable[[str], bool]] = {
    "projector": lambda words: words.endswith("worker projector"),
    "jobs": lambda words: words.endswith("worker jobs"),
    "site": lambda words: words.startswith("granian") and "worker-" not in words,
    "site process": lambda words: words.startswith("granian") and "worker-" in words,
    "database": lambda words: "bin/postgres -D" in words,
    "connection": lambda words: words.startswith("postgres: espace_citoyen"),
}
"""Who is killed, by what their command line says."""


class Besieged:
    """A running portal, and the processes of it to kill."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.said = data.with_name("said")
        command = [sys.executable, str(Path(__file__).with_name("besieged.py")), str(self.port), str(data)]
        environ = {"PATH": "/usr/bin:/bin", "ESPACE_CITOYEN_ENV": "demo"}
        with self.said.open("wb") as said:
            self.process = psutil.Popen(command, env=environ, stdout=said, stderr=said, start_new_session=True)

    def wait(self) -> None:
        wait_until(lambda: self.answers("/sante") == 200, "a healthy portal", seconds=60)

    def answers(self, path: str) -> int:
        assert self.process.poll() is None, self.said.read_text()
        with Browser(self.port) as browser, contextlib.suppress(OSError):
            return browser.get(path).status
        return 0

    def kill(self, victim: str, chance: random.Random) -> bool:
        """Kill one process of a kind, if there is any at this moment."""
        found = [process for process in self.process.children(recursive=True) if _is(process, VICTIMS[victim])]
        with contextlib.suppress(psutil.NoSuchProcess):
            if found:
                chance.choice(found).kill()
                return True
        return False

    def end(self) -> None:
        self.process.terminate()
        try:
            assert self.process.wait(20) == 0, self.said.read_text()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _is(process: psutil.Process, described: Callable[[str], bool]) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return described(" ".join(process.cmdline()).strip())
    return False


@dataclass
class Client:
    """Somebody who writes message after message, each one again and again until it is answered."""

    username: str
    port: int
    references: Sequence[str]
    over: Event
    answered: dict[UUID, str] = field(default_factory=dict)
    tries: Counter[int] = field(default_factory=Counter)

    def run(self) -> None:
        with Browser(self.port) as browser:
            self._insist(lambda: browser.sign_in(self.username))
            while not self.over.is_set():
                self._write(browser)
                self.over.wait(PAUSE)

    def _write(self, browser: Browser) -> None:
        reference = self.references[len(self.answered) % len(self.references)]
        path = f"{DOOR[self.username]}/{reference}/echanges"
        exchange_id = uuid4()

        def send() -> int:
            browser.get(path)
            token = forms_of(browser.page)[-1].values["csrf_token"]
            form = {"csrf_token": token, "id": str(exchange_id), "text": f"Message {exchange_id}"}
            return browser.post(path, form).status

        self._insist(send)
        self.answered[exchange_id] = reference

    def _insist(self, act: Callable[[], int]) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError, IndexError, KeyError):  # no answer, or a page without its form
                status = act()
                self.tries[status] += 1
                if status == 303:
                    return
            Event().wait(PAUSE)
        raise AssertionError(f"never answered: {self.tries}")


@pytest.fixture
def besieged(data_folder: Path) -> Iterator[Besieged]:
    portal = Besieged(data_folder / "data")
    try:
        portal.wait()
        yield portal
    finally:
        portal.end()


@pytest.fixture
def portal(besieged: Besieged) -> Iterator[Portal]:
    """The store of the portal that is served, seen from outside."""
    settings = config.load({"ESPACE_CITOYEN_ENV": "demo"}, data_dir=besieged.data)
    with closing(Portal(EmbeddedServer(besieged.data).url, settings.master_key)) as portal:
        yield portal


def test_twenty_kills_lose_nothing_that_was_answered_and_double_nothing(
    besieged: Besieged, portal: Portal
) -> None:
    dominique, camille = (_somebody(portal, name) for name in ("dominique", "camille"))
    with portal.connection() as connection:
        queue = requests.queue(connection, viewer=dominique, sort="reference", descending=False, page=1)
        waiting = exchanges.unread_count(connection, viewer=camille)
        own = {row.reference for row in requests.mine(connection, viewer=camille)}
    kept = [row for row in queue.rows if row.has_exchanges and row.reference in own]
    before = {row.reference: len(portal.stream(row.request_id)) for row in kept}

    clients = _besiege(besieged, [row.reference for row in kept])
    answered = {sent: client for client in clients for sent in client.answered}
    by_town = {sent for sent, client in answered.items() if client.username == "dominique"}
    assert len(answered) >= 2 * KILLS
    seen = {status for client in clients for status in client.tries}
    assert seen <= {303, 409, 503}, f"answered with {seen}"
    besieged.wait()
    wait_until(lambda: _reaction(portal) == portal.position(), "the reactions", seconds=60)
    assert portal.wait(portal.position(), timeout=60)

    events = [event for row in kept for event in portal.stream(row.request_id)[before[row.reference] :]]
    assert Counter(event.event.exchange_id for event in events) == Counter([*answered])
    assert {event.event.text for event in events} == {f"Message {sent}" for sent in answered}
    assert {event.event.exchange_id: event.envelope["reference"] for event in events} == {
        sent: client.answered[sent] for sent, client in answered.items()
    }
    assert _rows(portal, answered) == Counter([*answered])
    with portal.connection() as connection:
        assert exchanges.unread_count(connection, viewer=camille) == waiting + len(by_town)
    assert _outbox(portal, events) == Counter(by_town)
    for words in (["read-model", "check"], ["audit", "verify"]):
        assert _command(besieged, words) == 0, words


def _besiege(besieged: Besieged, references: Sequence[str]) -> Sequence[Client]:
    """Let eight clients write while one process after another is killed; return them when the last is done."""
    print(f"seed {SEED}")
    chance, over = random.Random(SEED), Event()
    clients = [Client(username, besieged.port, references, over) for username in CLIENTS]
    with ThreadPoolExecutor(len(clients)) as executor:
        running = [executor.submit(client.run) for client in clients]
        try:
            wait_until(lambda: all(client.answered for client in clients), "everybody to have written", seconds=60)
            killed = 0
            while killed < KILLS:
                Event().wait(chance.uniform(0.3, 2.7))
                killed += besieged.kill(chance.choice(list(VICTIMS)), chance)
        finally:
            over.set()
        ended, waiting = wait(running, timeout=60)
        assert not waiting, f"{[client.tries for client in clients]}\n{besieged.said.read_text()[-4000:]}"
        for client in ended:
            client.result()
    return clients


def _somebody(portal: Portal, username: str) -> Actor:
    found = authenticate(portal, username=username, password=PASSWORD)
    assert found is not None
    return found


def _reaction(portal: Portal) -> int:
    """How far the slowest reaction has come."""
    with portal.connection() as connection:
        row = connection.execute("SELECT min(position) AS position FROM plain.reaction").fetchone()
    return row["position"] if row else 0


def _rows(portal: Portal, sent: Iterable[UUID]) -> Counter[UUID]:
    with portal.connection() as connection:
        rows = connection.execute("SELECT exchange_id FROM exchange WHERE exchange_id = ANY(%s)", ([*sent],))
        return Counter(row["exchange_id"] for row in rows.fetchall())


def _outbox(portal: Portal, events: Sequence[RecordedEvent]) -> Counter[UUID]:
    """Count the mails of these events by the message they tell."""
    told = {(event.stream_id, event.version): event.event.exchange_id for event in events}
    with portal.connection() as connection:
        mails = connection.execute("SELECT stream_id, version FROM plain.outbox").fetchall()
    places = [(mail["stream_id"], mail["version"]) for mail in mails]
    return Counter(told[place] for place in places if place in told)


def _command(besieged: Besieged, words: Sequence[str]) -> int:
    command = [sys.executable, "-m", "espace_citoyen.cli", *words, "--data", str(besieged.data)]
    environ = {"PATH": "/usr/bin:/bin", "ESPACE_CITOYEN_ENV": "demo"}
    return subprocess.run(command, env=environ, check=False, timeout=60).returncode
