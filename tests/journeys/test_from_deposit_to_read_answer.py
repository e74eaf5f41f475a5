"""The thread that everything hangs on: a request is filed, answered, and the answer read."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from espace_citoyen.commands.requests import find_request
from fix_browser import Site
from hands import Hands
from waiting import wait_until

pytestmark = pytest.mark.slow
ANSWER = "Bonjour, votre acte de naissance partira demain par la poste. " * 3
WAYS = pytest.mark.parametrize(
    ("keyboard", "window"),
    [
        pytest.param(False, {"width": 1280}, id="mouse"),
        pytest.param(True, {"width": 1280}, id="keyboard"),
        pytest.param(False, {"width": 1280, "java_script_enabled": False}, id="no-scripts"),
        pytest.param(False, {"width": 375, "has_touch": True}, id="telephone"),
    ],
)


@WAYS
def test_a_citizen_files_an_agent_answers_and_the_citizen_reads(
    town_at_work: Site, open_page: Callable[..., Page], keyboard: bool, window: dict[str, Any]
) -> None:
    nadia = Hands(open_page(**window), town_at_work.address, keyboard)
    nadia.sign_in("nadia")
    nadia.arrives("Mon accueil")
    expect(badge(nadia)).to_have_count(0)
    reference = files_a_request(nadia)

    dominique = Hands(open_page(**window), town_at_work.address, keyboard)
    dominique.sign_in("dominique")
    dominique.arrives("Demandes à traiter")
    answers(dominique, reference)

    nadia.press("link", "Mon accueil", within="header")
    nadia.arrives("Mon accueil")
    nadia.comes_to_show(badge(nadia), "the badge")
    expect(badge(nadia)).to_have_text("1 à lire")
    reads_the_answer(nadia, reference)
    nadia.press("link", "Mon accueil", within="header")
    nadia.arrives("Mon accueil")
    expect(badge(nadia)).to_have_count(0)
    is_recorded_and_told(town_at_work, reference)


def badge(someone: Hands) -> Locator:
    return someone.page.get_by_role("listitem").filter(has_text="Échanges à lire").locator(".badge")


def files_a_request(nadia: Hands) -> str:
    """Nadia files from the catalogue; her request's reference is returned."""
    nadia.press("link", "Toutes les démarches")
    nadia.arrives("Démarches")
    nadia.press("link", "Demande d’acte de naissance")
    nadia.arrives("Demande d’acte de naissance")
    expect(nadia.page.get_by_label("Prénom", exact=True)).to_have_value("Nadia")
    nadia.choose("Copie intégrale")
    nadia.write("Nom de naissance de la personne", "Benali")
    nadia.write("Prénoms de la personne", "Nadia")
    for part, value in (("Jour", "2"), ("Mois", "11"), ("Année", "1984")):
        nadia.write(part, value)
    nadia.press("button", "Continuer")
    nadia.arrives("Le récapitulatif")
    nadia.press("button", "Valider ma demande")
    nadia.arrives("Votre demande est déposée")
    reference = nadia.page.locator("strong.reference").inner_text()
    nadia.press("link", f"Voir la demande {reference}")
    nadia.arrives(f"Suivi de la demande {reference}")
    expect(nadia.page.get_by_text("Nadia Benali a déposé la demande")).to_be_visible()
    return reference


def answers(dominique: Hands, reference: str) -> None:
    """Dominique finds the request in the queue and answers."""
    waiting = dominique.page.get_by_role("link", name=f"Voir la demande {reference}")
    dominique.comes_to_show(waiting, "the request in the queue")
    dominique.press("link", f"Voir la demande {reference}")
    dominique.arrives(f"Suivi de la demande {reference}")
    dominique.press("link", "Échanges")
    dominique.write("Votre message", ANSWER)
    dominique.press("button", "Envoyer")
    expect(dominique.page.get_by_text("Votre message est envoyé.")).to_be_visible()


def reads_the_answer(nadia: Hands, reference: str) -> None:
    """Nadia opens the answer from her dashboard."""
    nadia.press("link", "Échanges à lire", within="main")
    nadia.arrives("Échanges à lire")
    nadia.press("link", f"Demande d’acte de naissance {reference}")
    nadia.arrives(f"Suivi de la demande {reference}")
    message = nadia.page.get_by_role("listitem").filter(has_text="Dominique Morel")
    expect(message.get_by_text("Non lu", exact=True)).to_be_visible()
    expect(nadia.page.get_by_text(ANSWER.strip())).to_have_count(0)
    nadia.press("button", "Voir la suite du message de Dominique Morel")
    expect(nadia.page.get_by_text(ANSWER.strip())).to_be_visible()
    expect(message.get_by_text("Lu", exact=True)).to_be_visible()
    nadia.press("link", "Historique")
    expect(nadia.page.get_by_text("Nadia Benali a lu un message")).to_be_visible()


def is_recorded_and_told(town: Site, reference: str) -> None:
    """What happened is in the log, in order, and each letter it called for is in the outbox, once."""
    request_id = find_request(town.portal, reference)
    topics = [recorded.topic.partition(":")[2] for recorded in town.portal.stream(request_id)]
    assert topics == ["submitted", "acknowledged", "exchange-sent", "exchange-read"]

    def letters() -> list[str]:
        query = "SELECT template FROM plain.outbox WHERE stream_id = %s ORDER BY version"
        with town.portal.connection() as connection:
            return [row["template"] for row in connection.execute(query, (request_id,))]

    wait_until(lambda: letters() == ["acknowledgement", "new_message"], "two mails")
