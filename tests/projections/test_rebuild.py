"""A rebuild while the portal is used: no page fails, no write waits."""

from collections.abc import Callable
from copy import copy
from threading import Event, Thread
from time import monotonic

from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.projections import exchanges, home, model, procedures, requests
from espace_citoyen.worker.following import Following
from espace_citoyen.worker.projector import Projector
from people import MONDAY, Town


class Client:
    """Somebody who reads pages and writes until told to stop, and notes failures and the longest wait."""

    def __init__(self, town: Town, filed: Deposited) -> None:
        self._town = town
        self._filed = filed
        self.failures: list[Exception] = []
        self.longest_write = 0.0
        self.reads = self.writes = 0

    def live(self, stop: Event) -> None:
        while not stop.is_set():
            try:
                self._read()
                self._write()
            except Exception as error:
                self.failures.append(error)

    def _read(self) -> None:
        camille, dominique = self._town.camille, self._town.dominique
        with self._town.portal.connection() as connection:
            shown = home.home(connection, viewer=camille, now=MONDAY)
            assert len(shown.latest) == 4
            assert requests.find(connection, self._filed.reference, viewer=camille) is not None
            page = requests.queue(connection, viewer=dominique, sort="status", descending=True, page=1)
            assert page.total >= 4
            assert exchanges.unread(connection, viewer=camille) is not None
            assert procedures.by_slug(connection, "acte-de-naissance") is not None
        self.reads += 1

    def _write(self) -> None:
        began = monotonic()
        self._town.writes(self._town.dominique, self._filed.request_id)
        self.longest_write = max(self.longest_write, monotonic() - began)
        self.writes += 1


def test_a_rebuild_while_four_people_read_and_write(town: Town, master_key: bytes) -> None:
    filed = [town.files(town.camille) for _ in range(4)]
    for request in filed:
        for _ in range(50):
            town.writes(town.camille, request.request_id)
    assert town.dominique
    town.drain()
    stop = Event()
    portal = Portal(town.portal.database_url, master_key, pool_size=8)
    seen_by_clients = copy(town)
    seen_by_clients.portal = portal
    clients = [Client(seen_by_clients, each) for each in filed]
    loops: list[Callable[[], None]] = [Following(town.portal, Projector(), stop).run]
    loops += [lambda client=client: client.live(stop) for client in clients]
    threads = [Thread(target=loop) for loop in loops]
    for thread in threads:
        thread.start()
    for _ in range(3):
        model.rebuild(town.portal)
    last = town.portal.position()
    assert town.portal.wait(last, timeout=5)
    stop.set()
    for thread in threads:
        thread.join()
    portal.close()
    assert [failure for client in clients for failure in client.failures] == []
    assert max(client.longest_write for client in clients) < 1.0
    assert min(client.writes for client in clients) > 5
    with town.portal.connection() as connection:
        town.drain()
        rows = connection.execute("SELECT count(*) AS messages FROM exchange").fetchone()
    sent = sum(client.writes for client in clients) + 200
    assert rows == {"messages": sent}
