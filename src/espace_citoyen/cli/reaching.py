"""The database for the time of one command: the town's, or the embedded one, woken up when it does not run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from espace_citoyen.config import Settings
from espace_citoyen.postgres import EmbeddedServer


class NoDatabase(Exception):
    """There is no database where the command looked for one; the text says what to do, in French."""


@contextmanager
def reachable(settings: Settings, needed: str) -> Iterator[Settings]:
    """Give the settings with the address of a database that answers.

    `needed` is "none" when the command sees to it, "made" when it may make a database, "there" when it may not.
    """
    if needed == "none" or settings.database_url is not None:
        yield settings
        return
    server = EmbeddedServer(settings.data_dir)
    if needed == "there" and not (settings.data_dir / "postgres").exists():
        raise NoDatabase(
            f"Aucune base dans {settings.data_dir} : "
            "indiquez son dossier avec --data, ou lancez « espace-citoyen serve »."
        )
    running = server.probe()
    try:
        yield replace(settings, database_url=server.url if running else server.start())
    finally:
        server.stop()
