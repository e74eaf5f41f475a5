"""« Suivi de la demande » as the applicant sees it, and as others do not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.store.erasure import key_deletion
from people import MONDAY, Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
TABS = ("demandeur", "demande", "historique", "echanges")


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    """A request of Camille's, read model and all."""
    filed = town.files(town.camille)
    town.drain()
    return filed


def test_a_request_opens_on_its_history(camille: Visitor, filed: Deposited) -> None:
    assert camille.get(f"/demandes/{filed.reference}").location == f"/demandes/{filed.reference}/historique"


@pytest.mark.parametrize("typed", [str.lower, lambda shown: shown.replace("-", "")])
def test_a_reference_may_be_typed_as_it_comes(
    camille: Visitor, filed: Deposited, typed: Callable[[str], str]
) -> None:
    assert camille.get(f"/demandes/{typed(filed.reference)}/historique").status == 200


def test_every_tab_is_an_address(camille: Visitor, filed: Deposited) -> None:
    links = camille.get(f"/demandes/{filed.reference}/historique").links
    for tab, name in zip(TABS, ("Le demandeur", "La demande", "Historique", "Échanges"), strict=True):
        assert links[name] == f"/demandes/{filed.reference}/{tab}"
        page = camille.get(links[name])
        assert page.status == 200
        assert page.title.startswith(f"{name} – demande {filed.reference}")
        assert page.text.count('aria-current="page">' + name) == 1


def test_who_asks_and_what_is_asked(camille: Visitor, filed: Deposited) -> None:
    applicant = camille.get(f"/demandes/{filed.reference}/demandeur").words
    for words in ("Prénom Camille", "Commune Valombre", "Courriel camille@exemple.invalid", "préféré Courriel"):
        assert words in applicant
    assert "Autre téléphone Non renseigné" in applicant
    asked = camille.get(f"/demandes/{filed.reference}/demande").words
    for words in (
        f"Référence {filed.reference}",
        "Service État civil",
        "Nom de naissance Rousseau",
        "État Déposée",
    ):
        assert words in asked


def test_the_history_tells_events_in_order_with_their_kind(town: Town, camille: Visitor, filed: Deposited) -> None:
    written = town.writes(town.dominique, filed.request_id, at=MONDAY + timedelta(hours=2))
    town.reads(town.camille, filed.request_id, written, at=MONDAY + timedelta(days=1))
    page = camille.get(f"/demandes/{filed.reference}/historique")
    said = (
        "Camille Rousseau a déposé la demande Opération · lundi 2 mars 2026 à 10 h",
        "Espace citoyen a établi l’accusé de réception Opération · lundi 2 mars 2026 à 10 h",
        "Dominique Morel a envoyé un message Échange · Officier d’état civil · lundi 2 mars 2026 à 12 h",
        "Camille Rousseau a lu un message Échange · mardi 3 mars 2026 à 10 h",
    )
    places = [page.words.index(each) for each in said]
    assert places == sorted(places)
    for kind in ("operation", "attachment", "exchange", "appointment"):
        assert page.text.count(f'id="icon-{kind}"') == 1
    assert 'datetime="2026-03-02T11:00:00Z"' in page.text


def test_a_tab_that_a_request_does_not_have_is_not_found(town: Town, camille: Visitor) -> None:
    filed = town.files(town.camille, town.family_book)
    town.drain()
    page = camille.get(f"/demandes/{filed.reference}/historique")
    assert "Échanges" not in page.links
    for tab in ("echanges", "rendez-vous", "nothing"):
        assert camille.get(f"/demandes/{filed.reference}/{tab}").status == 404, tab
    camille.get(f"/demandes/{filed.reference}/historique")
    assert camille.post(f"/demandes/{filed.reference}/echanges", text="Bonjour").status == 404


def test_whoever_has_filed_is_led_to_their_appointment(town: Town, camille: Visitor, filed: Deposited) -> None:
    said = "choisissez le jour et l’heure"
    assert said not in camille.get(f"/demandes/{filed.reference}/deposee").links
    for procedure, words in (
        (town.passport, "Un rendez-vous est possible"),
        (town.wedding, "demande un rendez-vous"),
    ):
        reference = town.files(town.camille, procedure).reference
        page = camille.get(f"/demandes/{reference}/deposee")
        assert words in page.words
        assert page.links[said] == f"/demandes/{reference}/rendez-vous/nouveau"


@pytest.mark.parametrize("page", ["", *(f"/{tab}" for tab in TABS), "/deposee"])
def test_somebody_else_s_request_is_not_found(signed_in: SignedIn, filed: Deposited, page: str) -> None:
    nadia = signed_in("nadia")
    answer = nadia.get(f"/demandes/{filed.reference}{page}")
    assert answer.status == 404
    assert filed.reference not in answer.words
    assert nadia.get(f"/demandes/7K3F-9QX2{page}").words == answer.words


def test_a_tab_shown_before_the_read_model_has_it_is_still_one_s_own(
    town: Town, camille: Visitor, signed_in: SignedIn
) -> None:
    filed = town.files(town.camille)
    nadia = signed_in("nadia")
    for tab in TABS:
        assert camille.get(f"/demandes/{filed.reference}/{tab}").status == 200
        assert nadia.get(f"/demandes/{filed.reference}/{tab}").status == 404


@pytest.mark.parametrize("drained", [True, False])
def test_an_erased_request_is_gone_for_good(
    portal: Portal, town: Town, camille: Visitor, signed_in: SignedIn, filed: Deposited, *, drained: bool
) -> None:
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=town.at, actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])
    if drained:
        town.drain()
    for tab in TABS:
        page = camille.get(f"/demandes/{filed.reference}/{tab}")
        assert (page.status, page.headings) == (410, ["Informations effacées"]), tab
    assert signed_in("dominique").get(f"/agents/demandes/{filed.reference}/historique").status == 410
    if drained:
        assert signed_in("samir").get(f"/agents/demandes/{filed.reference}/historique").status == 404
