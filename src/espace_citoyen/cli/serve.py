"""`serve` and `worker`: everything, or the background part, kept alive by one supervisor."""

import argparse
import http.client
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module

from espace_citoyen.config import KEPT, PREFIX, Settings
from espace_citoyen.postgres import EmbeddedServer
from espace_citoyen.supervisor import Database, Program, Supervisor

PARTS = ("projector", "jobs")


def serve(settings: Settings, arguments: argparse.Namespace) -> int:
    """Start the database, bring it to this version, then the site and the worker; stop all of it on a signal."""
    if not _is_free(arguments.host, arguments.port):
        print(
            f"Le port {arguments.port} est déjà pris : arrêtez l’autre programme ou choisissez --port.",
            file=sys.stderr,
        )
        return 1
    _warn_about_keys(settings)
    with _supervised() as supervisor:
        environ = _environment(settings, _database(supervisor, settings))
        steps = ["migrate", "demo"] if settings.demo else ["migrate"]
        if not all(supervisor.complete(_program([step], environ)) for step in steps):
            return 0 if supervisor.ending else 1
        listen = ["--host", arguments.host, "--port", str(arguments.port)]
        lines = [["mail-in", "--lmtp"]] if settings.lmtp else []
        for words in (["web", *listen], *(["worker", part] for part in PARTS), *lines):
            supervisor.start(_program(words, environ))
        return supervisor.keep(_announcing(arguments.host, arguments.port))


def worker(settings: Settings, arguments: argparse.Namespace) -> int:
    """Do one part of the background work; without a name, keep both parts alive."""
    if arguments.part:
        work: Callable[[Settings, str], int] = import_module("espace_citoyen.worker").work
        return work(settings, arguments.part)
    with _supervised() as supervisor:
        environ = _environment(settings, settings.database)
        for part in PARTS:
            supervisor.start(_program(["worker", part], environ))
        return supervisor.keep(lambda: None)


@contextmanager
def _supervised() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        supervisor.end()


def _database(supervisor: Supervisor, settings: Settings) -> str:
    """Return the address of the town's database, or of the embedded one, started."""
    if settings.database_url is not None:
        return settings.database_url
    server = EmbeddedServer(settings.data_dir)
    supervisor.start(Database(server))
    return server.url


def _environment(settings: Settings, database_url: str) -> Mapping[str, str]:
    """Return what the children are told: our own environment, and what the command line decided."""
    told = {"DATABASE_URL": database_url, "DATA_DIR": str(settings.data_dir), "BASE_URL": settings.base_url}
    return os.environ | {f"{PREFIX}{name}": value for name, value in told.items()}


def _program(words: list[str], environ: Mapping[str, str]) -> Program:
    return Program(
        "-".join(words[:2]) if words[0] == "worker" else words[0],
        [sys.executable, "-m", "espace_citoyen.cli", *words],
        environ,
        vital=words[0] != "mail-in",  # without mail coming in, the town hall is still open
    )


def _is_free(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _announcing(host: str, port: int) -> Callable[[], None]:
    """Return what says, once, that a page answers."""
    waiting = True

    def announce() -> None:
        nonlocal waiting
        if waiting and _answers("127.0.0.1" if host == "0.0.0.0" else host, port):  # noqa: S104 - compared, not bound
            print(f"Prêt : http://localhost:{port}", flush=True)
            waiting = False

    return announce


def _answers(host: str, port: int) -> bool:
    with closing(http.client.HTTPConnection(host, port, timeout=2)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False


def _warn_about_keys(settings: Settings) -> None:
    if KEPT in settings.origins.values():
        print(
            f"Attention : une sauvegarde de {settings.data_dir} contient les données et leurs clés (keys/).",
            flush=True,
        )
