"""A request as the auditor reads it: the same tabs, now or as they were on a date (N02), and nothing to press."""

from collections.abc import Callable
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import dates
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.web import forms
from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.requests import replay
from espace_citoyen.web.requests.show import TABS, show, to_history
from espace_citoyen.web.requests.view import NotYet
from espace_citoyen.web.schemas.audit import Moment

NOT_A_MOMENT = "Cette date n’existe dans aucun calendrier."


@blueprint.get("/audit/demandes/<reference>")
def request_page(reference: str) -> ResponseReturnValue:
    """A request opens on its history; of an erased one, its events are all there is."""
    try:
        return to_history(reference)
    except Erased:
        return flask.redirect(flask.url_for("audit.events", reference=reference), 303)


@blueprint.get(
    "/audit/demandes/<reference>/<any(demandeur, demande, historique, echanges, pieces, 'rendez-vous'):tab>"
)
def request_tab(reference: str, tab: str) -> ResponseReturnValue:
    """A tab of « Suivi de la demande », now or `au` a date."""
    return as_asked(reference, tab, lambda as_of: show(reference, tab, as_of=as_of))


@blueprint.get("/audit/demandes/<reference>/moment")
def moment(reference: str) -> ResponseReturnValue:
    """Lead to a tab as it was when asked; say what is wrong with what was typed."""
    shown, tab = _known(reference), flask.request.args.get("onglet", "")
    form = forms.asked(Moment()) if flask.request.args else forms.Form(schema=Moment())
    if form.data and not form.errors:
        address = tab_address(shown, tab)
        return flask.redirect(f"{address}?{replay.ARGUMENT}={replay.typed(form)}", 303)
    return _choice(shown, tab, form)


def as_asked(
    reference: str, tab: str, draw: Callable[[datetime | None], ResponseReturnValue]
) -> ResponseReturnValue:
    """Draw a page as of the instant in its address; say so when nothing was recorded by then, or all is erased."""
    try:
        as_of = replay.asked()
    except ValueError:
        form = forms.Form(schema=Moment()).with_error(NOT_A_MOMENT, "day")
        return _choice(_known(reference), tab, form)
    try:
        return draw(as_of)
    except NotYet as refusal:
        return _not_yet(reference, tab, as_of, refusal), 404
    except Erased:
        return flask.render_template("audit/requests/erased.html", reference=_known(reference)), 410


def tab_address(reference: str, tab: str) -> str:
    """The address of a tab of the auditor's, « Historique » when there is none of that name."""
    if tab == "evenements":
        return flask.url_for("audit.events", reference=reference)
    return flask.url_for("audit.request_tab", reference=reference, tab=tab if tab in TABS else "historique")


def _choice(reference: str, tab: str, form: forms.Form) -> ResponseReturnValue:
    page = flask.render_template("audit/requests/moment.html", reference=reference, tab=tab, form=form)
    return flask.make_response(page, 422 if form.errors else 200)


def _not_yet(reference: str, tab: str, as_of: datetime | None, refusal: NotYet) -> str:
    first = refusal.events[0].recorded_at
    return flask.render_template(
        "audit/requests/not_yet.html",
        reference=_known(reference),
        tab=tab,
        said=dates.instant(as_of) if as_of else "",
        first=first,
        to_first=replay.at(first),
        now=flask.request.path,
        form=forms.Form(schema=Moment()),
    )


def _known(reference: str) -> str:
    """A reference as it is written, however typed."""
    shown = parse_reference(reference)
    if shown is None:
        raise NotFound("Not a reference")
    return shown
