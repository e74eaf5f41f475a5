"""« Mon accueil », « Toutes mes demandes », « Échanges à lire »."""

from collections.abc import Callable
from datetime import timedelta

from people import MONDAY, Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]


def test_a_newcomer_s_home_says_how_to_begin(town: Town, signed_in: SignedIn) -> None:
    nadia = signed_in("nadia")
    assert town.birth_certificate
    town.drain()
    page = nadia.get("/espace")
    for words in (
        "Mon espace Nadia Benali",
        "Mon tableau de bord",
        "Dernières demandes",
        "Aucun nouveau message",
        "Aucun rendez-vous à venir",
    ):
        assert words in page.words
    assert page.links["Choisissez une démarche"] == page.links["Toutes les démarches"] == "/demarches"
    assert 'class="badge"' not in page.text


def test_the_last_four_requests_open_on_their_history(town: Town, signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    filed = [town.files(town.camille, at=MONDAY + timedelta(hours=hour)).reference for hour in range(5)]
    town.drain()
    links = camille.get("/espace").links
    shown = [text for text in links if text.startswith("Demande d’acte")]
    assert [text.split()[-1] for text in shown] == filed[:0:-1]
    assert [links[text] for text in shown] == [f"/demandes/{reference}/historique" for reference in filed[:0:-1]]
    assert links["Voir toutes mes demandes"] == "/espace/demandes"


def test_the_appointment_a_procedure_wants_is_to_be_made(town: Town, signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    reference = town.files(town.camille, town.wedding).reference
    town.drain()
    page = camille.get("/espace")
    assert f"À faire Prendre rendez-vous pour la demande {reference}" in page.words
    booking = page.links[f"Prendre rendez-vous pour la demande {reference}"]
    assert "Liste des rendez-vous disponibles" in camille.get(booking).words
    assert "Déposée À faire" in camille.get("/espace/demandes").words


def test_every_request_of_one_s_own_is_in_the_table(town: Town, signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    own = town.files(town.camille).reference
    other = town.files(town.nadia).reference
    town.drain()
    page = camille.get("/espace/demandes")
    assert page.links[f"Voir la demande {own}"] == f"/demandes/{own}/historique"
    assert all(title in page.words for title in ("Référence", "Démarche", "Déposée le", "État", "Détails"))
    assert other not in page.text


def test_an_empty_table_says_how_to_fill_it(signed_in: SignedIn) -> None:
    page = signed_in("nadia").get("/espace/demandes")
    assert page.links["Choisir une démarche"] == "/demarches"


def test_the_badge_counts_what_is_to_be_read_and_the_list_shows_it_under_its_request(
    town: Town, signed_in: SignedIn
) -> None:
    camille = signed_in("camille")
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id)
    town.writes(town.dominique, filed.request_id, "Et encore ceci.")
    town.writes(town.camille, filed.request_id, "Bonjour")
    town.drain()
    assert "Échanges à lire 2 à lire" in camille.get("/espace").words
    page = camille.get("/espace/echanges")
    assert page.words.count("Non lu") == 2
    assert "Dominique Morel , Officier d’état civil" in page.words
    assert page.links[f"Demande d’acte de naissance {filed.reference}"] == f"/demandes/{filed.reference}/echanges"


def test_nothing_to_read_is_said(signed_in: SignedIn) -> None:
    page = signed_in("nadia").get("/espace/echanges")
    assert "Vous avez tout lu" in page.words
    assert page.links["Voir toutes mes demandes"] == "/espace/demandes"
