"""Courriers: letters that a department prints for those who want paper, or whose mailbox takes nothing (S45)."""

from collections.abc import Mapping
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import letters as written
from espace_citoyen.commands.outbox import letter_printed
from espace_citoyen.mail import LINK
from espace_citoyen.projections import letters
from espace_citoyen.web import context
from espace_citoyen.web.requests import access
from espace_citoyen.web.staff import blueprint

NAMES: Mapping[str, str] = {
    "acknowledgement": "Accusé de réception",
    "new_message": "Message du service",
    "attachment_added": "Pièce jointe",
    "correction_requested": "Demande de complément",
    "decided": "Décision",
    "settled_by_silence": "Décision par silence",
    "reopened": "Réouverture",
    "appointment_booked": "Rendez-vous pris",
    "appointment_moved": "Rendez-vous déplacé",
    "appointment_cancelled": "Rendez-vous annulé",
    "passed_on": "Changement de service",
    "cancelled": "Annulation",
    "linked": "Rattachement à un espace",
}
"""What each letter is, by template."""
DONE = "C’est noté\N{NO-BREAK SPACE}: ce courrier est imprimé."
PAPER = "lettre"


@blueprint.get("/agents/courriers", endpoint="letters")
def letters_page() -> ResponseReturnValue:
    """Courriers à imprimer, the oldest first."""
    with context.portal().connection() as connection:
        rows = letters.waiting(connection, viewer=context.actor())
    return flask.render_template("staff/letters/list.html", rows=rows, names=NAMES)


@blueprint.get("/agents/courriers/<uuid:mail_id>")
def letter(mail_id: UUID) -> ResponseReturnValue:
    """A letter as it is posted; the link of who has no account is not the agents' to see."""
    listed = written.to_be_printed(context.portal(), viewer=context.actor(), mail_id=mail_id)
    if listed.written is None:
        flask.abort(410)
    access.note(listed.mail.stream_id, what=PAPER)
    base_url = context.shell().settings.base_url
    link = base_url if listed.written.private else base_url + listed.written.path
    text = listed.written.letter.text.replace(LINK, link)
    return flask.render_template("staff/letters/letter.html", mail=listed.mail, written=listed.written, text=text)


@blueprint.post("/agents/courriers/<uuid:mail_id>/imprime")
def letter_done(mail_id: UUID) -> ResponseReturnValue:
    """Note that a letter is on paper."""
    letter_printed(context.portal(), at=context.now(), actor=context.actor(), mail_id=mail_id)
    flask.flash(DONE)
    return flask.redirect(flask.url_for("staff.letters"), 303)
