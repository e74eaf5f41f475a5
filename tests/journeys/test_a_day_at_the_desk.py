"""Dominique's day: a request is found, taken up, noted upon, completed, decided and put away."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import asks_for_a_complement, files, notes, opens, takes_up, topics
from fix_browser import Site
from hands import Hands

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
    takes_up(dominique)
    notes(dominique)
    asks_for_a_complement(dominique)

    camille = Hands(open_page(width=1280), town_at_work.address)
    camille.sign_in("camille")
    camille.page.goto(f"{town_at_work.address}/demandes/{reference}/historique")
    expect(camille.page.get_by_role("heading", name="À faire")).to_be_visible()
    expect(camille.page.get_by_text("guichet")).to_have_count(0)

    decides(dominique)
    dominique.press("button", "Archiver")
    dominique.is_told(f"La demande {reference} est archivée.")
    dominique.press("link", "Archivées", within="main")
    expect(dominique.page.get_by_role("link", name=f"Voir la demande {reference}")).to_be_visible()
    camille.comes_to_show(camille.page.get_by_text("Refusée"), "the decision")
    assert topics(town_at_work, reference)[-5:] == [
        "taken-up",
        "note-added",
        "correction-requested",
        "decided",
        "archived",
    ]


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
    dominique.is_told("La décision est enregistrée.")
