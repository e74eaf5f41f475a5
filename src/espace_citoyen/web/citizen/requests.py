"""An account holder's requests: their list, and « Suivi de la demande » tab by tab."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.projections import requests as queries
from espace_citoyen.web import context
from espace_citoyen.web.citizen import blueprint
from espace_citoyen.web.requests import cancelling, corrections
from espace_citoyen.web.requests.head import lacks_appointment
from espace_citoyen.web.requests.meetings import may_add
from espace_citoyen.web.requests.show import TAB, show, to_history
from espace_citoyen.web.requests.view import look


@blueprint.get("/espace/demandes", endpoint="requests")
def requests_list() -> ResponseReturnValue:
    """Toutes mes demandes (S26)."""
    with context.portal().connection() as connection:
        rows = queries.mine(connection, viewer=context.actor())
    return flask.render_template("citizen/requests/list.html", rows=rows)


@blueprint.get("/espace/demandes/archivees", endpoint="archived")
def archived_list() -> ResponseReturnValue:
    """Voir toutes mes demandes archivées (S31)."""
    with context.portal().connection() as connection:
        rows = queries.mine(connection, viewer=context.actor(), archived=True)
    return flask.render_template("citizen/requests/archived.html", rows=rows)


@blueprint.get("/demandes/<reference>")
def request_page(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    return to_history(reference)


@blueprint.get("/demandes/<reference>/" + TAB)
def request_tab(reference: str, tab: str) -> ResponseReturnValue:
    """A tab of « Suivi de la demande » (S27)."""
    return show(reference, tab)


@blueprint.get("/demandes/<reference>/deposee")
def filed(reference: str) -> ResponseReturnValue:
    """What somebody who has just filed needs to know (S23)."""
    view = look(reference)
    books, needed = may_add(view), lacks_appointment(view.request)
    return flask.render_template("citizen/requests/filed.html", row=view.row, may_book=books, must_book=needed)


@blueprint.get("/demandes/<reference>/complement")
def correction(reference: str) -> ResponseReturnValue:
    """What the town asks to complete, to be corrected and sent back (P03)."""
    return corrections.ask(reference)


@blueprint.post("/demandes/<reference>/complement")
def correction_sent(reference: str) -> ResponseReturnValue:
    """« Renvoyer »."""
    return corrections.give_back(reference)


@blueprint.get("/demandes/<reference>/annulation")
def cancellation(reference: str) -> ResponseReturnValue:
    """« Annuler ma demande »: the confirmation (S31)."""
    return cancelling.ask(reference)


@blueprint.post("/demandes/<reference>/annulation")
def cancellation_sent(reference: str) -> ResponseReturnValue:
    """Cancelled and archived at once."""
    return cancelling.cancel(reference)
