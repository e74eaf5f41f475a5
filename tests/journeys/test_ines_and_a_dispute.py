"""Ines and a dispute: what a request said before its refusal and after it, its seal, and who read it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import topics
from fix_browser import Site
from hands import Hands

pytestmark = pytest.mark.slow
REASONS = "La filiation n’est pas établie."
WAYS = pytest.mark.parametrize(
    ("keyboard", "window"),
    [
        pytest.param(True, {"width": 1280}, id="keyboard"),
        pytest.param(False, {"width": 375, "java_script_enabled": False}, id="telephone-no-scripts"),
    ],
)


@WAYS
def test_an_auditor_replays_a_refusal(
    town_at_work: Site, open_page: Callable[..., Page], keyboard: bool, window: dict[str, Any]
) -> None:
    reference = town_at_work.references["waiting"]
    before, after = refuses(Hands(open_page(), town_at_work.address), reference)

    ines = Hands(open_page(**window), town_at_work.address, keyboard)
    ines.sign_in("ines")
    finds(ines, reference)
    assert history(ines) == after
    sees_it_before(ines)
    assert history(ines) == before
    steps_past_the_decision(ines)
    assert history(ines) == after
    reads_every_event(ines, town_at_work, reference)
    takes_it_home(ines, town_at_work, reference)
    finds_who_read_it(ines, reference)


def refuses(dominique: Hands, reference: str) -> tuple[list[str], list[str]]:
    """Dominique refuses; what « Historique » said before and afterwards is returned."""
    dominique.sign_in("dominique")
    dominique.press("link", f"Voir la demande {reference}")
    before = history(dominique)
    dominique.press("button", "Décider")
    dominique.choose("Refuser")
    dominique.write("Motifs", REASONS)
    dominique.press("button", "Enregistrer la décision")
    dominique.is_told("La décision est enregistrée.")
    return before, history(dominique)


def history(someone: Hands) -> list[str]:
    """The lines of « Historique » on the page."""
    lines = someone.page.locator(".timeline__event")
    expect(lines.first).to_be_visible()
    return lines.all_inner_texts()


def finds(ines: Hands, reference: str) -> None:
    """By its reference, however it is typed."""
    ines.arrives("Audit")
    ines.write("Référence de la demande", reference.replace("-", " ").lower())
    ines.press("button", "Ouvrir la demande")
    ines.arrives(f"Suivi de la demande {reference}")
    expect(ines.page.get_by_role("heading", name="Telle qu’elle est aujourd’hui")).to_be_visible()


def opens(ines: Hands, tab: str) -> None:
    ines.press("link", tab, within="main")
    expect(ines.page.locator(".tabs [aria-current]")).to_have_text(tab)


def sees_it_before(ines: Hands) -> None:
    """One event earlier nothing was decided, in any tab."""
    ines.press("link", "Événement précédent")
    expect(ines.page.get_by_role("heading", name="Telle qu’enregistrée le")).to_be_visible()
    opens(ines, "La demande")
    expect(ines.page.locator(".request-head")).to_contain_text("En instruction")
    expect(ines.page.get_by_text(REASONS)).to_have_count(0)
    opens(ines, "Historique")


def steps_past_the_decision(ines: Hands) -> None:
    """The next event is the decision, with its reasons and its author."""
    opens(ines, "La demande")
    ines.press("link", "Événement suivant")
    ruling = ines.page.get_by_role("region", name="Décision : refusée")
    expect(ruling).to_contain_text(REASONS)
    expect(ruling).to_contain_text("Dominique Morel, Officier d’état civil")
    expect(ines.page.get_by_role("link", name="Événement suivant")).to_have_count(0)
    ines.press("link", "Revenir à aujourd’hui")
    expect(ines.page.get_by_role("heading", name="Telle qu’elle est aujourd’hui")).to_be_visible()
    opens(ines, "Historique")


def reads_every_event(ines: Hands, site: Site, reference: str) -> None:
    """The decision with who took it, by which way, when; and a seal that nobody broke."""
    opens(ines, "Événements")
    last = len(topics(site, reference))
    sealed = ines.page.get_by_text(f"Scellée jusqu’à l’événement {last}, vérifiée à l’instant")
    ines.comes_to_show(sealed, "the seal of the decision")
    decision = ines.page.locator(f"#evenement-{last}")
    for said in ("23 novembre 2026", "Dominique Morel", "agent, Officier d’état civil", "site internet", REASONS):
        expect(decision).to_contain_text(said)
    expect(ines.page.locator("tbody")).to_contain_text("registre numérisé, page 212")


def takes_it_home(ines: Hands, site: Site, reference: str) -> None:
    """The file holds every event in order, with its version and its facts."""
    kept = json.loads(ines.takes_home("link", "Télécharger les événements (JSON)"))
    assert [event["topic"].partition(":")[2] for event in kept] == topics(site, reference)
    assert [event["version"] for event in kept] == list(range(1, len(kept) + 1))
    assert kept[-1]["facts"]["reasons"] == REASONS


def finds_who_read_it(ines: Hands, reference: str) -> None:
    """The journal of this request tells Dominique's readings and her own, the last one first."""
    ines.press("link", "Consultations", within="header")
    ines.arrives("Journal des consultations")
    ines.unfold("Chercher dans le journal")
    ines.write("Référence de la demande", reference)
    ines.press("button", "Chercher")
    rows = ines.page.locator("tbody").get_by_role("row")
    expect(rows.first).to_contain_text("Inès Carpentier")
    expect(rows.first).to_contain_text("export JSON")
    expect(rows.filter(has_text="telle qu’enregistrée le").first).to_contain_text("Inès Carpentier")
    expect(rows.last).to_contain_text("Dominique Morel")
    expect(rows.last).to_contain_text("espace des agents")
    expect(rows.filter(has_not_text=reference)).to_have_count(0)
