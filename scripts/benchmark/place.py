"""Where it is measured: one embedded server in a folder that is kept, and databases on it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from espace_citoyen.application import Portal
from espace_citoyen.postgres import EmbeddedServer
from espace_citoyen.projections import model
from espace_citoyen.store.migrate import migrate

FOLDER = Path("/tmp/espace-citoyen-bench")
MASTER_KEY = bytes(range(32))


@dataclass(frozen=True)
class Place:
    """A server that runs, how many rounds to take, and whether to be quick rather than sure."""

    server_url: str
    rounds: int
    quick: bool

    def url(self, name: str) -> str:
        return urlsplit(self.server_url)._replace(path=f"/{name}").geturl()

    def has(self, name: str) -> bool:
        with psycopg.connect(self.server_url) as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone())

    def fresh(self, name: str) -> str:
        """Make a database anew, migrated, and return its address."""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        migrate(self.url(name), MASTER_KEY)
        return self.url(name)

    def rename(self, old: str, new: str) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(old), Identifier(new)))

    def drop_former(self, prefix: str, *, but: str) -> None:
        """Drop the large data sets of former versions."""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            query = (
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND NOT starts_with(datname, %s)"
            )
            for (former,) in connection.execute(query, (prefix, but)).fetchall():
                connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(former)))


@contextmanager
def place(*, rounds: int, quick: bool) -> Iterator[Place]:
    """Start the server of the benchmark, and stop it in the end; what was made is kept for the next time."""
    server = EmbeddedServer(FOLDER)
    if not (FOLDER / "postgres").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        yield Place(server.start(), rounds, quick)
    finally:
        server.stop()


@contextmanager
def portal_on(url: str) -> Iterator[Portal]:
    """Open the portal on a database, with its read model."""
    with closing(Portal(url, MASTER_KEY, pool_size=10)) as portal:
        model.prepare(portal)
        yield portal
