"""Dominique and Maud on one request: each sees what the other did, and the citizen what concerns them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from desk import asks_for_a_complement, files, letters, notes, opens, takes_up, topics
from espace_citoyen.demo.papers import page as drawn
from fix_browser import Site
from hands import Hands
from waiting import wait_until

pytestmark = pytest.mark.slow
PAPER = drawn("Modèle de procuration")
ANSWER = "Bonjour, voici le modèle à remplir. Il se dépose à l’accueil ou ici. " * 3
REASONS = "La filiation n’est pas établie."
MAUD = "Maud Lenoir, Responsable de l’état civil"


@dataclass
class Cast:
    """Who is at the counter: one agent, who manages the department, who filed; and what it is about."""

    dominique: Hands
    maud: Hands
    camille: Hands
    reference: str


def test_two_agents_and_a_citizen_share_a_request(town_at_work: Site, open_page: Callable[..., Page]) -> None:
    cast = arrive(town_at_work, open_page)
    sorts_and_opens(cast.dominique, cast.reference)
    takes_up(cast.dominique)
    pass_the_pen(cast)
    replies_with_a_paper(cast)
    completes_and_sends_back(cast)
    notes(cast.dominique)
    books_for_the_citizen(cast)
    decide_at_the_same_time(cast)
    reopens(cast)
    decides_anew_and_archives(cast)
    assert topics(town_at_work, cast.reference) == [
        *("submitted", "acknowledged", "taken-up", "assigned", "assigned"),
        *("attachment-added", "exchange-sent", "exchange-read"),
        *("correction-requested", "correction-sent-back", "note-added", "appointment-booked"),
        *("assigned", "decided", "reopened", "decided", "appointment-cancelled", "archived"),
    ]
    wait_until(lambda: len(letters(town_at_work, cast.reference)) == 8, "the mails")
    assert letters(town_at_work, cast.reference) == [
        *("acknowledgement", "new_message", "correction_requested", "appointment_booked"),
        *("decided", "reopened", "decided", "appointment_cancelled"),
    ]


def arrive(site: Site, open_page: Callable[..., Page]) -> Cast:
    reference = files(site)
    dominique, maud, camille = (Hands(open_page(width=width), site.address) for width in (1280, 1280, 375))
    for someone, username in ((dominique, "dominique"), (maud, "maud"), (camille, "camille")):
        someone.sign_in(username)
    return Cast(dominique, maud, camille, reference)


def sorts_and_opens(dominique: Hands, reference: str) -> None:
    """The last one filed comes first once the queue is turned round."""
    dominique.press("link", "Déposée", within="thead")
    expect(dominique.page.get_by_role("columnheader", name="Déposée")).to_have_attribute("aria-sort", "descending")
    expect(dominique.page.get_by_role("rowheader").first).to_have_text(reference)
    opens(dominique, reference)


def pass_the_pen(cast: Cast) -> None:
    """Dominique entrusts the request to Maud, who finds it among hers; then takes it back."""
    cast.dominique.press("button", "Confier à…")
    cast.dominique.choose(MAUD)
    cast.dominique.press("button", "Confier")
    cast.dominique.is_told(f"La demande est confiée à {MAUD}.")
    cast.maud.press("link", "Mes demandes", within="main")
    cast.maud.comes_to_show(
        cast.maud.page.get_by_role("link", name=f"Voir la demande {cast.reference}"), "the request among hers"
    )
    cast.dominique.press("button", "Me la confier")
    cast.dominique.is_told("Vous suivez cette demande.")
    looks(cast, "historique")
    expect(cast.camille.page.get_by_text("Suivie par Dominique Morel, Officier d’état civil.")).to_be_visible()


def replies_with_a_paper(cast: Cast) -> None:
    """What Dominique joins to an answer, Camille may keep."""
    cast.dominique.press("button", "Répondre")
    cast.dominique.write("Votre message", ANSWER)
    cast.dominique.attach("Joindre des fichiers (facultatif)", "procuration.pdf", PAPER)
    cast.dominique.press("button", "Envoyer")
    cast.dominique.is_told("Votre message est envoyé.")
    looks(cast, "echanges")
    cast.camille.press("button", "Voir la suite du message de Dominique Morel")
    expect(cast.camille.page.get_by_text(ANSWER.strip())).to_be_visible()
    assert cast.camille.takes_home("link", "Télécharger procuration.pdf") == PAPER


def completes_and_sends_back(cast: Cast) -> None:
    """The request waits for Camille until she has pressed « Renvoyer »."""
    asks_for_a_complement(cast.dominique)
    expect(cast.dominique.page.get_by_text("En attente de l’usager.")).to_be_visible()
    looks(cast, "historique")
    cast.camille.press("button", "Renvoyer")
    cast.camille.write("Nombre d’exemplaires", "2")
    cast.camille.press("button", "Renvoyer")
    cast.camille.is_told("Votre demande est renvoyée au service")
    back = cast.dominique.page.get_by_text("Camille Rousseau a renvoyé la demande")
    cast.dominique.comes_to_show(back, "the request sent back")
    cast.dominique.press("link", "La demande", within="main")
    expect(cast.dominique.page.get_by_text("Nombre d’exemplaires : 2 (auparavant : 1)")).to_be_visible()


def books_for_the_citizen(cast: Cast) -> None:
    """An appointment that Dominique makes is announced to Camille; the note beside it is not."""
    cast.dominique.press("link", "Rendez-vous", within="main")
    cast.dominique.press("button", "Ajouter")
    cast.dominique.press("link", "Guichet de l’état civil")
    cast.dominique.press("link", "mercredi 25 novembre 2026 à 10 h 10")
    cast.dominique.press("button", "Valider")
    cast.dominique.is_told("Rendez-vous pris : mercredi 25 novembre 2026 à 10 h 10.")
    looks(cast, "historique")
    told = cast.camille.page.locator(".timeline")
    expect(told).to_contain_text("Dominique Morel a pris rendez-vous pour le mercredi 25 novembre 2026 à 10 h 10")
    expect(told).not_to_contain_text("note")
    expect(cast.camille.page.get_by_text("Vue au guichet.")).to_have_count(0)


def decide_at_the_same_time(cast: Cast) -> None:
    """Maud takes the request while Dominique writes: nothing of the refusal is lost, and it is sent again."""
    dominique = cast.dominique
    dominique.press("button", "Décider")
    dominique.choose("Refuser")
    dominique.press("button", "Enregistrer la décision")
    expect(dominique.page.get_by_role("alert")).to_contain_text("Donnez les motifs")
    expect(motives(dominique)).to_have_accessible_description(re.compile("Donnez les motifs"))
    dominique.write("Motifs", REASONS)

    cast.maud.press("link", f"Voir la demande {cast.reference}")
    cast.maud.press("button", "Me la confier")
    cast.maud.is_told("Vous suivez cette demande.")

    with dominique.page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        dominique.press("button", "Enregistrer la décision")
    assert refused.value.status == 409
    expect(dominique.page.get_by_role("alert")).to_contain_text("Quelqu’un d’autre a agi sur cette demande")
    expect(dominique.page.get_by_text("Maud Lenoir a pris la demande à sa charge")).to_be_visible()
    expect(motives(dominique)).to_have_value(REASONS)
    expect(dominique.page.get_by_label("Refuser")).to_be_checked()
    dominique.press("button", "Enregistrer la décision")
    dominique.is_told("La décision est enregistrée.")


def motives(agent: Hands) -> Locator:
    return agent.page.get_by_label("Motifs", exact=True)


def reopens(cast: Cast) -> None:
    """Only whoever manages the department may; the first decision stays whole."""
    looks(cast, "demande")
    expect(cast.camille.page.get_by_role("heading", name="Décision : refusée")).to_be_visible()
    expect(cast.camille.page.get_by_text(REASONS)).to_be_visible()
    expect(cast.dominique.page.get_by_role("button", name="Rouvrir")).to_have_count(0)
    cast.maud.page.reload()
    cast.maud.press("button", "Rouvrir")
    cast.maud.write("Pourquoi rouvrir cette demande", "Le jugement de filiation est au dossier.")
    cast.maud.press("button", "Rouvrir la demande")
    cast.maud.is_told("La demande est rouverte")
    cast.camille.page.reload()
    past = cast.camille.page.locator(".ruling--past")
    expect(past).to_contain_text("Décision précédente : refusée")
    expect(past).to_contain_text(REASONS)
    expect(past).to_contain_text("Le jugement de filiation est au dossier.")


def decides_anew_and_archives(cast: Cast) -> None:
    """An acceptance needs no reasons; put away, the request frees its appointment."""
    cast.dominique.page.reload()
    cast.dominique.press("button", "Décider")
    cast.dominique.choose("Accepter")
    cast.dominique.press("button", "Enregistrer la décision")
    cast.dominique.is_told("La décision est enregistrée.")
    expect(cast.dominique.page.get_by_text("Archiver annule le rendez-vous à venir")).to_be_visible()
    cast.dominique.press("button", "Archiver")
    cast.dominique.is_told(f"La demande {cast.reference} est archivée.")
    expect(cast.dominique.page.get_by_role("link", name=f"Voir la demande {cast.reference}")).to_have_count(0)
    looks(cast, "rendez-vous")
    expect(cast.camille.page.get_by_text("Annulé", exact=True)).to_be_visible()
    expect(cast.camille.page.locator(".request-head")).to_contain_text("Acceptée Archivée")


def looks(cast: Cast, tab: str) -> None:
    """Camille opens a tab of the request from her telephone."""
    cast.camille.page.goto(f"{cast.camille.address}/demandes/{cast.reference}/{tab}")
    cast.camille.arrives(cast.reference)
