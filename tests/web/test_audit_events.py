"""« Événements »: every event of a request with its envelope, its facts in words, its seal; the same as JSON."""

import json
from collections.abc import Callable
from datetime import UTC

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.projections import audit
from espace_citoyen.store import seal
from espace_citoyen.store.erasure import key_deletion
from people import Town
from visitors import Page, Visitor

SignedIn = Callable[[str], Visitor]
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def ines(signed_in: SignedIn) -> Visitor:
    return signed_in("ines")


@pytest.fixture
def filed(town: Town, ines: Visitor) -> Deposited:
    """A request with a message, a private note, and an agent."""
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id, "Est-ce long ?")
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    town.drain()
    return filed


def events(ines: Visitor, filed: Deposited, query: str = "") -> Page:
    return ines.get(f"/audit/demandes/{filed.reference}/evenements{query}")


def export(ines: Visitor, filed: Deposited, query: str = "") -> Page:
    return ines.get(f"/audit/demandes/{filed.reference}/export.json{query}")


def seal_all(portal: Portal) -> None:
    with portal.connect() as connection:
        while seal.extend(connection):
            pass


def test_every_event_tells_who_did_what_when_how_and_to_whom_it_is_shown(
    portal: Portal, ines: Visitor, filed: Deposited
) -> None:
    words = events(ines, filed).words.replace(NBSP, " ")
    for said in (
        "Camille Rousseau a déposé la demande",
        "Dominique Morel a pris la demande en charge",
        "agent, Officier d’état civil",
        "site internet",
        "lundi 2 mars 2026 à 10 h 00",
        "enregistré le",
        "lisible par : usager, services, audit",
        "réponses, Nom de naissance Rousseau",
        "texte Est-ce long ?",
        "service État civil",
        "démarche Demande d’acte de naissance",
        "4 événements, du premier au dernier",
    ):
        assert said in words, said
    for recorded in portal.stream(filed.request_id):
        assert f"{recorded.version} position {recorded.position}" in words


def test_the_seal_says_how_far_it_goes_and_under_which_fingerprint(
    portal: Portal, town: Town, ines: Visitor, filed: Deposited
) -> None:
    assert "Pas encore scellée." in events(ines, filed).words
    seal_all(portal)
    sealed = events(ines, filed).words.replace(NBSP, " ")
    assert "Scellée jusqu’à l’événement 4, vérifiée à l’instant : rien n’a été réécrit." in sealed
    assert "pas encore scellé" not in sealed
    town.writes(town.camille, filed.request_id)
    later = events(ines, filed).words.replace(NBSP, " ")
    assert "1 événement récent n’est pas encore scellé" in later
    assert sealed.split("Empreinte : ")[1][:64] == later.split("Empreinte : ")[1][:64]


def test_a_rewritten_event_is_told_on_the_page(portal: Portal, ines: Visitor, filed: Deposited) -> None:
    seal_all(portal)
    with portal.connect() as owner:
        owner.execute(
            "UPDATE log.portal_events SET recorded_at = recorded_at - interval '1 day'"
            " WHERE originator_id = %s AND originator_version = 3",
            (filed.request_id,),
        )
    words = events(ines, filed).words.replace(NBSP, " ")
    assert "Le sceau de cette demande est rompu." in words
    assert "Événement 3" in words
    assert "l’événement n’est plus celui qui a été scellé" in words


def test_a_thousand_events_are_turned_page_by_page(town: Town, ines: Visitor, filed: Deposited) -> None:
    for number in range(100):
        town.writes(town.camille, filed.request_id, f"Message {number}")
    first, second = events(ines, filed), events(ines, filed, "?page=2")
    assert first.text.count('<tr class="govuk-table__row" id=') == 100
    assert second.text.count('<tr class="govuk-table__row" id=') == 4
    assert "Message 99" in second.words
    assert "Suivante" in first.text
    assert events(ines, filed, "?page=9").words == second.words


def test_the_export_holds_the_very_objects_of_the_command(portal: Portal, ines: Visitor, filed: Deposited) -> None:
    page = export(ines, filed)
    assert page.response.mimetype == "application/json"
    assert page.response.headers["Content-Disposition"] == f'attachment; filename="demande-{filed.reference}.json"'
    entries = audit.history(portal.stream(filed.request_id))
    assert page.text == audit.as_json([entry.told() for entry in entries], indent=2) + "\n"
    assert [each["version"] for each in json.loads(page.text)] == [1, 2, 3, 4]


def test_events_and_export_are_of_the_date_asked_for(portal: Portal, ines: Visitor, filed: Deposited) -> None:
    then = portal.stream(filed.request_id)[2].recorded_at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    page = events(ines, filed, f"?au={then}")
    assert "3 événements" in page.words.replace(NBSP, " ")
    assert f"au={then.replace(':', '%3A')}" in page.links["Télécharger les événements (JSON)"].replace(":", "%3A")
    found = json.loads(ines.get(page.links["Télécharger les événements (JSON)"]).text)
    assert [each["version"] for each in found] == [1, 2, 3]
    assert events(ines, filed, "?au=2020-01-01").status == 404
    assert export(ines, filed, "?au=2020-01-01").status == 404


def test_an_erased_request_keeps_its_envelopes_its_seal_and_its_export(
    portal: Portal, town: Town, ines: Visitor, filed: Deposited
) -> None:
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=town.at, actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])
    town.drain()
    seal_all(portal)
    words = events(ines, filed).words.replace(NBSP, " ")
    assert "Scellée jusqu’à l’événement 5" in words
    assert "nom effacé" in words
    found = json.loads(export(ines, filed).text)
    assert len(found) == 5
    assert all(each["erased"] for each in found[:4])
    assert found[4]["facts"]["visa"] == "2026-12"
    assert ines.get(f"/audit/demandes/{filed.reference}").location.endswith("/evenements")


@pytest.mark.parametrize("reference", ["7K3F-9QX2", "nothing"])
def test_a_reference_that_nothing_bears_has_no_events(ines: Visitor, reference: str) -> None:
    for page in ("evenements", "export.json", "moment", "historique"):
        assert ines.get(f"/audit/demandes/{reference}/{page}").status == 404
