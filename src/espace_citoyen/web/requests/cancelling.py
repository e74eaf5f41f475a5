"""« Annuler ma demande »: what it means, then the confirmation (S31)."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import ActorKind
from espace_citoyen.commands.requests import cancel_request
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests.deeds import Deed, perform
from espace_citoyen.web.requests.head import may_cancel
from espace_citoyen.web.requests.show import frame_of
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.schemas.requests import Cancellation

STEP = "Annuler ma demande"
DONE = "Votre demande est annulée et archivée."


def ask(reference: str) -> ResponseReturnValue:
    """The page of confirmation; a request that can no longer be cancelled is shown instead."""
    view = look(reference)
    if not may_cancel(view.request):
        return flask.redirect(view.address("historique"), 303)
    return _page(view, forms.blank(Cancellation()))


def cancel(reference: str) -> ResponseReturnValue:
    """Cancel and archive, with the appointment to come; then the archived requests, or the request itself."""
    view, form = look(reference), forms.sent(Cancellation())
    deed = Deed(
        act=lambda: cancel_request(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.request.id,
            reasons=form.data.get("reasons", ""),
        ),
        done=DONE,
        leads_to=_afterwards(view),
    )
    return perform(form, deed, lambda refused: _page(look(reference), refused))


def _page(view: View, form: forms.Form) -> str:
    return flask.render_template("requests/annulation.html", form=form, **frame_of(view, step=STEP))


def _afterwards(view: View) -> str:
    if context.actor().kind is ActorKind.LINK_HOLDER:  # who has no list of requests
        return view.address("historique")
    return flask.url_for("citizen.archived")
