"""« Annuler ma demande »: the confirmation, cancelled and archived at once, and where it is found again (S31)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from people import MONDAY, Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    """A passport of Camille's, with an appointment the next day."""
    filed = town.files(town.camille, town.passport)
    town.meets(town.camille, filed.request_id, MONDAY + timedelta(days=1))
    town.drain()
    return filed


def test_a_cancelled_request_is_archived_at_once_and_its_appointment_free_again(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, signed_in: SignedIn
) -> None:
    page = camille.get(f"/demandes/{filed.reference}/historique")
    page = camille.get(page.links["Annuler ma demande"])
    assert page.headings == ["Annuler ma demande"]
    assert "votre rendez-vous du mardi 3 mars 2026 à 10 h" in page.words
    sent = camille.send(reasons="J’ai retrouvé mon ancien passeport.")
    assert (sent.status, sent.location) == (303, "/espace/demandes/archivees")
    kinds = [event.kind for event in portal.stream(filed.request_id)[-3:]]
    assert kinds == [ServiceRequest.AppointmentCancelled, ServiceRequest.Cancelled, ServiceRequest.Archived]
    town.drain()
    page = camille.follow()
    assert "Votre demande est annulée et archivée." in page.words
    assert page.links[f"Voir la demande {filed.reference}"] == f"/demandes/{filed.reference}/historique"
    assert "Annulée" in page.words
    assert filed.reference not in camille.get("/espace/demandes").words
    shown = camille.get(f"/demandes/{filed.reference}/historique")
    assert "Annulée Archivée" in shown.words
    assert "Annuler ma demande" not in shown.links
    other = town.files(town.nadia, town.passport)
    town.meets(town.nadia, other.request_id, MONDAY + timedelta(days=1))
    desk = signed_in("dominique").get(f"/agents/demandes/{filed.reference}/demande").words
    assert "J’ai retrouvé mon ancien passeport." in desk


def test_no_reason_is_owed(portal: Portal, camille: Visitor, filed: Deposited) -> None:
    camille.get(f"/demandes/{filed.reference}/annulation")
    assert camille.send().status == 303
    assert "Aucun motif n’a été donné." in camille.get(f"/demandes/{filed.reference}/demande").words


def test_a_reason_too_long_is_drawn_again(portal: Portal, camille: Visitor, filed: Deposited) -> None:
    camille.get(f"/demandes/{filed.reference}/annulation")
    before = portal.position()
    page = camille.send(reasons="é" * 10_001)
    assert page.status == 422
    assert page.forms[-1].values["reasons"] == "é" * 10_001
    assert portal.position() == before


def test_what_the_town_has_decided_is_not_cancelled(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited
) -> None:
    camille.get(f"/demandes/{filed.reference}/annulation")
    town.takes_up(town.dominique, filed.request_id)
    town.decides(town.dominique, filed.request_id)
    before = portal.position()
    page = camille.send()
    assert page.status == 409
    assert "La mairie a déjà décidé" in page.words
    assert portal.position() == before
    assert camille.get(f"/demandes/{filed.reference}/annulation").location.endswith("/historique")
    assert "Annuler ma demande" not in camille.get(f"/demandes/{filed.reference}/historique").links


@pytest.mark.parametrize("username", ["nadia", "dominique", "ines"])
def test_nobody_else_cancels(
    portal: Portal, town: Town, signed_in: SignedIn, filed: Deposited, username: str
) -> None:
    somebody = signed_in(username)
    position = town.drain()
    assert somebody.get(f"/demandes/{filed.reference}/annulation").status == 404
    somebody.get("/reference")
    assert somebody.post(f"/demandes/{filed.reference}/annulation").status == 404
    assert portal.position() == position


def test_an_empty_shelf_says_what_it_is_for(signed_in: SignedIn) -> None:
    nadia = signed_in("nadia")
    shelf = nadia.get("/espace/demandes").links["Voir toutes mes demandes archivées"]
    page = nadia.get(shelf)
    assert "Aucune demande archivée" in page.words
    assert page.links["Voir toutes mes demandes"] == "/espace/demandes"
