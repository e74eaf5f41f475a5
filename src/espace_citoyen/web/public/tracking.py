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
    except links.LinkEnded:
        return flask.render_template("public/tracking/ended.html", ours=True), 404
    except NotFound:
        limits.mistaken()
        return flask.render_template("public/tracking/ended.html", ours=False), 404
    return flask.redirect(_leads_to(request), 303)


def _leads_to(request: ServiceRequest) -> str:
    """The history for the holder of the link; an account is asked to take the request; the town has its doors."""
    account, reference = context.account(), request.reference
    if account is not None and not account.is_citizen_side:
        return flask.url_for(
            "staff.request_page" if guards.desk(account) else "audit.request_page", reference=reference
        )
    proof = Proof.of(request, context.now())
    context.session().follow(proof, proof.holder)
    if account is not None:
        return flask.url_for("citizen.linking", reference=reference)
    return flask.url_for("citizen.request_tab", reference=reference, tab="historique")
