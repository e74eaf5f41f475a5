"""The catalogue of procedures, and the page of one of them."""

from itertools import groupby
from operator import attrgetter

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.projections import procedures
from espace_citoyen.projections.procedures import CatalogueRow
from espace_citoyen.web import context
from espace_citoyen.web.public import blueprint, filing


@blueprint.get("/demarches", endpoint="procedures")
def procedures_list() -> ResponseReturnValue:
    """Every procedure, by area; a padlock says which ones need an account (S14, S16)."""
    with context.portal().connection() as connection:
        rows = procedures.catalogue(connection)
    areas = [(area, list(inside)) for area, inside in groupby(rows, key=attrgetter("area"))]
    return flask.render_template("public/procedures/catalogue.html", areas=areas)


@blueprint.get("/demarches/<slug>")
def procedure(slug: str) -> ResponseReturnValue:
    """The form of a procedure; for those who need an account first, what it is and the way to sign in (S16)."""
    row = find(slug)
    if not filing.may_begin(row):
        return flask.render_template("public/procedures/presentation.html", row=row)
    return filing.draw(row, filing.blank(row))


@blueprint.post("/demarches/<slug>")
def procedure_sent(slug: str) -> ResponseReturnValue:
    """A step of the form: read again, go back to it, or file."""
    return filing.step(find(slug))


def find(slug: str) -> CatalogueRow:
    """The procedure at an address; raise NotFound."""
    with context.portal().connection() as connection:
        row = procedures.by_slug(connection, slug)
    if row is None:
        raise NotFound("No such procedure")
    return row
