"""« À faire » and « Renvoyer »: what the town asks to complete, and what comes back (P03)."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest, Status
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from people import MONDAY, Town
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]
MISSING = ("l’avis d’imposition de l’année", "une photographie d’identité")
TABS = ("demandeur", "demande", "historique", "echanges", "pieces", "rendez-vous")


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    """A passport of Camille's that Dominique looks after."""
    filed = town.files(town.camille, town.passport)
    town.takes_up(town.dominique, filed.request_id)
    town.drain()
    return filed


@pytest.fixture
def asked(town: Town, filed: Deposited) -> UUID:
    """Dominique asked Camille to complete it within a fortnight."""
    text = "Deux documents manquent, et le nom paraît mal écrit."
    correction = town.asks(town.dominique, filed.request_id, text, missing=MISSING, due_on=date(2026, 3, 16))
    town.drain()
    return correction


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("tab", TABS)
def test_what_is_asked_stands_on_every_tab_with_one_way_to_answer(
    camille: Visitor, filed: Deposited, tab: str
) -> None:
    page = camille.get(f"/demandes/{filed.reference}/{tab}")
    for words in (
        "À faire : compléter votre demande",
        "Deux documents manquent, et le nom paraît mal écrit.",
        *MISSING,
        "À renvoyer jusqu’au lundi 16 mars 2026 inclus",
        "Demandé par Dominique Morel, Officier d’état civil, le",
        "À compléter",
    ):
        assert words in page.words, words
    assert page.links["Renvoyer"] == f"/demandes/{filed.reference}/complement"
    assert page.text.count(">Renvoyer<") == 1


@pytest.mark.usefixtures("asked")
def test_it_stands_on_the_home_page_and_in_the_table_too(camille: Visitor, filed: Deposited) -> None:
    home = camille.get("/espace")
    assert "À faire Compléter la demande" in home.words
    assert "jusqu’au lundi 16 mars 2026 inclus" in home.words
    assert home.links[f"Compléter la demande {filed.reference}"] == f"/demandes/{filed.reference}/complement"
    assert "À compléter À faire jusqu’au 16 mars 2026" in camille.get("/espace/demandes").words


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("username", ["dominique", "ines"])
def test_the_town_and_auditors_see_that_it_waits_and_cannot_answer(
    signed_in: SignedIn, town: Town, filed: Deposited, username: str
) -> None:
    somebody = signed_in(username)
    town.drain()
    door = "agents" if username == "dominique" else "audit"
    page = somebody.get(f"/{door}/demandes/{filed.reference}/historique")
    assert "En attente de l’usager. Dominique Morel lui a demandé de compléter la demande" in page.words
    assert "Renvoyer" not in page.links
    assert somebody.get(f"/demandes/{filed.reference}/complement").status == 404
    somebody.get("/reference")
    assert somebody.post(f"/demandes/{filed.reference}/complement").status == 404


def test_the_page_of_the_correction_has_the_present_answers(
    camille: Visitor, filed: Deposited, asked: UUID
) -> None:
    page = camille.get(f"/demandes/{filed.reference}/complement")
    assert page.headings == ["Compléter ma demande"]
    assert page.forms[-1].values["question-nom"] == "Rousseau"
    assert page.forms[-1].values["id"] == str(asked)
    assert "Renvoyer" not in page.links
    assert page.links["Pièces jointes"] == f"/demandes/{filed.reference}/pieces"


def test_what_is_sent_back_is_recorded_and_the_town_sees_it(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, asked: UUID, signed_in: SignedIn
) -> None:
    camille.get(f"/demandes/{filed.reference}/complement")
    sent = camille.send(**{"question-nom": "Rousseau-Martin", "text": "Les documents sont joints."})
    assert (sent.status, sent.location) == (303, f"/demandes/{filed.reference}/demande")
    said = portal.stream(filed.request_id)[-1].event
    assert isinstance(said, ServiceRequest.CorrectionSentBack)
    assert (said.correction_id, said.answers, said.text) == (
        asked,
        {"nom": "Rousseau-Martin"},
        "Les documents sont joints.",
    )
    town.drain()
    page = camille.follow()
    assert "Votre demande est renvoyée au service" in page.words
    assert "À faire" not in page.words
    assert "À faire" not in camille.get("/espace").words
    desk = signed_in("dominique").get(f"/agents/demandes/{filed.reference}/demande").words
    assert "Nom de naissance Rousseau-Martin" in desk
    assert "Les documents sont joints." in desk
    assert "Renvoyée par Camille Rousseau" in desk
    assert "Nom de naissance : Rousseau-Martin (auparavant : Rousseau)" in desk


