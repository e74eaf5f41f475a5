"""Whether the portal is well, for whoever watches over it."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.web import context
from espace_citoyen.web.public import blueprint

STALE = timedelta(seconds=20)


@blueprint.get("/sante")
def health() -> ResponseReturnValue:
    """200 when the database answers and every worker beats, else 503; needs no session."""
    flask.g.without_database = True
    with context.portal().connection() as connection:
        beats = connection.execute(
            "SELECT name, beat_at, well FROM plain.worker_heartbeat ORDER BY name"
        ).fetchall()
    now = context.now()
    workers = {row["name"]: _state(row["well"], now - row["beat_at"]) for row in beats}
    well = bool(workers) and all(state == "ok" for state in workers.values())
    body = {"statut": "ok" if well else "en panne", "base": "ok", "traitements": workers or "absents"}
    return flask.jsonify(body), 200 if well else 503


def _state(well: bool, since: timedelta) -> str:
    if since >= STALE:
        return "en retard"
    return "ok" if well else "en panne"
