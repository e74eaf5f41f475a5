"""Whoever follows a request by its link completes, books and cancels as an account holder does (S33)."""

from datetime import timedelta

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from people import Town
from strangers import link_of
from visitors import Visitor


@pytest.fixture
def followed(town: Town, portal: Portal) -> ServiceRequest:
    """A request filed without account, which Dominique asks to complete."""
    filed, _ = town.files_without_account()
    town.takes_up(town.dominique, filed.request_id)
    town.asks(town.dominique, filed.request_id, missing=("la déclaration de perte",))
    town.drain()
    return portal.get(ServiceRequest, filed.request_id)


@pytest.fixture
def holder(visitor: Visitor, portal: Portal, followed: ServiceRequest) -> Visitor:
    """Somebody who has opened the link."""
    assert visitor.get(link_of(portal, followed)).status == 303
    return visitor


def test_the_same_frame_without_a_list_of_requests(holder: Visitor, followed: ServiceRequest) -> None:
    page = holder.get(f"/demandes/{followed.reference}/historique")
    assert "Mes demandes" not in page.links
    assert page.links["Accueil"] == "/"
    assert "À faire : compléter votre demande" in page.words
    assert "Rattacher cette demande à mon espace personnel" in page.links


def test_it_is_sent_back_completed(holder: Visitor, portal: Portal, followed: ServiceRequest) -> None:
    page = holder.get(f"/demandes/{followed.reference}/historique")
    page = holder.get(page.links["Renvoyer"])
    assert page.forms[-1].values["question-nom"] == "Benali"
    assert holder.send(text="La déclaration est jointe.").status == 303
    told = portal.stream(followed.id)[-1].event
    assert isinstance(told, ServiceRequest.CorrectionSentBack)
    assert (told.actor_kind, told.text) == ("link_holder", "La déclaration est jointe.")
    assert "Votre demande est renvoyée au service" in holder.follow().words


def test_an_appointment_is_booked_moved_and_cancelled(
    holder: Visitor, portal: Portal, town: Town, followed: ServiceRequest
) -> None:
    tab = f"/demandes/{followed.reference}/rendez-vous"
    page = holder.get(holder.get(tab).links["Ajouter"])
    holder.get(page.links["mardi 3 mars 2026 à 10 h"])
    assert holder.send().status == 303
    town.drain()
    page = holder.get(tab)
    page = holder.get(page.links["Modifier le rendez-vous du mardi 3 mars 2026 à 10 h"])
    holder.get(page.links["mercredi 4 mars 2026 à 9 h"])
    assert holder.send().status == 303
    town.drain()
    page = holder.get(tab)
    holder.get(page.links["Annuler le rendez-vous du mercredi 4 mars 2026 à 9 h"])
    assert holder.send().status == 303
    kinds = [event.kind for event in portal.stream(followed.id)[-3:]]
    assert kinds == [
        ServiceRequest.AppointmentBooked,
        ServiceRequest.AppointmentMoved,
        ServiceRequest.AppointmentCancelled,
    ]


def test_cancelled_it_leads_back_to_the_request_itself(
    holder: Visitor, portal: Portal, town: Town, followed: ServiceRequest
) -> None:
    page = holder.get(f"/demandes/{followed.reference}/demande")
    holder.get(page.links["Annuler ma demande"])
    sent = holder.send()
    assert (sent.status, sent.location) == (303, f"/demandes/{followed.reference}/historique")
    assert portal.stream(followed.id)[-1].kind is ServiceRequest.Archived
    town.drain()
    page = holder.follow()
    assert "Votre demande est annulée et archivée." in page.words
    assert "Annulée Archivée" in page.words


def test_nothing_of_another_s_request_is_done(holder: Visitor, portal: Portal, town: Town) -> None:
    other = town.files(town.camille, town.passport)
    appointment_id = town.meets(town.camille, other.request_id, town.at + timedelta(days=1))
    before = town.drain()
    token = holder.get("/connexion").forms[-1].values["csrf_token"]
    request = f"/demandes/{other.reference}"
    for path in (
        "complement",
        "annulation",
        "rendez-vous/nouveau",
        f"rendez-vous/{appointment_id}/modification",
        f"rendez-vous/{appointment_id}/annulation",
    ):
        assert holder.get(f"{request}/{path}").status in {303, 404}
        assert holder.post(f"{request}/{path}", _token=False, csrf_token=token).status in {303, 404}
    assert portal.position() == before
