"""Text typed but not yet accepted: kept in the session, or carried through sign-in when the session ended."""

from typing import Any
from uuid import UUID

import flask
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from espace_citoyen.web import context

AGE_SECONDS = 12 * 3600
MAXIMUM = 64 * 1024
MOST_VALUES = 1_000
"""As many as Flask takes in a form of several parts; beyond, nobody typed them."""

OWN = frozenset({"csrf_token", "id", "seen", "version", "etape", "suite", "reprise"}) | {
    "code_de_securite",
    "code_scelle",
    "preuve_de_calcul",
}
"""The fields that are the form's, not the person's."""

Typed = dict[str, list[str]]


def typed() -> Typed:
    """What the visitor typed into the form just sent; nothing of one that holds a secret, or cannot be read."""
    try:
        form = flask.request.form
    except HTTPException:  # refused before anybody read it, and too large
        return {}
    fields = dict(form.lists())
    if any("password" in name for name in fields) or sum(map(len, fields.values())) > MOST_VALUES:
        return {}
    return {_writable(name): [*map(_writable, values)] for name, values in fields.items() if name != "csrf_token"}


def texts() -> list[str]:
    """What the visitor typed, for reading: without what the form itself put beside it."""
    return [text for name, values in typed().items() if name not in OWN for text in values if text]


def ticket(path: str | None) -> str:
    """Seal what was typed for the owner of the session that ended; empty when there is nothing to carry."""
    owner = context.session().content.owner
    fields = typed()
    if owner is None or path is None or not fields:
        return ""
    sealed = str(_serializer().dumps({"owner": str(owner), "path": path, "fields": fields}))
    return sealed if len(sealed) <= MAXIMUM else ""


def park(sealed: str, owner: UUID | None) -> None:
    """Put a ticket's text into the session of its owner, who has just signed in again; ignore another's."""
    try:
        parked: dict[str, Any] = _serializer().loads(sealed, max_age=AGE_SECONDS)
    except BadData:
        return
    if parked["owner"] == str(owner):
        context.session()["parked"] = {"path": parked["path"], "fields": parked["fields"]}


def keep() -> None:
    """Keep what was just typed for the page it was typed into: a reload or a step back finds it there."""
    fields = typed() if context.visitor() else {}  # of others nothing is kept, least of all in their cookie
    if fields and sum(len(text) for values in fields.values() for text in values) <= MAXIMUM:
        context.session()["parked"] = {"path": flask.request.path, "fields": fields}


def parked_here() -> MultiDict[str, str] | None:
    """The text parked for the page being shown, if any; it stays until that page's form is accepted."""
    if context.visitor() is None:
        return None
    parked = context.session().get("parked")
    if parked is None or parked["path"].partition("?")[0] != flask.request.path:
        return None
    return MultiDict(parked["fields"])


def _writable(text: str) -> str:
    """The text without what PostgreSQL keeps nowhere."""
    return text.replace("\0", "")


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(flask.current_app.secret_key), salt="parked-text")