@pytest.mark.usefixtures("asked")
def test_a_refused_answer_stands_beside_its_field_and_nothing_is_lost(
    portal: Portal, camille: Visitor, filed: Deposited
) -> None:
    address = f"/demandes/{filed.reference}/complement"
    camille.get(address)
    before = portal.position()
    page = camille.send(**{"question-nom": " ", "text": "Un mot écrit avec soin."})
    assert page.status == 422
    assert page.title.startswith("Erreur\N{NO-BREAK SPACE}: ")
    assert "Répondez à la question" in page.words
    assert 'href="#question-nom"' in page.text
    assert page.forms[-1].values["text"] == "Un mot écrit avec soin."
    assert portal.position() == before
    assert camille.get(address).forms[-1].values["text"] == "Un mot écrit avec soin."


@pytest.mark.usefixtures("asked")
def test_sent_twice_it_is_sent_once(portal: Portal, camille: Visitor, filed: Deposited) -> None:
    form = camille.get(f"/demandes/{filed.reference}/complement").forms[-1]
    camille.send()
    position = portal.position()
    assert camille.post(form.action, _token=False, **form.values).status == 303
    assert portal.position() == position


@pytest.mark.usefixtures("asked")
def test_a_correction_asked_anew_meanwhile_is_shown_before_anything_goes(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited
) -> None:
    form = camille.get(f"/demandes/{filed.reference}/complement").forms[-1]
    camille.send()
    other = town.asks(town.dominique, filed.request_id, "Il reste la photographie.")
    before = portal.position()
    page = camille.post(form.action, _token=False, **form.values | {"id": str(UUID(int=7)), "text": "Voici."})
    assert page.status == 409
    assert "La mairie vient de demander autre chose" in page.words
    assert "Il reste la photographie." in page.words
    assert page.forms[-1].values["text"] == "Voici."
    assert page.forms[-1].values["id"] == str(other)
    assert portal.position() == before


@pytest.mark.usefixtures("asked")
def test_what_is_no_longer_asked_is_not_sent_back(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited
) -> None:
    camille.get(f"/demandes/{filed.reference}/complement")
    town.decides(town.dominique, filed.request_id)
    before = portal.position()
    page = camille.send(text="Voici.")
    assert page.status == 409
    assert "La mairie ne vous demande plus de compléter cette demande" in page.words
    assert portal.position() == before
    assert camille.get(f"/demandes/{filed.reference}/complement").location.endswith("/demande")


@pytest.mark.usefixtures("asked")
def test_a_day_gone_by_is_said(camille: Visitor, filed: Deposited, clock: Clock, signed_in: SignedIn) -> None:
    clock.passes(days=15)
    words = signed_in("camille").get(f"/demandes/{filed.reference}/historique").words
    assert "Le délai est passé depuis le lundi 16 mars 2026 : renvoyez votre demande au plus vite" in words


@pytest.mark.usefixtures("asked")
def test_somebody_else_s_correction_is_not_found(
    portal: Portal, signed_in: SignedIn, town: Town, filed: Deposited
) -> None:
    nadia = signed_in("nadia")
    position = town.drain()
    assert nadia.get(f"/demandes/{filed.reference}/complement").status == 404
    nadia.get("/reference")
    assert nadia.post(f"/demandes/{filed.reference}/complement", text="Bonjour").status == 404
    assert portal.position() == position


def test_a_decision_stays_whole_when_the_request_is_reopened(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited
) -> None:
    town.decides(town.dominique, filed.request_id, Status.REFUSED, "Le dossier est hors délai.")
    page = camille.get(f"/demandes/{filed.reference}/demande")
    assert "Décision : refusée Le dossier est hors délai. Dominique Morel, Officier d’état civil, le" in page.words
    assert "Demande rouverte depuis" not in page.words
    requests.reopen(
        portal,
        at=MONDAY + timedelta(days=1),
        actor=town.maud,
        request_id=filed.request_id,
        reasons="Un document a été retrouvé.",
    )
    town.takes_up(town.dominique, filed.request_id)
    town.decides(town.dominique, filed.request_id, Status.ACCEPTED, at=MONDAY + timedelta(days=2))
    words = camille.get(f"/demandes/{filed.reference}/demande").words
    assert words.index("Décision : acceptée") < words.index("Décision précédente : refusée")
    for said in ("Le dossier est hors délai.", "Un document a été retrouvé.", "Maud Lenoir"):
        assert said in words
    history = camille.get(f"/demandes/{filed.reference}/historique")
    assert "Décision du 4 mars 2026 : acceptée" in history.words
    former = history.links["Lire la décision du 2 mars 2026"]
    assert former == f"/demandes/{filed.reference}/demande#decision-1"
    assert 'id="decision-1"' in camille.get(former).text
