"""The access log: what the town's people open is written before they see it, and read by those who may (P15)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from espace_citoyen import files, jobs
from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.store.access_log import Access, append
from espace_citoyen.store.erasure import key_deletion
from people import MONDAY, Town
from things import Things, of_camille
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]


def lines(portal: Portal) -> list[dict[str, Any]]:
    with portal.connection() as connection:
        return connection.execute("SELECT * FROM plain.access_log ORDER BY access_id").fetchall()


def what(portal: Portal) -> list[str]:
    return [line["what"] for line in lines(portal)]


@pytest.fixture
def things(portal: Portal, town: Town, settings: Settings) -> Things:
    """A request of Camille's with everything in it."""
    found = of_camille(portal, town)
    found.put_file(portal, files.folder(settings.files_url))
    town.drain()
    return found


def test_every_tab_file_and_export_that_the_auditor_opens_is_a_line(
    portal: Portal, town: Town, signed_in: SignedIn, things: Things
) -> None:
    ines, address = signed_in("ines"), f"/audit/demandes/{things.reference}"
    for page in ("historique", "echanges?au=2099-01-01", f"pieces/fichiers/{things.file_id}", "export.json"):
        assert ines.get(f"{address}/{page}").status == 200
    assert what(portal) == ["historique", "echanges", "fichier", "export"]
    found = lines(portal)
    for line in found:
        assert (line["viewer_id"], line["capacity"], line["door"]) == (town.ines.id, "Auditrice", "audit")
        assert (line["request_id"], line["at"]) == (things.request_id, MONDAY)
    assert found[1]["as_of"] == datetime(2099, 1, 1, 22, 59, 59, 999999, tzinfo=UTC)
    assert [line["file_id"] for line in found] == [None, None, things.file_id, None]


def test_the_desk_s_readings_are_lines_and_the_citizen_s_are_not(
    portal: Portal, signed_in: SignedIn, things: Things
) -> None:
    assert signed_in("camille").get(f"/demandes/{things.reference}/historique").status == 200
    assert lines(portal) == []
    assert signed_in("dominique").get(f"/agents/demandes/{things.reference}/demandeur").status == 200
    assert [(line["door"], line["what"]) for line in lines(portal)] == [("staff", "demandeur")]


def test_what_somebody_may_not_see_is_no_reading(portal: Portal, signed_in: SignedIn, things: Things) -> None:
    assert signed_in("samir").get(f"/agents/demandes/{things.reference}/historique").status == 404
    assert signed_in("ines").get("/audit/demandes/7K3F-9QX2/historique").status == 404
    assert lines(portal) == []


def test_asking_for_the_headers_alone_reads_nothing(portal: Portal, signed_in: SignedIn, things: Things) -> None:
    address = f"/agents/demandes/{things.reference}/historique"
    assert signed_in("dominique").client.head(address).status_code == 200
    assert lines(portal) == []


def test_a_browser_that_asks_ahead_of_its_user_gets_nothing(
    portal: Portal, signed_in: SignedIn, things: Things
) -> None:
    dominique, address = signed_in("dominique"), f"/agents/demandes/{things.reference}/historique"
    ahead = dominique.get(address, headers={"Sec-Purpose": "prefetch;prerender"})
    assert ahead.status == 503
    assert things.reference not in ahead.words
    assert lines(portal) == []


def test_what_cannot_be_logged_is_not_shown(portal: Portal, signed_in: SignedIn, things: Things) -> None:
    dominique = signed_in("dominique")
    with portal.connect() as owner:
        owner.execute("ALTER TABLE plain.access_log ADD CONSTRAINT full_disk CHECK (false)")
    for page in ("historique", f"pieces/fichiers/{things.file_id}"):
        answer = dominique.get(f"/agents/demandes/{things.reference}/{page}")
        assert answer.status == 503
        assert "Rousseau" not in answer.words.replace("Camille Rousseau", "")


