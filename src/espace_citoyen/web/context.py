"""What a page is answered with: the portal, the clock, the visitor, and the position to be read back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import flask

from espace_citoyen.aggregates.actor import Actor, ActorKind
from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web.sessions import Sessions
from espace_citoyen.web.visit import Session

WAIT_SECONDS = 2.0


@dataclass(kw_only=True)
class Shell:
    """What one application holds for all its pages; `reached` is the last position known to be readable."""

    portal: Portal
    settings: Settings
    clock: Callable[[], datetime]
    reached: int = 0


def shell_of(app: flask.Flask) -> Shell:
    """What an application was made with."""
    return cast("Shell", app.extensions["espace-citoyen"])


def shell() -> Shell:
    """What this application was made with."""
    return shell_of(flask.current_app)


def portal() -> Portal:
    """The store that commands and queries of this page go to."""
    return shell().portal


def now() -> datetime:
    """The `at` of this page's commands."""
    if "now" not in flask.g:
        flask.g.now = shell().clock()
    return cast("datetime", flask.g.now)


def session() -> Session:
    """The visitor's session, read from the database when first looked into."""
    return cast("Session", flask.session._get_current_object())  # type: ignore[attr-defined]  # what werkzeug offers


def visitor() -> Actor | None:
    """Who is signed in, if anybody; nobody on a page that must do without the database."""
    return None if flask.g.get("without_database") else session().actor


def account() -> Actor | None:
    """Who is signed in to an account or works for the town; nobody when it is only the holder of a link."""
    found = visitor()
    return None if found is None or found.kind is ActorKind.LINK_HOLDER else found


def actor() -> Actor:
    """Who is signed in, behind a guarded door."""
    found = visitor()
    return found if found is not None else flask.abort(404)


def sessions() -> Sessions:
    """What opens and ends the sessions of this application."""
    interface = flask.current_app.session_interface
    assert isinstance(interface, Sessions)
    return interface


def wrote(position: int | None) -> None:
    """Remember the position of a write, so that the next page shows it, and forget the text parked for it."""
    session().remember(position)


def catch_up() -> None:
    """Wait until the visitor's own last write can be read, or let the page say that it cannot yet."""
    here, position = shell(), session().position
    if position <= here.reached:
        return
    if here.portal.wait(position, timeout=WAIT_SECONDS):
        here.reached = max(here.reached, position)
    else:
        flask.g.late = True


def is_late() -> bool:
    """Whether the page shows less than the visitor has already done."""
    return bool(flask.g.get("late"))
