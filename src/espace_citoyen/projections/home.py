"""« Mon accueil »: the tiles and badges of a space."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.projections import exchanges, requests


@dataclass(frozen=True, kw_only=True)
class Home:
    """The last requests of a citizen (S25), and the number of messages that wait for them (S34)."""

    latest: list[requests.RequestRow]
    unread: int


def home(connection: Connection[Any], *, viewer: Actor) -> Home:
    """Return what the viewer's home page shows."""
    return Home(
        latest=requests.latest(connection, viewer=viewer),
        unread=exchanges.unread_count(connection, viewer=viewer),
    )
