"""Signing in and out, the one door for everybody."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.commands import accounts
from espace_citoyen.web import context, devices, forms, guards, limits, parking
from espace_citoyen.web.public import blueprint
from espace_citoyen.web.schemas.accounts import SignIn

WRONG = "Identifiant ou mot de passe incorrect. Vérifiez les deux, puis réessayez."


@blueprint.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """The sign-in form, or the visitor's own first page."""
    actor = context.account()
    asked = flask.request.args.get("suite")
    if actor is not None:
        return flask.redirect(guards.landing(actor, asked), 303)
    return _page(forms.blank(SignIn()), asked)


@blueprint.post("/connexion")
def sign_in_sent() -> ResponseReturnValue:
    """Sign in; a wrong name and a wrong password get the same words after the same work."""
    form = forms.sent(SignIn())
    asked = flask.request.form.get("suite")
    if form.errors:
        return _page(form, asked), 422
    actor = accounts.authenticate(context.portal(), **form.data)
    if actor is None:
        return _page(form.with_error(WRONG, "username"), asked), 422
    limits.succeeded()
    context.sessions().begin(context.session(), actor)
    parking.park(flask.request.form.get("reprise", ""), actor.id)
    response = flask.make_response(flask.redirect(guards.landing(actor, asked), 303))
    devices.remember(response, accounts.fold_username(form.data["username"]), secure=context.sessions().secure)
    return response


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """Sign out: the session dies on the server."""
    context.sessions().end(context.session())
    return flask.redirect(flask.url_for("public.signed_out"), 303)


@blueprint.get("/deconnexion")
def signed_out() -> ResponseReturnValue:
    """Say that the session is over; whoever comes here signed in is offered the button."""
    return flask.render_template("public/accounts/signed_out.html")


def _page(form: forms.Form, asked: str | None) -> str:
    ticket = flask.request.form.get("reprise", "")
    suite = guards.own_path(asked) or ""
    return flask.render_template("public/accounts/sign_in.html", form=form, suite=suite, ticket=ticket)
