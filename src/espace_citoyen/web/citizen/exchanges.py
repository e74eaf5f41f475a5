"""An account holder's exchanges: those to read, writing one, opening one."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.projections import exchanges as queries
from espace_citoyen.projections.exchanges import UnreadExchange
from espace_citoyen.web import context
from espace_citoyen.web.citizen import blueprint
from espace_citoyen.web.requests import exchanges


@blueprint.get("/espace/echanges", endpoint="exchanges")
def exchanges_list() -> ResponseReturnValue:
    """Échanges à lire, each under its request (S34)."""
    with context.portal().connection() as connection:
        waiting = queries.unread(connection, viewer=context.actor())
    return flask.render_template(
        "citizen/exchanges/unread.html", requests=_by_request(waiting), number=len(waiting)
    )


@blueprint.post("/demandes/<reference>/echanges")
def exchange_sent(reference: str) -> ResponseReturnValue:
    """Write to the town hall."""
    return exchanges.send(reference)


@blueprint.post("/demandes/<reference>/echanges/<uuid:exchange_id>/lecture")
def exchange_read(reference: str, exchange_id: UUID) -> ResponseReturnValue:
    """« Voir la suite »: open a message of the town hall."""
    return exchanges.read(reference, exchange_id)


def _by_request(waiting: Iterable[UnreadExchange]) -> list[list[UnreadExchange]]:
    return [list(inside) for _, inside in groupby(waiting, key=attrgetter("request_id"))]
