"""Whoever files: the holder of an account, or somebody without one, who copies a security code instead."""

from uuid import UUID, uuid4

import flask
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeSerializer

from espace_citoyen.aggregates.accounts import Account, Person
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.procedures import ProcedureVersion
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.web import context, security_code
from espace_citoyen.web.requests import deeds
from espace_citoyen.web.tracking import Proof

NOBODY_YET = Person(title="", first_name="", last_name="", email="")
"""The coordinates of somebody without account before they have typed any."""


def has_account() -> bool:
    """Whether they are signed in, rather than nobody we know or the holder of a link."""
    return context.account() is not None


def is_of_the_town() -> bool:
    """Whether an agent is looking: a request is filed from a citizen's space, or from none."""
    account = context.account()
    return account is not None and not account.is_citizen_side


def may_file(version: ProcedureVersion) -> bool:
    """Whether this procedure asks no more of them than they have (S16)."""
    return has_account() or not version.account_required


def coordinates() -> Person:
    """What is known of them before they type."""
    account = context.account()
    if account is None:
        return NOBODY_YET
    if "person" not in flask.g:
        assert account.id is not None
        flask.g.person = context.portal().get(Account, account.id).person
    person: Person = flask.g.person
    return person


def new_id() -> str:
    """The id that the form being drawn gives to its request; without account, signed for this browser alone."""
    drawn = uuid4()
    return str(drawn) if has_account() else str(_signer().dumps(drawn.hex))


def sent_id() -> UUID:
    """The id of the form just sent; one that is not of a form drawn here stands for no request but a new one."""
    if has_account():
        return deeds.sent_id()
    try:
        return UUID(_signer().loads(flask.request.form.get("id", "")))
    except (BadData, TypeError, ValueError):
        return uuid4()


def actor(request_id: UUID, applicant: Person) -> Actor:
    """They as who files this request."""
    named = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_id, name=applicant.full_name)
    return context.account() or named


def challenge() -> security_code.Drawn | None:
    """The security code to be copied, of those who have no account (S04)."""
    return None if has_account() else security_code.draw()


def refused_code(request_id: UUID) -> str:
    """What to say of the security code just sent; nothing when it is right, or not asked for."""
    return "" if has_account() else security_code.refusal(request_id)


def follows(request_id: UUID) -> None:
    """Let them follow at once what they filed without account, as its tracking link would (S23, S33)."""
    if not has_account():
        proof = Proof.of(context.portal().get(ServiceRequest, request_id), context.now())
        context.session().follow(proof, proof.holder)


def _signer() -> URLSafeSerializer:
    """Signs for the browser that holds this session's secret: another's id cannot be sent from here."""
    generate_csrf()  # which draws the secret, once
    salt = f"filing-without-account {context.session()['csrf_token']}"
    return URLSafeSerializer(str(flask.current_app.secret_key), salt=salt)
