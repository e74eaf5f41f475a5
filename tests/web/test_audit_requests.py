"""Every request as the auditor reads it."""

from collections.abc import Callable

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.store.erasure import key_deletion
from people import Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
TABS = ("demandeur", "demande", "historique", "echanges")


@pytest.fixture
def ines(signed_in: SignedIn) -> Visitor:
    return signed_in("ines")


@pytest.fixture
def filed(town: Town, ines: Visitor) -> Deposited:
    """A request of Camille's with a message each way, unread."""
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id, "Bonjour, une question.")
    town.writes(town.dominique, filed.request_id, "Bonjour, une réponse.")
    town.drain()
    return filed


def test_a_reference_leads_to_its_history(ines: Visitor, filed: Deposited) -> None:
    page = ines.get("/audit/")
    assert page.forms[-1].values == {"reference": ""}
    assert "Audit" in page.links
    found = ines.get("/audit/", query_string={"reference": filed.reference.lower().replace("-", " ")})
    assert found.location == f"/audit/demandes/{filed.reference}/historique"
    assert ines.get(f"/audit/demandes/{filed.reference}").location == found.location


@pytest.mark.parametrize("typed", ["7K3F-9QX2", "nothing", "<b>"])
def test_an_unknown_reference_is_said_beside_the_field(ines: Visitor, typed: str) -> None:
    page = ines.get("/audit/", query_string={"reference": typed})
    assert page.status == 404
    assert "Aucune demande ne porte cette référence" in page.words
    assert page.forms[-1].values == {"reference": typed}


def test_the_auditor_reads_every_tab_and_every_word_and_presses_nothing(
    portal: Portal, ines: Visitor, filed: Deposited
) -> None:
    position = portal.position()
    for tab in TABS:
        page = ines.get(f"/audit/demandes/{filed.reference}/{tab}")
        assert page.status == 200
        assert [form.action for form in page.forms if form.method == "post"] == ["/deconnexion"]
    for words in ("Bonjour, une question.", "Bonjour, une réponse.", "Non lu", "Officier d’état civil"):
        assert words in page.words
    assert "Voir la suite" not in page.text
    assert portal.position() == position


def test_an_auditor_reads_what_is_not_projected_yet(town: Town, ines: Visitor) -> None:
    assert ines.get(f"/audit/demandes/{town.files(town.nadia).reference}/historique").status == 200


def test_a_request_without_messages_says_so(town: Town, ines: Visitor) -> None:
    filed = town.files(town.nadia)
    assert "Aucun message" in ines.get(f"/audit/demandes/{filed.reference}/echanges").words


def test_of_an_erased_request_the_auditor_still_reads_the_envelopes(
    portal: Portal, town: Town, ines: Visitor, filed: Deposited
) -> None:
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=town.at, actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])
    town.drain()
    page = ines.get(f"/audit/demandes/{filed.reference}/historique")
    assert page.status == 410
    left = f"/audit/demandes/{filed.reference}/evenements"
    assert page.links["Lire les événements qui restent"] == left
    assert ines.get("/audit/", query_string={"reference": filed.reference}).location == left
    page = ines.get(left)
    assert page.status == 200
    assert "Un usager a envoyé un message" in page.words
    assert "la personne concernée l’a demandé" in page.words
    assert "2026-12" in page.words
    assert "Contenu effacé" in page.words
    assert "Camille" not in page.words
    assert "question" not in page.words
