"""« Rattacher cette demande à mon espace personnel »: the request changes hands once, the link is over (S32)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from people import PASSWORD, Town
from strangers import link_of
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
BUTTON = "Rattacher cette demande à mon espace personnel"


@pytest.fixture
def request_(town: Town, portal: Portal) -> ServiceRequest:
    """A request filed without account, projected."""
    filed, _ = town.files_without_account()
    town.drain()
    return portal.get(ServiceRequest, filed.request_id)


def linking(request_: ServiceRequest) -> str:
    return f"/demandes/{request_.reference}/rattachement"


def history(request_: ServiceRequest) -> str:
    return f"/demandes/{request_.reference}/historique"


def test_by_signing_in_on_the_way_the_request_joins_the_space(
    visitor: Visitor, portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    assert town.nadia
    visitor.get(link_of(portal, request_))
    page = visitor.follow()
    explained = visitor.get(page.links[BUTTON])
    assert "Une fois rattachée" in explained.words
    visitor.get(explained.links["Me connecter pour la rattacher"])
    assert visitor.send(username="nadia", password=PASSWORD).location == linking(request_)
    assert BUTTON in visitor.follow().words
    done = visitor.send("rattachement")
    assert (done.status, done.location) == (303, history(request_))
    told = portal.stream(request_.id)[-1]
    assert told.topic == "request:linked-to-account"
    assert told.event.citizen_id == town.nadia.id
    town.drain()
    page = visitor.follow()
    assert "La demande est rattachée à votre espace." in page.words
    assert BUTTON not in page.words
    assert f"Voir la demande {request_.reference}" in visitor.get("/espace/demandes").links
    assert "rattach" in signed_in("dominique").get(f"/agents/demandes/{request_.reference}/historique").words


def test_then_the_link_and_every_session_of_it_are_over(
    app: flask.Flask, portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    link = link_of(portal, request_)
    elsewhere, idle = Visitor(app), Visitor(app)
    for each in (elsewhere, idle):
        each.get(link)
    elsewhere.get(f"/demandes/{request_.reference}/echanges")
    elsewhere.send("echanges", text="Bonjour")
    nadia = signed_in("nadia")
    nadia.get(link)
    nadia.follow()
    nadia.send("rattachement")
    town.drain()
    assert nadia.client.get_cookie("suivi") is None
    for each in (elsewhere, idle):
        assert each.get(history(request_)).location == f"/connexion?suite={history(request_)}"
    position = portal.position()
    elsewhere.get("/connexion")
    assert elsewhere.post(f"/demandes/{request_.reference}/echanges", text="Encore").status == 303
    assert portal.position() == position
    page = Visitor(app).get(link)
    assert page.status == 404
    assert page.links["Me connecter à mon espace"] == "/connexion"


def test_signed_in_already_the_session_is_kept_and_linking_offered(
    portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    nadia = signed_in("nadia")
    before = nadia.session_cookie
    page = nadia.get(link_of(portal, request_))
    assert page.location == linking(request_)
    assert nadia.session_cookie == before
    assert nadia.get("/espace").status == 200
    assert "Elle rejoindra l’espace de Nadia Benali." in nadia.get(linking(request_)).words
    assert nadia.get(history(request_)).status == 404


def test_looking_links_nothing(portal: Portal, request_: ServiceRequest, signed_in: SignedIn) -> None:
    nadia, position = signed_in("nadia"), portal.position()
    nadia.get(link_of(portal, request_))
    nadia.follow()
    assert portal.position() == position


def test_of_two_accounts_with_the_same_link_one_wins_and_the_other_is_told(
    portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    camille, nadia = signed_in("camille"), signed_in("nadia")
    for each in (camille, nadia):
        each.get(link_of(portal, request_))
        each.follow()
    assert camille.send("rattachement").status == 303
    told = nadia.send("rattachement")
    assert told.status == 409
    assert told.headings == ["Cette demande est déjà rattachée"]
    assert nadia.get(linking(request_)).status == 409
    assert portal.get(ServiceRequest, request_.id).citizen_id == town.camille.id


def test_of_two_accounts_that_press_the_button_at_once_one_wins(
    portal: Portal, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    both = [signed_in("camille"), signed_in("nadia")]
    for each in both:
        each.get(link_of(portal, request_))
        each.follow()
    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(lambda each: each.send("rattachement").status, both))
    assert sorted(statuses) == [303, 409]
    linked = [each for each in portal.stream(request_.id) if each.topic == "request:linked-to-account"]
    assert len(linked) == 1


def test_linked_twice_by_the_same_account_is_no_news(
    portal: Portal, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    nadia = signed_in("nadia")
    nadia.get(link_of(portal, request_))
    values = nadia.follow().forms[-1].values
    assert nadia.send("rattachement").status == 303
    position = portal.position()
    again = nadia.client.post(linking(request_), data=values)
    assert (again.status_code, again.headers["Location"]) == (303, history(request_))
    assert nadia.get(linking(request_)).location == history(request_)
    assert portal.position() == position


def test_without_the_link_an_account_takes_nothing(
    portal: Portal, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    nadia, position = signed_in("nadia"), portal.position()
    assert nadia.get(linking(request_)).status == 404
    nadia.get("/reference")
    assert nadia.post(linking(request_)).status == 404
    assert portal.position() == position


def test_the_link_of_one_request_takes_no_other(
    portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    other = portal.get(ServiceRequest, town.files_without_account()[0].request_id)
    nadia = signed_in("nadia")
    nadia.get(link_of(portal, other))
    nadia.get("/reference")
    position = portal.position()
    assert nadia.post(linking(request_)).status == 404
    assert portal.position() == position


def test_the_holder_of_the_link_alone_does_not_link(
    visitor: Visitor, portal: Portal, request_: ServiceRequest
) -> None:
    visitor.get(link_of(portal, request_))
    visitor.get("/connexion")
    position = portal.position()
    page = visitor.post(linking(request_))
    assert "Me connecter pour la rattacher" in page.links
    assert portal.position() == position


def test_nobody_known_is_led_to_sign_in(visitor: Visitor, request_: ServiceRequest) -> None:
    assert visitor.get(linking(request_)).location == f"/connexion?suite={linking(request_)}"


def test_signing_out_takes_the_proof_away(portal: Portal, request_: ServiceRequest, signed_in: SignedIn) -> None:
    nadia = signed_in("nadia")
    nadia.get(link_of(portal, request_))
    nadia.get("/reference")
    nadia.post("/deconnexion")
    assert nadia.client.get_cookie("suivi") is None
    nadia.sign_in("nadia")
    assert nadia.get(linking(request_)).status == 404
