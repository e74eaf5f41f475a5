"""The small town on which pages are measured: the demo's, and neighbours who can sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmark.crowd import BEGINNING, Desk, Load, converse, desk_of, request
from espace_citoyen import demo
from espace_citoyen.aggregates.actor import SYSTEM, Actor
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import actor_of, open_account
from espace_citoyen.demo.cast import CITIZENS, PASSWORD
from espace_citoyen.projections import model

OF_A_DEPOSIT = 2
"""Events of a stream when its request has just been filed: the deposit and its acknowledgement."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody who can sign in, and the references of their requests."""

    username: str
    actor: Actor
    references: list[str]


def settle(portal: Portal) -> Desk:
    """Invent the demo's town and return the desk that requests go to."""
    return desk_of(demo.invent(portal, at=datetime.now(UTC)))


def move_in(portal: Portal, username: str) -> Neighbour:
    """Open a space for a neighbour who signs in with the password of the demo."""
    opened = open_account(
        portal, at=BEGINNING, actor=SYSTEM, username=username, password=PASSWORD, person=CITIZENS["camille"]
    )
    return Neighbour(username, actor_of(portal, kind="account", holder_id=opened), [])


def give(portal: Portal, desk: Desk, neighbour: Neighbour, lengths: Sequence[int], *, read: bool = True) -> None:
    """File requests for a neighbour whose streams are so many events long; project what is new."""
    load = Load(portal)
    for length in lengths:
        filed, claim = request(portal, desk, neighbour.actor, BEGINNING)
        converse(filed, desk, neighbour.actor, events=length - OF_A_DEPOSIT, read=read)
        load.add(filed, claim)
        neighbour.references.append(filed.reference)
    with portal.connect() as connection:
        load.write(connection)
        model.catch_up(portal, connection)
