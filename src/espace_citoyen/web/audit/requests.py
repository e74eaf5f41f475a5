"""A request as the auditor reads it: the same tabs, nothing to press."""

from flask.typing import ResponseReturnValue

from espace_citoyen.web import requests
from espace_citoyen.web.audit import blueprint


@blueprint.get("/audit/demandes/<reference>")
def request_page(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    return requests.to_history(reference)


@blueprint.get("/audit/demandes/<reference>/<any(demandeur, demande, historique, echanges):tab>")
def request_tab(reference: str, tab: str) -> ResponseReturnValue:
    """A tab of « Suivi de la demande »."""
    return requests.show(reference, tab)
