"""A request as the auditor reads it: the same tabs, nothing to press."""

from flask.typing import ResponseReturnValue

from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.requests.show import show, to_history


@blueprint.get("/audit/demandes/<reference>")
def request_page(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    return to_history(reference)


@blueprint.get(
    "/audit/demandes/<reference>/<any(demandeur, demande, historique, echanges, pieces, 'rendez-vous'):tab>"
)
def request_tab(reference: str, tab: str) -> ResponseReturnValue:
    """A tab of « Suivi de la demande »."""
    return show(reference, tab)
