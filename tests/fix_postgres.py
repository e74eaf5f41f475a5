"""PostgreSQL for the tests: one server per run, shared by its workers, and one fresh database per test."""

import fcntl
import os
import sys
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from espace_citoyen.application import Portal
from espace_citoyen.projections import model
from espace_citoyen.store.migrate import migrate
from waiting import wait_until

TEMPLATE = "espace_template"
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_finished: dict[str, list[str]] = defaultdict(list)  # by server


@pytest.fixture(scope="session")
def master_key() -> bytes:
    """The master key of every test."""
    return bytes(range(32))


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A folder for an embedded server of one's own.

    Not `tmp_path`: another run of pytest closes its parent again, which locks out the account that root's
    PostgreSQL runs under.
    """
    with tempfile.TemporaryDirectory(prefix="espace-citoyen-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The maintenance database of the embedded server of this run."""
    return _kept_server(tmp_path_factory, worker_id, "postgres-18")


@pytest.fixture(scope="session")
def server15_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The same on PostgreSQL 15, the oldest that the portal supports."""
    if not (DEBIAN_15 / "postgres").exists():
        pytest.fail("Debian's package postgresql-15 is missing: apt-get install postgresql-15")
    return _kept_server(tmp_path_factory, worker_id, "postgres-15", DEBIAN_15)


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database in which nothing was migrated yet."""
    with _fresh_database(server_url, "template0") as url:
        yield url


@pytest.fixture
def database_url(server_url: str, master_key: bytes) -> Iterator[str]:
    """A migrated database with its read model, empty, for this test alone."""
    _make_template(server_url, master_key)
    with _fresh_database(server_url, TEMPLATE) as url:
        yield url


@pytest.fixture
def database15_url(server15_url: str, master_key: bytes) -> Iterator[str]:
    """The same on PostgreSQL 15."""
    _make_template(server15_url, master_key)
    with _fresh_database(server15_url, TEMPLATE) as url:
        yield url


@contextmanager
def _fresh_database(server_url: str, template: str) -> Iterator[str]:
    """Copy a database for one test. It goes when the next test begins: by then nobody is still leaving it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        while _finished[server_url]:
            connection.execute(f"DROP DATABASE {_finished[server_url].pop()} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _database(server_url, name)
    _finished[server_url].append(name)


def _make_template(server_url: str, master_key: bytes) -> None:
    """Make once what every test copies, read model included; the first worker does it, the others wait."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        known = connection.execute(
            "SELECT datistemplate FROM pg_database WHERE datname = %s", [TEMPLATE]
        ).fetchone()
        if known == (True,):
            return
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        migrate(_database(server_url, TEMPLATE), master_key)
        with closing(Portal(_database(server_url, TEMPLATE), master_key)) as portal:
            model.prepare(portal)
        connection.execute(f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false")


def _database(server_url: str, name: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def _kept_server(factory: pytest.TempPathFactory, worker_id: str, name: str, *binaries: Path) -> str:
    """Start the keeper of this server, unless another worker of the run did, and return the server's address."""
    alone = worker_id == "master"
    folder = (factory.getbasetemp() if alone else factory.getbasetemp().parent) / name
    folder.mkdir(exist_ok=True)
    url, log = folder / "url", folder / "keeper.log"
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not url.exists():
            run = os.getpid() if alone else os.getppid()
            keeper = [sys.executable, str(Path(__file__).with_name("keeper.py")), str(run), str(folder)]
            _spawn([*keeper, *map(str, binaries)], log)
            wait_until(url.exists, f"the start of {name}, see {log}", seconds=60)
    return _database(url.read_text(), "postgres")


def _spawn(command: list[str], log: Path) -> None:
    """Start a process that nobody here waits for, away from the terminal and from pytest's own channels."""
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1)]
    errors = (os.POSIX_SPAWN_OPEN, 2, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.posix_spawn(command[0], command, os.environ, file_actions=[*null, errors], setsid=True)
