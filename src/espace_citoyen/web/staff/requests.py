"""A request at the desk: the same tabs, and the department's answer."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from espace_citoyen.web.requests import exchanges
from espace_citoyen.web.requests.show import show, to_history
from espace_citoyen.web.staff import blueprint


@blueprint.get("/agents/demandes/<reference>")
def request_page(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    return to_history(reference)


@blueprint.get(
    "/agents/demandes/<reference>/<any(demandeur, demande, historique, echanges, pieces, 'rendez-vous'):tab>"
)
def request_tab(reference: str, tab: str) -> ResponseReturnValue:
    """A tab of « Suivi de la demande »."""
    return show(reference, tab)


@blueprint.post("/agents/demandes/<reference>/echanges")
def exchange_sent(reference: str) -> ResponseReturnValue:
    """Answer the citizen, under one's name and capacity (L04)."""
    return exchanges.send(reference)


@blueprint.post("/agents/demandes/<reference>/echanges/<uuid:exchange_id>/lecture")
def exchange_read(reference: str, exchange_id: UUID) -> ResponseReturnValue:
    """Open a message of the citizen."""
    return exchanges.read(reference, exchange_id)
