"""Private notes: read at the desk and by auditors, never by the citizen (P08)."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.commands.requests import add_note
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests import deeds
from espace_citoyen.web.requests.deeds import Deed
from espace_citoyen.web.requests.view import View
from espace_citoyen.web.schemas.staff import Note
from espace_citoyen.web.staff import blueprint
from espace_citoyen.web.staff.treatment import pages

NOTED = "Votre note est ajoutée."
CROWDED = "D’autres ont agi au même moment, votre note n’est pas partie. Envoyez-la de nouveau."


@blueprint.get("/agents/demandes/<reference>/notes", endpoint="notes")
def notes_page(reference: str) -> str:
    """The notes of a request, and one more."""
    return pages.asked(reference, "note", lambda _: forms.blank(Note()))


@blueprint.post("/agents/demandes/<reference>/notes")
def noted(reference: str) -> ResponseReturnValue:
    """Add a note; it never conflicts."""
    return pages.sent(reference, "note", lambda _: forms.sent(Note()), _noting)


def _noting(view: View, form: forms.Form) -> Deed:
    return Deed(
        act=lambda: add_note(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            note_id=deeds.sent_id(),
            text=form.data["text"],
        ),
        done=NOTED,
        leads_to=flask.url_for("staff.notes", reference=view.row.reference),
        overtaken=CROWDED,
    )
