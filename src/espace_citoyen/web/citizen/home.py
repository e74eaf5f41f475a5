"""« Mon accueil »: what waits, what was last filed, and the way to the procedures."""

from collections import Counter

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.projections import home as queries
from espace_citoyen.projections import procedures
from espace_citoyen.web import context
from espace_citoyen.web.citizen import blueprint


@blueprint.get("/espace")
def home() -> ResponseReturnValue:
    """Mon accueil (S07, S25, S34)."""
    with context.portal().connection() as connection:
        found = queries.home(connection, viewer=context.actor(), now=context.now())
        areas = Counter(row.area for row in procedures.catalogue(connection))
    return flask.render_template("citizen/home/home.html", actor=context.actor(), home=found, areas=areas)
