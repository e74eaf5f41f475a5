"""Camille with her space: files, joins a paper, books, is written to, completes; later gives a request up."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from desk import letters, topics
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.commands.requests import find_request
from espace_citoyen.demo.deeds import Scene, asks_for, says, takes_it_up
from espace_citoyen.demo.papers import page as drawn
from fix_browser import Site
from hands import Hands
from people import PASSWORD
from waiting import wait_until

pytestmark = pytest.mark.slow
PAPER = drawn("Déclaration de perte")
WORD = "Bonjour, votre nouveau livret est en préparation. Il nous manque une précision sur l’ancien."
WAYS = pytest.mark.parametrize(
    ("keyboard", "window"),
    [
        pytest.param(False, {"width": 375, "has_touch": True}, id="telephone"),
        pytest.param(False, {"width": 1280, "java_script_enabled": False}, id="no-scripts"),
    ],
)


@WAYS
def test_a_request_is_filed_completed_and_another_given_up(
    town_at_work: Site, open_page: Callable[..., Page], keyboard: bool, window: dict[str, Any]
) -> None:
    camille = Hands(open_page(**window), town_at_work.address, keyboard)
    camille.sign_in("camille")
    camille.arrives("Mon accueil")
    expect(badge(camille, "Rendez-vous proches")).to_have_text("1 à venir")
    reference = files(camille)
    joins_a_paper(camille)
    books_and_moves(camille)
    looks_at_what_is_near(camille, reference)

    dominique_writes_and_asks(town_at_work, reference)
    reads(camille, reference)
    completes(camille, reference)
    assert topics(town_at_work, reference) == [
        *("submitted", "acknowledged", "attachment-added", "appointment-booked", "appointment-moved"),
        *("taken-up", "exchange-sent", "correction-requested", "exchange-read", "correction-sent-back"),
    ]

    town_at_work.clock.passes(days=2)
    gives_up(camille, town_at_work)
    is_told_by_mail(town_at_work, reference)


def badge(camille: Hands, tile: str) -> Locator:
    return camille.page.get_by_role("listitem").filter(has_text=tile).locator(".badge")


def files(camille: Hands) -> str:
    """She asks for a second « livret de famille »; the reference is returned."""
    camille.press("link", "Toutes les démarches")
    camille.press("link", "Duplicata de livret de famille")
    camille.arrives("Duplicata de livret de famille")
    camille.choose("Perdu")
    camille.choose("J’atteste sur l’honneur de ces renseignements")
    camille.press("button", "Continuer")
    camille.arrives("Le récapitulatif")
    camille.press("button", "Valider ma demande")
    camille.arrives("Votre demande est déposée")
    reference = camille.page.locator("strong.reference").inner_text()
    expect(camille.page.get_by_role("link", name="choisissez le jour et l’heure")).to_be_visible()
    camille.press("link", f"Voir la demande {reference}")
    camille.arrives(f"Suivi de la demande {reference}")
    return reference


def joins_a_paper(camille: Hands) -> None:
    """She joins a PDF, and what she may download again is what she sent."""
    camille.press("link", "Pièces jointes", within="main")
    camille.press("button", "Ajouter")
    camille.arrives("Ajouter une pièce jointe")
    camille.choose("Attestation ou certificat")
    camille.write("Titre", "Déclaration de perte")
    camille.attach("Fichiers", "declaration.pdf", PAPER)
    camille.press("button", "Ajouter la pièce")
    camille.is_told("La pièce est ajoutée.")
    assert camille.takes_home("link", "Télécharger declaration.pdf") == PAPER


def books_and_moves(camille: Hands) -> None:
    """She takes the soonest place, then one that suits her better."""
    camille.press("link", "Rendez-vous", within="main")
    camille.press("button", "Ajouter", within="main")
    camille.arrives("Liste des rendez-vous disponibles")
    camille.press("link", "Au plus tôt : mardi 24 novembre 2026 à 8 h 30")
    camille.press("button", "Valider")
    camille.is_told("Rendez-vous pris : mardi 24 novembre 2026 à 8 h 30.")
    camille.press("button", "Modifier le rendez-vous du mardi 24 novembre 2026 à 8 h 30")
    camille.press("link", "mardi 24 novembre 2026 à 9 h 50")
    camille.press("button", "Valider")
    camille.is_told("Rendez-vous déplacé : mardi 24 novembre 2026 à 9 h 50.")


def looks_at_what_is_near(camille: Hands, reference: str) -> None:
    camille.press("link", "Mon accueil", within="header")
    camille.arrives("Mon accueil")
    camille.comes_to_show(badge(camille, "Rendez-vous proches").filter(has_text="2 à venir"), "the badge")
    camille.press("link", "Rendez-vous proches", within="main")
    camille.arrives("Rendez-vous proches")
    meeting = camille.page.get_by_role("listitem").filter(has_text=reference)
    expect(meeting).to_contain_text("mardi 24 novembre 2026 à 9 h 50")
    expect(meeting).to_contain_text("Hôtel de ville, guichet de l’état civil")


def dominique_writes_and_asks(site: Site, reference: str) -> None:
    """Dominique takes the request up, writes, and asks for more by a day."""
    dominique = authenticate(site.portal, username="dominique", password=PASSWORD)
    assert dominique is not None
    scene = Scene(
        portal=site.portal,
        at=site.clock(),
        actor=dominique,
        request_id=find_request(site.portal, reference),
        people={},
        agendas={},
        today=site.clock(),
    )
    takes_it_up(scene)
    says(WORD)(scene)
    asks_for("Dites-nous ce qui est arrivé au livret.", "Le jour et l’endroit", within=10)(scene)


def reads(camille: Hands, reference: str) -> None:
    """The message is announced on her first page and opened from there."""
    camille.press("link", "Mon accueil", within="header")
    camille.arrives("Mon accueil")
    camille.comes_to_show(badge(camille, "Échanges à lire").filter(has_text="3 à lire"), "the badge")
    camille.press("link", "Échanges à lire", within="main")
    camille.press("link", f"Duplicata de livret de famille {reference}")
    camille.press("button", "Voir la suite du message de Dominique Morel")
    expect(camille.page.get_by_text(WORD)).to_be_visible()


def completes(camille: Hands, reference: str) -> None:
    """« À faire » leads to her answers; it is over only once she has pressed « Renvoyer »."""
    camille.press("link", "Mon accueil", within="header")
    camille.arrives("Mon accueil")
    camille.comes_to_show(to_do(camille, reference), "what is to be done")
    camille.press("link", f"Compléter la demande {reference}")
    camille.arrives("Compléter ma demande")
    expect(camille.page.get_by_text("jeudi 3 décembre 2026")).to_be_visible()
    camille.choose("Volé")
    camille.write("Un mot pour le service (facultatif)", "À la gare, le 20 novembre.")
    camille.press("button", "Renvoyer")
    camille.is_told("Votre demande est renvoyée au service")
    expect(camille.page.get_by_text("Ce qui est arrivé au livret : Volé (auparavant : Perdu)")).to_be_visible()
    camille.press("link", "Mon accueil", within="header")
    camille.arrives("Mon accueil")
    expect(to_do(camille, reference)).to_have_count(0)


def to_do(camille: Hands, reference: str) -> Locator:
    return camille.page.get_by_role("link", name=f"Compléter la demande {reference}")


def gives_up(camille: Hands, site: Site) -> None:
    """Two days later no appointment is near any more; she cancels another request and finds it put away."""
    camille.sign_in("camille")
    camille.arrives("Mon accueil")
    expect(badge(camille, "Rendez-vous proches")).to_have_count(0)
    reference = site.references["latest"]
    camille.press("link", f"Repas à la cantine {reference}")
    camille.press("button", "Annuler ma demande")
    camille.arrives("Annuler ma demande")
    camille.write("Pourquoi annulez-vous ? (facultatif)", "Il mangera à la cantine.")
    camille.press("button", "Confirmer l’annulation")
    camille.is_told("Votre demande est annulée et archivée.")
    camille.arrives("Toutes mes demandes archivées")
    camille.press("link", f"Voir la demande {reference}")
    camille.press("link", "La demande")
    expect(camille.page.get_by_text("Il mangera à la cantine.")).to_be_visible()
    expect(camille.page.get_by_role("button", name="Annuler ma demande")).to_have_count(0)
    assert topics(site, reference)[-2:] == ["cancelled", "archived"]
    wait_until(lambda: letters(site, reference)[-1:] == ["cancelled"], "the mail of the cancellation")


def is_told_by_mail(site: Site, reference: str) -> None:
    """Each letter that what happened called for waits in the outbox, once."""
    booking = ["acknowledgement", "appointment_booked", "appointment_moved"]
    told = [*booking, "new_message", "correction_requested"]
    wait_until(lambda: letters(site, reference) == told, "five mails")
