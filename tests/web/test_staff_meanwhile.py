"""Two agents at one request: whoever comes second is told what happened, loses nothing, and decides knowing."""

from collections.abc import Callable

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from people import Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
MOTIVES = "La filiation n’est pas établie."


@pytest.fixture
def dominique(signed_in: SignedIn) -> Visitor:
    return signed_in("dominique")


@pytest.fixture
def maud(signed_in: SignedIn) -> Visitor:
    return signed_in("maud")


@pytest.fixture
def filed(town: Town, dominique: Visitor, maud: Visitor) -> Deposited:
    filed = town.files(town.camille)
    town.drain()
    return filed


@pytest.fixture
def taken(town: Town, filed: Deposited) -> Deposited:
    requests.take_up(town.portal, at=town.at, actor=town.dominique, request_id=filed.request_id)
    town.drain()
    return filed


def at(filed: Deposited, gesture: str) -> str:
    return f"/agents/demandes/{filed.reference}/{gesture}"


def test_whoever_decides_second_reads_what_happened_and_decides_again(
    portal: Portal, town: Town, dominique: Visitor, maud: Visitor, taken: Deposited
) -> None:
    for agent in (dominique, maud):
        agent.get(at(taken, "complement" if agent is maud else "decision"))
    assert maud.send(text="Il manque une copie.").status == 303
    late = dominique.send(outcome="Refuser", reasons=MOTIVES)
    assert late.status == 409
    for said in (
        "Quelqu’un d’autre a agi sur cette demande entre-temps.",
        "Depuis que vous avez ouvert cette page",
        "Maud Lenoir a demandé",
        "Responsable de l’état civil",
        "À compléter",
    ):
        assert said in late.words
    assert "a déposé la demande" not in late.words
    assert late.forms[-1].values["reasons"] == MOTIVES
    assert late.forms[-1].values["outcome"] == "Refuser"
    assert late.forms[-1].values["seen"] == str(len(portal.stream(taken.request_id)))
    assert dominique.send().status == 303
    decided = portal.stream(taken.request_id)[-1].event
    assert isinstance(decided, ServiceRequest.Decided)
    assert (decided.reasons, decided.actor_name) == (MOTIVES, "Dominique Morel")
    town.drain()
    assert "La décision est enregistrée." in dominique.follow().words


def test_what_was_decided_meanwhile_is_not_decided_again_and_the_text_stays(
    portal: Portal, dominique: Visitor, maud: Visitor, taken: Deposited
) -> None:
    for agent in (dominique, maud):
        agent.get(at(taken, "decision"))
    assert maud.send(outcome="Accepter").status == 303
    assert dominique.send(outcome="Refuser", reasons=MOTIVES).status == 409
    again = dominique.send()
    assert again.status == 409
    assert "La demande est « Acceptée »." in again.words
    assert again.forms[-1].values["reasons"] == MOTIVES
    assert dominique.get(at(taken, "decision")).forms[-1].values["reasons"] == MOTIVES
    assert len(portal.stream(taken.request_id)) == 4


@pytest.mark.parametrize(
    ("gesture", "fields"),
    [
        ("complement", {"text": "Il manque une copie."}),
        ("affectation", {"assignee": "Moi-même"}),
        ("transmission", {"department": "Éducation et petite enfance", "reasons": "À vous."}),
    ],
)
def test_every_gesture_that_decides_on_the_operations_compares(
    portal: Portal,
    town: Town,
    maud: Visitor,
    taken: Deposited,
    gesture: str,
    fields: dict[str, str],
) -> None:
    assert town.education
    town.drain()
    maud.get(at(taken, gesture))
    requests.add_note(
        portal, at=town.at, actor=town.dominique, request_id=taken.request_id, note_id=taken.request_id, text="Vu."
    )
    late = maud.send(**fields)
    assert late.status == 409
    assert "Dominique Morel" in late.words
    for name, text in fields.items():
        assert late.forms[-1].values[name] == text
    assert maud.send().status == 303


def test_two_managers_do_not_reopen_blindly(
    portal: Portal, town: Town, dominique: Visitor, maud: Visitor, taken: Deposited
) -> None:
    dominique.get(at(taken, "decision"))
    dominique.send(outcome="Accepter")
    maud.get(at(taken, "reouverture"))
    dominique.get(at(taken, "historique"))
    assert dominique.send("archivage").status == 303
    late = maud.send(reasons="Une erreur.")
    assert late.status == 409
    assert "Dominique Morel a archivé la demande" in late.words
    assert maud.send().status == 303
    assert isinstance(portal.stream(taken.request_id)[-1].event, ServiceRequest.Reopened)


def test_a_message_that_came_meanwhile_does_not_stop_a_decision(
    town: Town, dominique: Visitor, taken: Deposited
) -> None:
    dominique.get(at(taken, "decision"))
    town.writes(town.camille, taken.request_id)
    assert dominique.send(outcome="Accepter").status == 303


def test_whoever_takes_up_second_is_told_who_has_it_and_may_take_it_over(
    portal: Portal, town: Town, dominique: Visitor, maud: Visitor, filed: Deposited
) -> None:
    for agent in (dominique, maud):
        agent.get(at(filed, "historique"))
    assert dominique.send("prise-en-charge").status == 303
    late = maud.send("prise-en-charge")
    assert late.status == 409
    assert "Dominique Morel suit déjà cette demande." in late.words
    assert "Me la confier" in late.words
    over = maud.send("affectation", assignee="Moi-même")
    assert over.status == 303
    event = portal.stream(filed.request_id)[-1].event
    assert isinstance(event, ServiceRequest.Assigned)
    assert event.assignee_id == town.maud.id
    town.drain()
    assert "Vous suivez cette demande." in maud.follow().words


def test_whoever_takes_up_what_is_over_is_told_so(
    town: Town, dominique: Visitor, maud: Visitor, filed: Deposited
) -> None:
    maud.get(at(filed, "historique"))
    dominique.get(at(filed, "historique"))
    dominique.send("prise-en-charge")
    dominique.get(at(filed, "decision"))
    dominique.send(outcome="Accepter")
    late = maud.send("prise-en-charge")
    assert late.status == 409
    assert "Cette demande est décidée" in late.words


def test_what_was_passed_on_meanwhile_is_no_longer_found(
    portal: Portal, town: Town, dominique: Visitor, taken: Deposited
) -> None:
    dominique.get(at(taken, "decision"))
    requests.pass_on(
        portal,
        at=town.at,
        actor=town.maud,
        request_id=taken.request_id,
        department_id=town.education,
        reasons="À vous.",
    )
    position = portal.position()
    assert dominique.send(outcome="Accepter").status == 404
    assert portal.position() == position
