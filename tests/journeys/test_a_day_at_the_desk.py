"""Dominique's day: a request is found, taken up, noted upon, completed, decided and put away."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.commands.requests import Filing, deposit_request, find_request
from fix_browser import Site
from hands import Hands
from people import CAMILLE_PERSON, PASSWORD

pytestmark = pytest.mark.slow
REASONS = "La filiation n’est pas établie."


@pytest.mark.parametrize(
    ("keyboard", "window"),
    [
        pytest.param(True, {"width": 1280}, id="keyboard"),
        pytest.param(False, {"width": 375, "java_script_enabled": False}, id="telephone-no-scripts"),
    ],
)
def test_a_request_goes_from_the_queue_to_the_archives(
    town_at_work: Site, open_page: Callable[..., Page], keyboard: bool, window: dict[str, Any]
) -> None:
    reference = files(town_at_work)
    dominique = Hands(open_page(**window), town_at_work.address, keyboard)
    dominique.sign_in("dominique")
    opens(dominique, reference)
    dominique.press("button", "Prendre en charge")
    says(dominique, "Vous suivez cette demande.")
    notes(dominique)
    asks_for_a_complement(dominique)

    camille = Hands(open_page(width=1280), town_at_work.address)
    camille.sign_in("camille")
    camille.page.goto(f"{town_at_work.address}/demandes/{reference}/historique")
    expect(camille.page.get_by_role("heading", name="À faire")).to_be_visible()
    expect(camille.page.get_by_text("guichet")).to_have_count(0)

    decides(dominique)
    dominique.press("button", "Archiver")
    says(dominique, f"La demande {reference} est archivée.")
    dominique.press("link", "Archivées", within="main")
    expect(dominique.page.get_by_role("link", name=f"Voir la demande {reference}")).to_be_visible()
    camille.comes_to_show(camille.page.get_by_text("Refusée"), "the decision")
    assert topics(town_at_work, reference)[-5:] == [
        "request:taken-up",
        "request:note-added",
        "request:correction-requested",
        "request:decided",
        "request:archived",
    ]


def files(site: Site) -> str:
    """Camille files once more what she filed before, with Dominique's department; the reference is returned."""
    before = site.portal.get(ServiceRequest, find_request(site.portal, site.references["waiting"]))
    camille = authenticate(site.portal, username="camille", password=PASSWORD)
    assert camille is not None
    filing = Filing(uuid4(), before.procedure_id, 1, CAMILLE_PERSON, before.answers)
    filed = deposit_request(site.portal, at=site.clock.now, actor=camille, filing=filing)
    assert site.portal.wait(filed.position, timeout=20)
    return filed.reference


def opens(dominique: Hands, reference: str) -> None:
    dominique.arrives("Demandes à traiter")
    if dominique.keyboard:
        dominique.press("link", "Aller à la liste")
    dominique.press("link", f"Voir la demande {reference}")
    dominique.arrives(reference)


def notes(dominique: Hands) -> None:
    dominique.press("button", "Noter")
    dominique.arrives("Notes privées")
    dominique.write("Votre note", "Vue au guichet.")
    dominique.press("button", "Ajouter cette note")
    says(dominique, "Votre note est ajoutée.")
    dominique.press("link", "Revenir à la demande")


def asks_for_a_complement(dominique: Hands) -> None:
    dominique.press("button", "Demander un complément")
    dominique.arrives("Demander un complément")
    dominique.write("Ce qu’il faut compléter ou corriger", "Il manque une copie.")
    dominique.press("button", "Demander ce complément")
    says(dominique, "Le complément est demandé.")


def decides(dominique: Hands) -> None:
    """Refuse without reasons, be asked for them, and give them."""
    dominique.press("button", "Décider")
    dominique.arrives("Décider")
    dominique.choose("Accepter")
    if dominique.keyboard:
        dominique.page.keyboard.press("ArrowDown")
    else:
        dominique.choose("Refuser")
    dominique.press("button", "Enregistrer la décision")
    expect(dominique.page.get_by_role("alert")).to_contain_text("Donnez les motifs")
    dominique.write("Motifs", REASONS)
    dominique.press("button", "Enregistrer la décision")
    says(dominique, "La décision est enregistrée.")


def says(someone: Hands, words: str) -> None:
    expect(someone.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def topics(site: Site, reference: str) -> list[str]:
    return [event.topic for event in site.portal.stream(find_request(site.portal, reference))]
