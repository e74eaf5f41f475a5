"""The queue of a department: what is in it, how it is sorted, how it is turned."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.requests import Decision, Status
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.web.staff import queue
from people import MONDAY, Town
from visitors import Clock, Page, Visitor

SignedIn = Callable[[str], Visitor]


def references(page: Page) -> list[str]:
    return [text for text, href in page.links.items() if href.endswith("/historique")]


@pytest.fixture
def dominique(signed_in: SignedIn) -> Visitor:
    return signed_in("dominique")


def test_an_empty_queue_says_how_it_fills(dominique: Visitor) -> None:
    assert "Quand un usager déposera une demande" in dominique.get("/agents/").words


def test_an_agent_sees_the_requests_of_their_departments(
    town: Town, dominique: Visitor, signed_in: SignedIn, clock: Clock
) -> None:
    filed = town.files(town.camille)
    elsewhere = town.files(town.nadia, town.school)
    town.writes(town.camille, filed.request_id)
    town.drain()
    clock.passes(days=3)
    dominique = signed_in("dominique")
    page = dominique.get("/agents/")
    assert "1 demande dans vos services" in page.words
    for words in ("Demande d’acte de naissance", "Camille Rousseau", "Déposée", "3 jours", "2 mars 2026"):
        assert words in page.words
    assert page.links[filed.reference] == f"/agents/demandes/{filed.reference}/historique"
    assert page.links[f"1 à lire, demande {filed.reference}"] == f"/agents/demandes/{filed.reference}/echanges"
    assert elsewhere.reference not in page.text
    assert references(signed_in("samir").get("/agents/")) == [elsewhere.reference]


def test_the_queue_is_sorted_through_its_address(town: Town, dominique: Visitor) -> None:
    first = town.files(town.nadia, at=MONDAY).reference
    second = town.files(town.camille, at=MONDAY + timedelta(hours=1)).reference
    town.drain()
    page = dominique.get("/agents/")
    assert references(page) == [first, second]
    assert page.text.count('aria-sort="ascending"') == 1
    later_first = page.links["Déposée"]
    assert later_first == "/agents/?tri=depot&ordre=decroissant&page=1"
    page = dominique.get(later_first)
    assert references(page) == [second, first]
    assert page.text.count('aria-sort="descending"') == 1
    assert references(dominique.get(page.links["Demandeur"])) == [first, second]  # Benali, then Rousseau
    for name in ("Référence", "Démarche", "État", "Dernier message"):
        assert sorted(references(dominique.get(page.links[name]))) == sorted([first, second])


@pytest.mark.parametrize(
    "address", ["?tri=password&ordre=up", "?page=0", "?page=-1", "?page=x", "?page=" + "9" * 30]
)
def test_nonsense_in_the_address_is_the_first_page(town: Town, dominique: Visitor, address: str) -> None:
    filed = town.files(town.camille)
    town.drain()
    assert references(dominique.get(f"/agents/{address}")) == [filed.reference]


def test_a_long_queue_has_pages(town: Town, dominique: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "SIZE", 1)
    filed = [town.files(town.camille, at=MONDAY + timedelta(hours=hour)).reference for hour in range(5)]
    town.drain()
    page = dominique.get("/agents/")
    assert references(page) == filed[:1]
    assert "Précédente" not in page.words
    page = dominique.get("/agents/?tri=depot&ordre=croissant&page=3")
    assert references(page) == filed[2:3]
    assert page.links["Suivante"].startswith("/agents/?tri=depot&ordre=croissant&page=4&repere=3.")
    assert {"1", "2", "3", "4", "5", "Précédente"} <= page.links.keys()
    assert references(dominique.get(page.links["Suivante"])) == filed[3:4]
    assert references(dominique.get(page.links["Précédente"])) == filed[1:2]
    assert "repere" not in page.links["Démarche"]
    assert references(dominique.get("/agents/?page=5")) == filed[4:]
    beyond = dominique.get("/agents/?page=6")
    assert beyond.status == 200
    assert "Revenir à la première page" in beyond.links


def test_an_administrator_is_led_to_their_own_tools(town: Town, signed_in: SignedIn) -> None:
    filed = town.files(town.camille)
    town.drain()
    alex = signed_in("alex")
    page = alex.get("/agents/")
    assert page.status == 200
    assert page.links["Courriels"] == "/agents/courriels"
    assert filed.reference not in page.text


def decided(town: Town, filed: Deposited) -> None:
    """Dominique takes a request up and refuses it."""
    ruling = Decision(decision_id=uuid4(), outcome=Status.REFUSED, reasons="Trop tard.")
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    requests.decide(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id, decision=ruling)


def test_the_queue_is_filtered_by_state_through_its_address(town: Town, dominique: Visitor) -> None:
    waiting, refused = town.files(town.camille), town.files(town.nadia, at=town.at + timedelta(hours=1))
    decided(town, refused)
    town.drain()
    page = dominique.get("/agents/")
    assert references(page) == [waiting.reference, refused.reference]
    assert page.links["Déposées 1"] == "/agents/?etat=deposees&tri=depot&ordre=croissant&page=1"
    page = dominique.get(page.links["Refusées 1"])
    assert references(page) == [refused.reference]
    assert "etat=refusees" in page.links["Demandeur"]
    assert references(dominique.get(page.links["Déposées 1"])) == [waiting.reference]
    empty = dominique.get(page.links["Acceptées 0"])
    assert "Aucune demande dans cet état" in empty.words
    assert references(dominique.get(empty.links["Voir tous les états"])) == [waiting.reference, refused.reference]


def test_an_agent_finds_their_own_requests(town: Town, dominique: Visitor, signed_in: SignedIn) -> None:
    assert "Vous ne suivez aucune demande" in dominique.get("/agents/?qui=moi").words
    town.files(town.camille)
    own = town.files(town.nadia)
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=own.request_id)
    town.drain()
    page = dominique.get("/agents/")
    assert "vous" in page.words
    page = dominique.get(page.links["Mes demandes"])
    assert references(page) == [own.reference]
    assert page.headings == ["Mes demandes"]
    assert "qui=moi" in page.links["En instruction"]
    assert "Dominique Morel" in signed_in("maud").get("/agents/").words


def test_what_is_archived_is_one_link_away(town: Town, dominique: Visitor, signed_in: SignedIn) -> None:
    page = dominique.get("/agents/")
    assert "Aucune demande archivée" in dominique.get(page.links["Archivées"]).words
    over = town.files(town.camille)
    decided(town, over)
    requests.archive_request(town.portal, at=town.at, actor=town.dominique, request_id=over.request_id)
    town.drain()
    assert references(dominique.get("/agents/")) == []
    page = dominique.get("/agents/archives")
    assert references(page) == [over.reference]
    assert "Refusée" in page.words
    assert references(signed_in("samir").get("/agents/archives")) == []
    assert "Revenir à la première page" in dominique.get("/agents/archives?page=9").links


@pytest.mark.parametrize("username", ["alex", "ines", "camille"])
def test_the_archives_are_the_desk_s(signed_in: SignedIn, username: str) -> None:
    assert signed_in(username).get("/agents/archives").status == 404


def test_a_reference_said_on_the_telephone_opens_its_request(
    town: Town, dominique: Visitor, signed_in: SignedIn
) -> None:
    filed = town.files(town.camille)
    town.drain()
    opened = dominique.get(f"/agents/?reference={filed.reference.lower().replace('-', ' ')}")
    assert (opened.status, opened.location) == (303, f"/agents/demandes/{filed.reference}/historique")
    unknown = dominique.get("/agents/?reference=7K3F-9QX2")
    assert unknown.status == 404
    assert "Aucune demande de vos services ne porte cette référence." in unknown.words
    assert signed_in("samir").get(f"/agents/?reference={filed.reference}").status == 404
