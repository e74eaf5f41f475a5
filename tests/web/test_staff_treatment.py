"""« Traiter » at the desk: each gesture, who has it, what it records, and what the citizen sees of it."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.requests import Decision, ServiceRequest, Status
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from people import Town
from visitors import Clock, Page, Visitor

SignedIn = Callable[[str], Visitor]
PAGES = ("affectation", "complement", "decision", "notes")
MANAGERS_PAGES = ("transmission", "reouverture")
BUTTONS = ("prise-en-charge", "archivage")
TEXT = "Il manque la copie de l’acte."


@pytest.fixture
def dominique(signed_in: SignedIn) -> Visitor:
    return signed_in("dominique")


@pytest.fixture
def filed(town: Town, dominique: Visitor) -> Deposited:
    filed = town.files(town.camille)
    assert town.samir
    assert town.maud
    town.drain()
    return filed


@pytest.fixture
def taken(town: Town, filed: Deposited) -> Deposited:
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    town.drain()
    return filed


def decide(town: Town, filed: Deposited, outcome: Status = Status.ACCEPTED) -> None:
    ruling = Decision(decision_id=uuid4(), outcome=outcome, reasons="Parce que.")
    requests.decide(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id, decision=ruling)
    town.drain()


def at(filed: Deposited, gesture: str) -> str:
    return f"/agents/demandes/{filed.reference}/{gesture}"


def last(portal: Portal, filed: Deposited) -> tuple[type, str, str]:
    """What was recorded last about a request, signed by whom in which capacity."""
    said = portal.stream(filed.request_id)[-1].event
    return type(said), said.actor_name, said.actor_capacity


def gestures(page: Page) -> set[str]:
    """What the panel offers: the last word of each address it leads to."""
    forms = [form.action for form in page.forms if "/agents/demandes/" in form.action]
    return {href.rpartition("/")[2] for href in (*page.links.values(), *forms)} & {
        *PAGES,
        *MANAGERS_PAGES,
        *BUTTONS,
    }


def seen_by_camille(town: Town, signed_in: SignedIn, filed: Deposited, tab: str = "historique") -> str:
    town.drain()
    return signed_in("camille").get(f"/demandes/{filed.reference}/{tab}").words


SIGNED = ("Dominique Morel", "Officier d’état civil")


def test_the_panel_shows_what_the_state_and_the_rights_allow(
    town: Town, dominique: Visitor, signed_in: SignedIn, filed: Deposited
) -> None:
    history, maud = at(filed, "historique"), signed_in("maud")
    assert gestures(dominique.get(history)) == {"prise-en-charge", "affectation", "notes"}
    assert gestures(maud.get(history)) == {"prise-en-charge", "affectation", "notes", "transmission"}
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    town.drain()
    assert gestures(dominique.get(history)) == {"affectation", "notes", "complement", "decision"}
    assert "C’est vous qui suivez cette demande." in dominique.get(history).words
    assert "Me la confier" in maud.get(history).words
    decide(town, filed)
    assert gestures(dominique.get(history)) == {"archivage", "notes"}
    assert gestures(maud.get(history)) == {"archivage", "notes", "reouverture"}
    requests.archive_request(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    town.drain()
    assert gestures(dominique.get(history)) == {"notes"}
    assert gestures(maud.get(history)) == {"notes", "reouverture"}


def test_a_cancelled_request_can_only_be_noted_upon(town: Town, dominique: Visitor, filed: Deposited) -> None:
    requests.cancel_request(town.portal, at=town.at, actor=town.camille, request_id=filed.request_id)
    town.drain()
    page = dominique.get(at(filed, "historique"))
    assert gestures(page) == {"notes"}
    assert "Répondre" not in page.links


def test_nobody_but_the_desk_sees_the_panel(signed_in: SignedIn, filed: Deposited) -> None:
    for username, door in (("camille", ""), ("ines", "/audit")):
        page = signed_in(username).get(f"{door}/demandes/{filed.reference}/historique")
        assert page.status == 200
        assert "Prendre en charge" not in page.words
        assert gestures(page) == set()


def test_one_button_takes_a_request_up(
    portal: Portal, town: Town, dominique: Visitor, filed: Deposited, signed_in: SignedIn
) -> None:
    dominique.get(at(filed, "historique"))
    done = dominique.send("prise-en-charge")
    assert (done.status, done.location) == (303, at(filed, "demande"))
    assert last(portal, filed) == (ServiceRequest.TakenUp, *SIGNED)
    town.drain()
    assert "Vous suivez cette demande." in dominique.follow().words
    words = seen_by_camille(town, signed_in, filed)
    assert "Dominique Morel a pris la demande en charge" in words
    assert "En instruction" in words
    again = dominique.post(at(filed, "prise-en-charge"))
    assert again.status == 303
    assert len(portal.stream(filed.request_id)) == 3


def test_a_request_is_entrusted_to_a_colleague(
    portal: Portal, town: Town, dominique: Visitor, filed: Deposited, signed_in: SignedIn
) -> None:
    page = dominique.get(at(filed, "affectation"))
    assert "Maud Lenoir, Responsable de l’état civil" in page.words
    assert "Samir" not in page.words
    done = dominique.send(assignee="Maud Lenoir, Responsable de l’état civil")
    assert done.status == 303
    event = portal.stream(filed.request_id)[-1].event
    assert isinstance(event, ServiceRequest.Assigned)
    assert (event.assignee_id, event.actor_name) == (town.maud.id, "Dominique Morel")
    town.drain()
    assert "confiée à Maud Lenoir" in dominique.follow().words
    assert "Maud Lenoir" in seen_by_camille(town, signed_in, filed)
    assert filed.reference in signed_in("maud").get("/agents/?qui=moi").words
    assert filed.reference not in dominique.get("/agents/?qui=moi").words


def test_to_nobody_a_request_is_not_entrusted(portal: Portal, dominique: Visitor, filed: Deposited) -> None:
    dominique.get(at(filed, "affectation"))
    page = dominique.send()
    assert page.status == 422
    assert "Choisissez un agent de votre service." in page.words
    assert dominique.send(assignee="Samir Haddad, Responsable des inscriptions").status == 422
    assert len(portal.stream(filed.request_id)) == 2


def test_a_manager_passes_a_request_on(portal: Portal, town: Town, filed: Deposited, signed_in: SignedIn) -> None:
    maud = signed_in("maud")
    maud.get(at(filed, "transmission"))
    page = maud.send(department="Éducation et petite enfance")
    assert page.status == 422
    assert "Dites pourquoi au service qui reçoit la demande." in page.words
    done = maud.send(department="Éducation et petite enfance", reasons="C’est une inscription.")
    assert (done.status, done.location) == (303, "/agents/")
    assert last(portal, filed) == (ServiceRequest.PassedOn, "Maud Lenoir", "Responsable de l’état civil")
    town.drain()
    assert filed.reference not in maud.follow().words
    assert maud.get(at(filed, "historique")).status == 404
    assert filed.reference in signed_in("samir").get("/agents/").words
    words = seen_by_camille(town, signed_in, filed)
    assert "Éducation et petite enfance" in words


def test_a_complement_is_asked_for(
    portal: Portal, town: Town, dominique: Visitor, taken: Deposited, signed_in: SignedIn, clock: Clock
) -> None:
    page = dominique.get(at(taken, "complement"))
    assert "signé « Dominique Morel, Officier d’état civil »" in page.words
    assert page.forms[-1].values["due_on-jour"] == "17"
    refused = dominique.send(missing="Copie\nPhotographie", **{"due_on-mois": "13"})
    assert refused.status == 422
    assert "Dites ce qu’il faut compléter ou corriger." in refused.words
    assert "Écrivez un jour qui existe" in refused.words
    assert refused.forms[-1].values["missing"] == "Copie\nPhotographie"
    done = dominique.send(text=TEXT, **{"due_on-mois": "3"})
    assert done.status == 303
    event = portal.stream(taken.request_id)[-1].event
    assert isinstance(event, ServiceRequest.CorrectionRequested)
    assert (event.text, list(event.missing)) == (TEXT, ["Copie", "Photographie"])
    assert f"{event.due_on}" == "2026-03-17"
    words = seen_by_camille(town, signed_in, taken)
    for said in ("À faire", TEXT, "Photographie", "mardi 17 mars 2026", "Dominique Morel, Officier d’état civil"):
        assert said in words
    queue = dominique.get("/agents/?etat=a-completer")
    assert taken.reference in queue.words
    assert "jusqu’au 17 mars 2026" in queue.words
    clock.passes(days=16)
    assert "délai passé le 17 mars 2026" in signed_in("dominique").get("/agents/").words


def test_a_day_gone_by_is_refused_beside_its_field(dominique: Visitor, taken: Deposited) -> None:
    dominique.get(at(taken, "complement"))
    page = dominique.send(text=TEXT, **{"due_on-annee": "2025"})
    assert page.status == 422
    assert "Choisissez un jour à venir." in page.words
    assert page.forms[-1].values["text"] == TEXT


@pytest.mark.parametrize(
    ("choice", "status"),
    [("Accepter", "Acceptée"), ("Refuser", "Refusée"), ("Classer sans suite", "Classée sans suite")],
)
def test_a_request_is_decided(
    portal: Portal,
    town: Town,
    dominique: Visitor,
    taken: Deposited,
    signed_in: SignedIn,
    choice: str,
    status: str,
) -> None:
    dominique.get(at(taken, "decision"))
    done = dominique.send(outcome=choice, reasons="La pièce est conforme.")
    assert (done.status, done.location) == (303, at(taken, "historique"))
    assert last(portal, taken) == (ServiceRequest.Decided, *SIGNED)
    words = seen_by_camille(town, signed_in, taken, "demande")
    for said in (status, "La pièce est conforme.", "Dominique Morel"):
        assert said in words


def test_a_refusal_without_reasons_is_drawn_again(portal: Portal, dominique: Visitor, taken: Deposited) -> None:
    dominique.get(at(taken, "decision"))
    assert dominique.send().status == 422
    page = dominique.send(outcome="Refuser")
    assert page.status == 422
    assert "Donnez les motifs" in page.words
    assert page.forms[-1].values["outcome"] == "Refuser"
    assert len(portal.stream(taken.request_id)) == 3


def test_pressing_twice_is_one_decision(portal: Portal, dominique: Visitor, taken: Deposited) -> None:
    page = dominique.get(at(taken, "decision"))
    sent = page.forms[-1].values | {"outcome": "Accepter"}
    assert dominique.post(at(taken, "decision"), **sent, _token=False).status == 303
    assert dominique.post(at(taken, "decision"), **sent, _token=False).status == 303
    assert len(portal.stream(taken.request_id)) == 4


@pytest.mark.parametrize("gesture", ["decision", "complement"])
def test_what_cannot_be_done_yet_says_what_comes_first(dominique: Visitor, filed: Deposited, gesture: str) -> None:
    page = dominique.get(at(filed, gesture))
    assert page.status == 200
    assert "Prenez-la d’abord en charge." in page.words
    assert page.forms[-1].action == at(filed, "prise-en-charge")
    refused = dominique.post(at(filed, gesture), text=TEXT, outcome="Accepter", seen="99")
    assert refused.status == 409
    assert "Prenez d’abord la demande en charge." in refused.words


def test_a_decided_request_is_archived_and_reopened_by_a_manager(
    portal: Portal, town: Town, dominique: Visitor, taken: Deposited, signed_in: SignedIn
) -> None:
    decide(town, taken, Status.REFUSED)
    dominique.get(at(taken, "historique"))
    assert dominique.send("archivage").location == "/agents/"
    assert last(portal, taken) == (ServiceRequest.Archived, *SIGNED)
    town.drain()
    assert taken.reference not in dominique.get("/agents/").links
    assert taken.reference in dominique.get("/agents/archives").links
    maud = signed_in("maud")
    maud.get(at(taken, "reouverture"))
    assert "Dites pourquoi la demande est rouverte." in maud.send().words
    assert maud.send(reasons="Une pièce est arrivée.").status == 303
    assert last(portal, taken)[:2] == (ServiceRequest.Reopened, "Maud Lenoir")
    words = seen_by_camille(town, signed_in, taken)
    assert "Maud Lenoir a rouvert la demande" in words
    assert "En instruction" in words
    assert taken.reference in dominique.get("/agents/").links


def test_a_request_that_is_not_decided_is_not_archived(dominique: Visitor, taken: Deposited) -> None:
    dominique.get(at(taken, "historique"))
    page = dominique.post(at(taken, "archivage"))
    assert page.status == 409
    assert "Décidez d’abord" in page.words


def test_notes_are_for_the_desk_and_for_auditors_alone(
    portal: Portal, town: Town, dominique: Visitor, filed: Deposited, signed_in: SignedIn
) -> None:
    assert "Aucune note" in dominique.get(at(filed, "notes")).words
    assert "Écrivez votre note." in dominique.send().words
    done = dominique.send(text="Vue au guichet, pièce d’identité vérifiée.")
    assert (done.status, done.location) == (303, at(filed, "notes"))
    assert last(portal, filed) == (ServiceRequest.NoteAdded, *SIGNED)
    town.drain()
    for said in ("Vue au guichet", "Dominique Morel", "Officier d’état civil", "lundi 2 mars 2026"):
        assert said in dominique.get(at(filed, "notes")).words
    assert "Vue au guichet" in signed_in("maud").get(at(filed, "historique")).words
    assert "Vue au guichet" in signed_in("ines").get(f"/audit/demandes/{filed.reference}/historique").words
    camille = signed_in("camille")
    for tab in ("demandeur", "demande", "historique", "echanges", "pieces"):
        words = camille.get(f"/demandes/{filed.reference}/{tab}").words
        assert "guichet, pièce" not in words
        assert "noté" not in words


@pytest.mark.parametrize("page", [*PAGES, *MANAGERS_PAGES, *BUTTONS])
@pytest.mark.parametrize("username", ["samir", "alex", "ines", "camille"])
def test_nobody_else_has_these_gestures(
    portal: Portal, signed_in: SignedIn, taken: Deposited, username: str, page: str
) -> None:
    somebody, position = signed_in(username), portal.position()
    if page not in BUTTONS:
        assert somebody.get(at(taken, page)).status == 404
    somebody.get("/reference")
    assert somebody.post(at(taken, page), text=TEXT, reasons=TEXT, outcome="Accepter", seen="99").status == 404
    assert portal.position() == position


@pytest.mark.parametrize("page", MANAGERS_PAGES)
def test_an_agent_does_not_do_what_is_a_manager_s(
    portal: Portal, dominique: Visitor, taken: Deposited, page: str
) -> None:
    position = portal.position()
    assert dominique.get(at(taken, page)).status == 404
    dominique.get("/reference")
    assert dominique.post(at(taken, page), reasons=TEXT, seen="99").status == 404
    assert portal.position() == position
