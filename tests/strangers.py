"""People without an account: they fill a form in, copy its security code, follow what they filed by its link."""

from datetime import datetime

from espace_citoyen import links
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import find_request
from espace_citoyen.web import security_code
from visitors import Clock, Page, Visitor

CARD = "carte-d-identite"
TYPED = {
    "title": "Mme",
    "first_name": "Léa",
    "last_name": "Moreau",
    "email": "lea@exemple.invalid",
    "preferred_contact": "Courriel",
    "question-nom": "Moreau",
}


def fill_in(visitor: Visitor, **change: str) -> Page:
    """Fill in the form of the identity card, up to « Le récapitulatif »."""
    visitor.get(f"/demarches/{CARD}")
    return visitor.send(**TYPED | change, etape="recapitulatif")


def code_on(portal: Portal, clock: Clock, page: Page) -> str:
    """The digits that a person reads on a page."""
    now: datetime = clock()
    return security_code.opened(portal, page.forms[-1].values["code_scelle"], at=now).digits


def file(portal: Portal, clock: Clock, visitor: Visitor, **change: str) -> ServiceRequest:
    """File a request without account."""
    page = fill_in(visitor, **change)
    filed = visitor.send(etape="valider", code_de_securite=code_on(portal, clock, page))
    assert filed.status == 303, filed.words
    return portal.get(ServiceRequest, find_request(portal, filed.location.split("/")[2]))


def link_of(portal: Portal, request: ServiceRequest) -> str:
    """The address that the acknowledgement leads to."""
    return f"/suivi/{links.tracking_token(portal, portal.get(ServiceRequest, request.id))}"
