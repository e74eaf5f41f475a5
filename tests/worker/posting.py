"""What the tests of reactions and of the mailer share: requests of people who can be written to."""

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from espace_citoyen import reactions
from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.application import Portal
from espace_citoyen.commands import erasure, requests
from espace_citoyen.commands.requests import Deposited, Filing
from espace_citoyen.config import Settings
from espace_citoyen.reactions import Reaction
from espace_citoyen.store.erasure import Register
from espace_citoyen.worker.mailer import Mailer
from people import CAMILLE_PERSON, Town

BASE_URL = "https://espace.exemple.fr"
CAMILLE_AT = "camille@exemple.fr"


def files_reachable(town: Town, email: str = CAMILLE_AT) -> Deposited:
    """Camille files a request and gives an address of this world."""
    applicant = replace(CAMILLE_PERSON, email=email)
    filing = Filing(uuid4(), town.birth_certificate, 1, applicant, {"nom": "Rousseau"})
    return requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=filing)


def erase(town: Town, stream_id: Any, register: Path, kind: str = "request") -> None:
    """Erase a stream, as a visa asks."""
    planned = erasure.planned(at=town.at, actor=SYSTEM, kind=kind, stream_id=stream_id, motive=("person", "V-1"))
    erasure.erase(town.portal, actor=SYSTEM, register=Register(register), erasure=planned)


def react(portal: Portal, *reactions: Reaction) -> None:
    """Give each reaction everything recorded since its position."""
    with portal.connect() as connection:
        for reaction in reactions:
            while events := portal.after(reaction.position(connection), 500):
                reaction.apply(connection, events)


def queue_mails(town: Town) -> None:
    """Put into the outbox whatever is to be told by mail."""
    react(town.portal, reactions.mails(town.portal))


def place_at_the_start(portal: Portal) -> None:
    """Let the reactions see everything, as in a database that was migrated when nothing had happened."""
    with portal.connect() as connection:
        reactions.place(connection)
        connection.execute("UPDATE plain.reaction SET position = 0")


def outbox_rows(portal: Portal) -> list[dict[str, Any]]:
    """Return the rows of the outbox as they are kept, in the order of their events."""
    with portal.connection() as connection:
        return connection.execute("SELECT * FROM plain.outbox ORDER BY queued_at, version").fetchall()


def mailer(portal: Portal, smtp_url: str | None, folder: Path, *, reply_address: str | None = None) -> Mailer:
    """Return a mailer that hands its mails to a server."""
    settings = Settings(
        env="demo",
        data_dir=folder,
        base_url=BASE_URL,
        files_url=f"file:{folder / 'files'}",
        smtp_url=smtp_url,
        reply_address=reply_address,
        secret_key="",
        master_key=b"",
    )
    return Mailer(portal, settings, Event())
