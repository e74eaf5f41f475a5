"""A tab of « Suivi de la demande » as a page, and which tabs a request has (S27)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.procedures import NO_APPOINTMENT
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.web import forms
from espace_citoyen.web.lookup import find
from espace_citoyen.web.requests import replay
from espace_citoyen.web.requests.access import EVENTS
from espace_citoyen.web.requests.contents import CONTENTS
from espace_citoyen.web.requests.head import head_of, trail
from espace_citoyen.web.requests.view import View, look

TABS: Mapping[str, str] = {
    "demandeur": "Le demandeur",
    "demande": "La demande",
    "historique": "Historique",
    "echanges": "Échanges",
    "pieces": "Pièces jointes",
    "rendez-vous": "Rendez-vous",
}
"""The tabs by their address."""
TAB = "<any({}):tab>".format(", ".join(f'"{name}"' for name in TABS))
"""The part of a route that names a tab."""


def show(reference: str, tab: str, form: forms.Form | None = None, *, as_of: datetime | None = None) -> str:
    """A tab of a request; one that the request does not have is not found."""
    view = look(reference, as_of)
    if tab not in shown(view):
        raise NotFound("This request has no such tab")
    return flask.render_template(f"requests/{tab}.html", **frame_of(view, tab), **CONTENTS[tab](view, form))


def frame_of(view: View, tab: str = "", *, step: str = "") -> dict[str, Any]:
    """What the frame around every page of a request needs.

    `tab` is the one being shown, if it is one; `step` the title of a page that leads to a gesture.
    """
    items = [_item(view, name, current=name == tab) for name in shown(view)]
    around = {"head": head_of(view), "trail": trail(view, step), "step": step, "tab": tab}
    if view.door == "audit":
        items.append(_events(view, current=tab == EVENTS))
        around["replay"] = replay.of(view)
    return {"view": view, "row": view.row, "tabs": items, "door": view.door, **around}


def tabs_of(request: ServiceRequest, *, at_desk: bool = False) -> list[str]:
    """The tabs a request has: exchanges if the procedure has them, appointments too, or if there was one.

    At the desk an open request has the latter in any case: an agent may book one for the applicant.
    """
    absent = set() if request.has_exchanges else {"echanges"}
    bookable = at_desk and request.is_open
    if request.appointments_are == NO_APPOINTMENT and not request.appointments and not bookable:
        absent.add("rendez-vous")
    return [name for name in TABS if name not in absent]


def to_history(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    reference = find(reference).reference
    return flask.redirect(flask.url_for(".request_tab", reference=reference, tab="historique"), 303)


def shown(view: View) -> list[str]:
    """The tabs of a request at the door it is seen through."""
    return tabs_of(view.request, at_desk=view.door == "staff")


def _events(view: View, *, current: bool) -> dict[str, Any]:
    """The auditor's own tab: every event of the request."""
    asked = replay.written(view.as_of) if view.as_of else None
    address = flask.url_for("audit.events", reference=view.row.reference, au=asked)
    return {"label": "Événements", "href": address, "current": current}


def _item(view: View, tab: str, *, current: bool) -> dict[str, Any]:
    unread = view.row.unread if tab == "echanges" else 0
    item = {"label": TABS[tab], "href": view.address(tab), "current": current}
    return item | {"badge": unread, "badge_words": "à lire"}
