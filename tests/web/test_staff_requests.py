"""The same request at the desk: the department reads and answers, nobody else."""

from collections.abc import Callable

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from people import Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
TABS = ("demandeur", "demande", "historique", "echanges")


@pytest.fixture
def dominique(signed_in: SignedIn) -> Visitor:
    return signed_in("dominique")


@pytest.fixture
def filed(town: Town, dominique: Visitor) -> Deposited:
    filed = town.files(town.camille)
    town.drain()
    return filed


def test_an_agent_sees_the_same_tabs(dominique: Visitor, filed: Deposited) -> None:
    address = f"/agents/demandes/{filed.reference}"
    assert dominique.get(address).location == f"{address}/historique"
    links = dominique.get(f"{address}/historique").links
    for tab, name in zip(TABS, ("Le demandeur", "La demande", "Historique", "Échanges"), strict=True):
        assert links[name] == f"{address}/{tab}"
        assert dominique.get(links[name]).status == 200
    assert links["Demandes à traiter"] == "/agents/"


def test_an_answer_leaves_under_the_agent_s_name_and_capacity(
    portal: Portal, town: Town, dominique: Visitor, filed: Deposited, signed_in: SignedIn
) -> None:
    address = f"/agents/demandes/{filed.reference}/echanges"
    page = dominique.get(address)
    assert "signé « Dominique Morel, Officier d’état civil »" in page.words
    sent = dominique.send(text="Votre acte est prêt.")
    assert (sent.status, sent.location) == (303, address)
    said = portal.stream(filed.request_id)[-1].event
    assert isinstance(said, ServiceRequest.ExchangeSent)
    assert (said.actor_name, said.actor_capacity, said.side) == (
        "Dominique Morel",
        "Officier d’état civil",
        "town",
    )
    town.drain()
    assert "Envoyé Votre acte est prêt." in dominique.follow().words
    camille = signed_in("camille")
    assert "Échanges à lire 1 à lire" in camille.get("/espace").words


def test_a_citizen_s_message_is_opened_by_the_department(
    portal: Portal, town: Town, dominique: Visitor, filed: Deposited
) -> None:
    exchange_id = town.writes(town.camille, filed.request_id, "Merci beaucoup.")
    town.drain()
    page = dominique.get(f"/agents/demandes/{filed.reference}/echanges")
    assert "Merci beaucoup." not in page.words
    opened = dominique.send(f"{exchange_id}/lecture")
    assert opened.location == f"/agents/demandes/{filed.reference}/echanges#echange-{exchange_id}"
    assert portal.stream(filed.request_id)[-1].event.exchange_id == exchange_id
    town.drain()
    assert "Merci beaucoup." in dominique.follow().words


@pytest.mark.parametrize("page", ["", *(f"/{tab}" for tab in TABS)])
@pytest.mark.parametrize("username", ["samir", "alex", "ines", "camille"])
def test_another_department_s_request_is_not_found(
    signed_in: SignedIn, filed: Deposited, username: str, page: str
) -> None:
    assert signed_in(username).get(f"/agents/demandes/{filed.reference}{page}").status == 404


@pytest.mark.parametrize("username", ["samir", "alex"])
def test_nobody_else_answers_or_opens(
    portal: Portal, town: Town, signed_in: SignedIn, filed: Deposited, username: str
) -> None:
    exchange_id = town.writes(town.camille, filed.request_id)
    somebody = signed_in(username)
    position = town.drain()
    address = f"/agents/demandes/{filed.reference}/echanges"
    for path, fields in ((address, {"text": "Bonjour"}), (f"{address}/{exchange_id}/lecture", {})):
        somebody.get("/reference")
        assert somebody.post(path, **fields).status == 404
    assert portal.position() == position


def test_an_agent_does_not_come_through_the_citizens_door(dominique: Visitor, filed: Deposited) -> None:
    assert dominique.get(f"/demandes/{filed.reference}/historique").status == 404
    assert dominique.get("/espace").status == 404


def test_a_refused_answer_is_drawn_again(dominique: Visitor, filed: Deposited) -> None:
    address = f"/agents/demandes/{filed.reference}/echanges"
    dominique.get(address)
    page = dominique.send(text="é" * 10_001)
    assert page.status == 422
    assert page.forms[-1].values["text"] == "é" * 10_001
    assert page.forms[-1].action == address
