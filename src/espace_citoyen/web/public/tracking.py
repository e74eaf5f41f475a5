"""The tracking link of a request filed without account: opened with GET, which writes nothing (S33)."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import links
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.web import context, guards, limits
from espace_citoyen.web.public import blueprint
from espace_citoyen.web.tracking import Proof


@blueprint.get("/suivi/<token>")
def tracking(token: str) -> ResponseReturnValue:
    """Lead to the request, with a cookie that says that its link was opened; say so when the link is over."""
    try:
        request = links.followed(context.portal(), token)
    except links.LinkEnded as over:
        return _to_own_door(over.request) or (_ended(ours=True), 404)
    except NotFound:
        limits.mistaken()
        return _ended(ours=False), 404
    return _to_own_door(request) or flask.redirect(_follow(request), 303)


def _to_own_door(request: ServiceRequest) -> ResponseReturnValue | None:
    """The way to the request of those who need no link: who works for the town, or owns it."""
    account = context.account()
    if account is None or (account.is_citizen_side and not request.concerns(account)):
        return None
    door = "citizen" if account.is_citizen_side else "staff" if guards.desk(account) else "audit"
    return flask.redirect(flask.url_for(f"{door}.request_page", reference=request.reference), 303)


def _follow(request: ServiceRequest) -> str:
    """Begin to follow: the holder of the link is led to the history, an account asked to take the request."""
    proof = Proof.of(request, context.now())
    context.session().follow(proof, proof.holder)
    if context.account() is not None:
        return flask.url_for("citizen.linking", reference=request.reference)
    return flask.url_for("citizen.request_tab", reference=request.reference, tab="historique")


def _ended(*, ours: bool) -> str:
    return flask.render_template("public/tracking/ended.html", ours=ours)
