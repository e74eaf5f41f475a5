"""The first page of the portal, and the page that benchmarks are compared with."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.web import context
from espace_citoyen.web.public import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The door of the town hall, on line."""
    return flask.render_template("public/home/home.html")


@blueprint.get("/reference")
def reference() -> ResponseReturnValue:
    """The town's layout with one session read and nothing else: the yardstick of `scripts/bench`."""
    return flask.render_template("public/home/reference.html", actor=context.visitor())
