"""The administrator's outbox: which mails wait, left, failed; what they say; trying again."""

from collections.abc import Mapping
from math import ceil
from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import letters, outbox
from espace_citoyen.commands.outbox import retry_mail
from espace_citoyen.letters import Listed
from espace_citoyen.mail import LINK
from espace_citoyen.outbox import State
from espace_citoyen.web import context, pages
from espace_citoyen.web.requests import access
from espace_citoyen.web.staff import blueprint

STATES: Mapping[str, tuple[State, str]] = {
    "en-attente": (State.WAITING, "En attente"),
    "envoyes": (State.SENT, "Envoyés"),
    "echecs": (State.FAILED, "Échecs"),
    "retenus": (State.WITHHELD, "Retenus"),
    "a-imprimer": (State.TO_PRINT, "À imprimer"),
    "imprimes": (State.PRINTED, "Imprimés"),
}
"""The states by their word in the address, with what the tab says."""
SIZE = 50
OUTBOX = "courriels"
"""How the access log calls the reading of a request's mails."""
HIDDEN_LINK = "[lien personnel, visible du seul destinataire]"
DUE = "Le courriel repart\N{NO-BREAK SPACE}: rechargez la page dans un instant."


@blueprint.get("/agents/courriels", endpoint="mails")
def mails_page() -> ResponseReturnValue:
    """Courriels, state by state; the words of each are a reading of its request."""
    shown = flask.request.args.get("etat", "")
    shown, number = shown if shown in STATES else "en-attente", pages.asked()
    state = STATES[shown][0]
    listed = letters.listed(context.portal(), viewer=context.actor(), state=state, number=number)
    for each in listed:
        if each.written is not None:
            access.note(each.mail.stream_id, what=OUTBOX)
    with context.portal().connection() as connection:
        counts = outbox.counts(connection)
    turning = pages.pagination(number, ceil(counts[state] / SIZE), lambda page: _address(shown, page))
    rows = [(each, _text(each)) for each in listed]
    shown_with = {"tabs": _tabs(shown, counts), "pages": turning, "server": context.shell().settings.smtp_url}
    return flask.render_template("staff/mails/mails.html", rows=rows, state=state.value, **shown_with)


@blueprint.post("/agents/courriels/<uuid:mail_id>/relance")
def mail_again(mail_id: UUID) -> ResponseReturnValue:
    """Make a mail due now."""
    retry_mail(context.portal(), at=context.now(), actor=context.actor(), mail_id=mail_id)
    flask.flash(DUE)
    return flask.redirect(_address("en-attente"), 303)


def _tabs(shown: str, counts: Mapping[State, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": _address(name),
            "current": name == shown,
            "badge": counts[state],
            "badge_words": "courriels",
        }
        for name, (state, label) in STATES.items()
    ]


def _text(listed: Listed) -> str:
    """The words of a mail; the link in them may open more than the administrator may see."""
    if listed.written is None:
        return ""
    settings = context.shell().settings
    link = settings.base_url + listed.written.path if settings.demo else HIDDEN_LINK
    return listed.written.letter.text.replace(LINK, link)


def _address(state: str, page: int | None = None) -> str:
    return flask.url_for("staff.mails", etat=state, page=page)
