"""« Mon accueil »: the tiles and badges of a space."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.projections import requests, scope
from espace_citoyen.projections.appointments import UPCOMING
from espace_citoyen.projections.exchanges import UNREAD


@dataclass(frozen=True, kw_only=True)
class Home:
    """The last requests of a citizen (S25), those that wait for a gesture of theirs (« À faire »), and two badges.

    `unread` counts the messages that wait (S34), `upcoming` the appointments to come (S35).
    """

    latest: list[requests.RequestRow]
    to_do: list[requests.RequestRow]
    unread: int
    upcoming: int


_BADGES = """
SELECT (SELECT count(*) FROM exchange e WHERE {unread}) AS unread,
       (SELECT count(*) FROM appointment a WHERE {upcoming}) AS upcoming,
       EXISTS (SELECT FROM request r WHERE {to_do}) AS has_to_do
"""
_QUERY = _BADGES.format(unread=UNREAD, upcoming=UPCOMING, to_do=requests.TO_DO).encode()


def home(connection: Connection[Any], *, viewer: Actor, now: datetime) -> Home:
    """Return what the viewer's home page shows at `now` (aware)."""
    badges = connection.execute(_QUERY, scope.parameters(viewer) | {"now": now}).fetchone()
    assert badges is not None
    return Home(
        latest=requests.latest(connection, viewer=viewer),
        to_do=requests.to_do(connection, viewer=viewer) if badges["has_to_do"] else [],
        unread=badges["unread"],
        upcoming=badges["upcoming"],
    )
