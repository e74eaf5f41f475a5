"""« Rattacher cette demande à mon espace personnel »: from the holder of its link to an account (S32)."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import AlreadyTaken, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.requests import find_request, link_to_account
from espace_citoyen.web import context
from espace_citoyen.web.citizen import blueprint

DONE = "La demande est rattachée à votre espace. Le lien de suivi reçu par courriel ne sert plus."


@blueprint.get("/demandes/<reference>/rattachement")
def linking(reference: str) -> ResponseReturnValue:
    """What linking changes: the way to sign in for the holder of the link, the button once signed in."""
    request = _found(reference)
    if request.concerns(context.actor()) and context.account():
        return _to_history(request)
    return _page(request, taken=request.citizen_id is not None)


@blueprint.post("/demandes/<reference>/rattachement")
def linked(reference: str) -> ResponseReturnValue:
    """Give the request to the account of whoever is signed in and holds its link: the first one wins."""
    request, account = _found(reference), context.account()
    if account is None:
        return _page(request, taken=False)
    try:
        position = _link(request, account)
    except AlreadyTaken:
        return _page(request, taken=True)
    context.session().follow(None)
    context.wrote(position)
    flask.flash(DONE)
    return _to_history(request)


def _link(request: ServiceRequest, account: Actor) -> int:
    """Link on the proof that this browser holds; without one, the account proves nothing but itself."""
    proof = context.session().content.proof
    holder = proof.holder if proof else account
    return link_to_account(context.portal(), at=context.now(), actor=account, holder=holder, request_id=request.id)


def _found(reference: str) -> ServiceRequest:
    """The request of a reference, for its owner, and for whoever holds its link or did; raise NotFound."""
    shown = parse_reference(reference)
    if shown is None:
        raise NotFound("Not a reference")
    portal, proof = context.portal(), context.session().content.proof
    request = portal.get(ServiceRequest, find_request(portal, shown))
    if not request.concerns(context.actor()) and (proof is None or proof.request_id != request.id):
        raise NotFound("Somebody else's")
    return request


def _page(request: ServiceRequest, *, taken: bool) -> ResponseReturnValue:
    """The page of linking; 409 when another account was first."""
    page = flask.render_template("citizen/requests/linking.html", reference=request.reference, taken=taken)
    return page, 409 if taken else 200


def _to_history(request: ServiceRequest) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("citizen.request_tab", reference=request.reference, tab="historique"), 303)
