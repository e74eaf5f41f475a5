"""Whether the portal is well, for whoever watches over it."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.store import heartbeat
from espace_citoyen.web import context
from espace_citoyen.web.public import blueprint


@blueprint.get("/sante")
def health() -> ResponseReturnValue:
    """200 when the database answers and every loop of the worker beats, else 503; needs no session."""
    flask.g.without_database = True
    with context.portal().connection() as connection:
        workers = heartbeat.states(connection, context.now())
    well = bool(workers) and set(workers.values()) == {"ok"}
    body = {"statut": "ok" if well else "en panne", "base": "ok", "traitements": workers}
    return flask.jsonify(body), 200 if well else 503