@pytest.mark.parametrize(
    ("username", "address"), [("ines", "/audit/consultations"), ("alex", "/agents/consultations")]
)
def test_the_journal_is_read_by_auditors_and_administrators(
    signed_in: SignedIn, things: Things, username: str, address: str
) -> None:
    empty = signed_in(username).get(address)
    assert "Aucune consultation" in empty.words
    signed_in("dominique").get(f"/agents/demandes/{things.reference}/echanges")
    page = signed_in(username).get(address)
    assert page.links["Consultations"] == address
    for said in (
        "Dominique Morel",
        "Officier d’état civil",
        things.reference,
        "« Échanges »",
        "espace des agents",
    ):
        assert said in page.words.replace("\N{NO-BREAK SPACE}", " "), said
    leads_there = f"/audit/demandes/{things.reference}/evenements" in page.links.values()
    assert leads_there == (username == "ines")


def test_the_journal_is_searched_by_reference_person_and_day(
    signed_in: SignedIn, town: Town, clock: Clock, things: Things
) -> None:
    other = town.files(town.nadia)
    assert town.samir
    town.drain()
    signed_in("dominique").get(f"/agents/demandes/{things.reference}/echanges")
    clock.passes(days=1)
    ines = signed_in("ines")
    ines.get(f"/audit/demandes/{other.reference}/historique")
    for query, expected in (
        ({}, 2),
        ({"reference": things.reference.lower()}, 1),
        ({"reference": other.reference}, 1),
        ({"who": "Dominique Morel, Officier d’état civil"}, 1),
        ({"who": "Samir Haddad, Responsable des inscriptions"}, 0),
        ({"day-jour": "2", "day-mois": "3", "day-annee": "2026"}, 1),
        ({"day-jour": "4", "day-mois": "3", "day-annee": "2026"}, 0),
    ):
        page = ines.get("/audit/consultations", query_string=query)
        assert page.status == 200
        assert page.text.count('data-label="Demande"') == expected, query
    assert "Aucune consultation trouvée" in page.words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"reference": "7K3F-9QX2"}, "Aucune demande ne porte cette référence."),
        ({"reference": "nothing"}, "Aucune demande ne porte cette référence."),
        ({"day-jour": "31", "day-mois": "2", "day-annee": "2026"}, "Écrivez un jour qui existe"),
        ({"day-jour": "31", "day-mois": "12", "day-annee": "9999"}, "Écrivez un jour qui existe"),
        ({"who": "Personne"}, "Choisissez une des réponses proposées."),
    ],
)
def test_a_search_that_makes_no_sense_is_said_beside_its_field(
    signed_in: SignedIn, query: dict[str, str], said: str
) -> None:
    page = signed_in("ines").get("/audit/consultations", query_string=query)
    assert page.status == 422
    assert said in page.words


def test_the_journal_is_turned_page_by_page_as_it_was_searched(
    portal: Portal, signed_in: SignedIn, town: Town, things: Things
) -> None:
    ines, viewer = signed_in("ines"), town.ines.id
    assert viewer
    with portal.connection() as connection:
        for number in range(60):
            access = Access(
                at=MONDAY - timedelta(hours=number),
                viewer_id=viewer,
                capacity="Auditrice",
                door="audit",
                request_id=things.request_id,
                what="historique",
            )
            append(connection, access)
    page = ines.get("/audit/consultations", query_string={"reference": things.reference})
    assert "60 consultations" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    following = ines.get(next(href for href in page.links.values() if "page=2" in href))
    assert following.text.count('data-label="Demande"') == 10
    assert "Cette page est vide" in ines.get("/audit/consultations?page=9").words


def test_after_an_erasure_the_lines_stay_under_the_reference(
    portal: Portal, town: Town, signed_in: SignedIn, things: Things
) -> None:
    signed_in("dominique").get(f"/agents/demandes/{things.reference}/echanges")
    request = portal.get(ServiceRequest, things.request_id)
    request.erase(at=town.at, actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])
    town.drain()
    page = signed_in("ines").get("/audit/consultations", query_string={"reference": things.reference})
    assert page.status == 200
    link = page.links[things.reference]
    assert signed_in("ines").get(urlsplit(link).path).status == 200


def test_a_line_is_kept_a_year(portal: Portal, signed_in: SignedIn, things: Things) -> None:
    signed_in("dominique").get(f"/agents/demandes/{things.reference}/echanges")
    sweep = next(job for job in jobs.TIMETABLE if job.name == "sweep-access-log")
    with portal.connection() as connection:
        assert sweep.run(portal, connection, at=MONDAY + timedelta(days=364)) == 0
        assert sweep.run(portal, connection, at=MONDAY + timedelta(days=367)) == 1
    assert lines(portal) == []
