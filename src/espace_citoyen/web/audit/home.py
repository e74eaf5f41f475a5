"""The auditor's first page: a reference leads to its history."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.web import forms, lookup
from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.schemas.requests import Lookup

UNKNOWN = "Aucune demande ne porte cette référence. Vérifiez-la\N{NO-BREAK SPACE}: elle a la forme 7K3F-9QX2."


@blueprint.get("/audit/")
def home() -> ResponseReturnValue:
    """The way to any history; looking one up writes nothing."""
    typed = flask.request.args.get("reference", "").strip()
    form = forms.Form(schema=Lookup(), typed={"reference": typed})
    if not typed:
        return _page(form)
    try:
        row = lookup.find(typed)
    except NotFound:
        return _page(form.with_error(UNKNOWN, "reference")), 404
    except Erased:
        reference = parse_reference(typed)
        return flask.redirect(flask.url_for("audit.events", reference=reference), 303)
    return flask.redirect(flask.url_for("audit.request_tab", reference=row.reference, tab="historique"), 303)


def _page(form: forms.Form) -> str:
    return flask.render_template("audit/home/home.html", form=form)
