"""One guard per door: who may enter, where the others are sent, and what is ready when a page begins."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import flask
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role
from espace_citoyen.web import context, uploads

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DESK_ROLES = frozenset({Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR, Role.EDITOR})


def anybody(_: Actor | None) -> bool:
    """The public door is open."""
    return True


def citizens(actor: Actor | None) -> bool:
    """The holder of an account, or of a tracking link."""
    return actor is not None and actor.is_citizen_side


def only_follows(actor: Actor | None) -> bool:
    """Whether this is the holder of a link and no more: of one request, and without a space."""
    return actor is not None and actor.kind is ActorKind.LINK_HOLDER


def desk(actor: Actor | None) -> bool:
    """Those who work for the town, auditors aside: they have their own door."""
    return actor is not None and actor.kind is ActorKind.STAFF and bool(actor.roles & DESK_ROLES)


def auditors(actor: Actor | None) -> bool:
    """Those who read every history and change nothing."""
    return actor is not None and actor.kind is ActorKind.STAFF and Role.AUDITOR in actor.roles


def programs(actor: Actor | None) -> bool:
    """Programs that come with a token, never a person's session."""
    return actor is not None and actor.kind is ActorKind.API


GUARDS: Mapping[str, Callable[[Actor | None], bool]] = {
    "public": anybody,
    "citizen": citizens,
    "staff": desk,
    "audit": auditors,
    "api": programs,
}
PREFIXES = {"/espace": "citizen", "/demandes": "citizen", "/agents": "staff", "/audit": "audit", "/api": "api"}

csrf = CSRFProtect()


def admit() -> ResponseReturnValue | None:
    """Before every page: its guard, the CSRF token of what writes, the visitor's own last write."""
    if flask.request.blueprint is None:
        return None
    if "\0" in flask.request.path:  # no address of ours holds one, and PostgreSQL takes none
        flask.abort(404)
    door = flask.request.blueprint.partition(".")[0]
    uploads.make_room()
    if door != "api":  # a token is never sent by a browser on its own
        refuse_other_sites()
        csrf.protect()
    if door == "public":
        return None
    if (refused := _refuse(door)) is not None:
        return refused
    flask.g.actor = context.visitor()
    if flask.request.method in SAFE_METHODS:
        context.catch_up()
    return None


def unknown_page() -> ResponseReturnValue | None:
    """Behind a guarded door, an address that does not exist leads to sign-in like one that does."""
    door, visitor = door_of(flask.request.path), context.visitor()
    if only_follows(visitor) and _is_of_a_space():
        return to_sign_in()
    return to_sign_in() if door not in ("public", "api") and visitor is None else None


def refuse_other_sites() -> None:
    """A browser says when a form was sent by another site's page; that is never ours."""
    from_elsewhere = flask.request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    if from_elsewhere and flask.request.method not in SAFE_METHODS:
        flask.abort(400)


def door_of(path: str) -> str:
    """The door that an address belongs to, whether there is such a page or not."""
    for prefix, door in PREFIXES.items():
        if path == prefix or path.startswith(prefix + "/"):
            return door
    return "public"


def own_path(text: str | None) -> str | None:
    """Return `text` if it is an address of this portal, nothing if a browser could read another site in it."""
    if not text or not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def landing(actor: Actor, asked: str | None = None) -> str:
    """Where somebody goes after signing in: the page asked for if its door is theirs, else their first page."""
    path = own_path(asked)
    if path and path != "/" and GUARDS[door_of(urlsplit(path).path)](actor):
        return path
    if actor.is_citizen_side:
        return "/espace"
    return "/agents/" if desk(actor) else "/audit/"


def to_sign_in() -> ResponseReturnValue:
    """Lead to sign-in, and from there back to the page that was asked for."""
    return flask.redirect(flask.url_for("public.sign_in", suite=page_to_return_to()), 303)


def page_to_return_to() -> str | None:
    """The address to come back to: this one, if it can be asked for with GET."""
    path = flask.request.full_path.rstrip("?")
    if flask.request.method in SAFE_METHODS:
        return path
    try:
        found = flask.current_app.create_url_adapter(flask.request)
        return path if found and found.match(method="GET") else None
    except HTTPException:
        return None


def _refuse(door: str) -> ResponseReturnValue | None:
    actor = context.visitor()
    if only_follows(actor) and _is_of_a_space():
        return to_sign_in()
    if GUARDS[door](actor):
        return None
    if actor is not None:
        flask.abort(404)
    if door == "api":
        flask.abort(401)
    return to_sign_in()


def _is_of_a_space() -> bool:
    """Whether the address is within « Mon accueil », which asks for an account."""
    return flask.request.path == "/espace" or flask.request.path.startswith("/espace/")
