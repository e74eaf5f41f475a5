"""The administrator's erasures: what would go is shown, confirmed, done by the worker, and gone for everyone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.cli.operator import operator
from espace_citoyen.commands import erasure, requests
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.store import seal
from espace_citoyen.store.erasure import Register
from espace_citoyen.worker.eraser import Eraser
from people import Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
PAGE = "/agents/effacements"
MOTIVE = {"reason": "La personne concernée l’a demandé (RGPD, article 17)", "visa": "DPO-2026-014"}


@pytest.fixture
def alex(signed_in: SignedIn) -> Visitor:
    return signed_in("alex")


@pytest.fixture
def filed(town: Town, alex: Visitor) -> Deposited:
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id)
    assert town.dominique
    town.drain()
    return filed


def work(portal: Portal, folder: Path) -> None:
    """What the worker does."""
    with portal.connect() as connection:
        Eraser(portal, Register.below(folder), Event()).erase_ordered(connection)


def test_the_register_is_empty_at_first(alex: Visitor) -> None:
    page = alex.get(PAGE)
    assert "Rien n’a été effacé" in page.words
    assert page.links["Effacements"] == PAGE


def test_an_erasure_is_shown_confirmed_done_and_registered(
    portal: Portal, town: Town, alex: Visitor, filed: Deposited, tmp_path: Path
) -> None:
    alex.get(PAGE)
    shown = alex.send(reference=filed.reference, **MOTIVE)
    assert shown.status == 200
    for said in (
        "Confirmer l’effacement",
        f"demande {filed.reference}",
        "3 événements",
        "1 message",
        "0 pièce jointe, 0 fichier",
        "DPO-2026-014",
        "410",
    ):
        assert said in shown.words
    assert portal.get(ServiceRequest, filed.request_id)
    ordered = alex.send("confirmation")
    assert (ordered.status, ordered.location) == (303, PAGE)
    page = alex.follow()
    assert "L’effacement est ordonné" in page.words
    assert "en cours" in page.words
    assert page.forms[-1].values["visa"] == page.forms[-1].values["reference"] == ""
    work(portal, tmp_path)
    town.drain()
    page = alex.get(PAGE)
    for said in ("fait", "demande", "2 mars 2026", "la personne concernée", "DPO-2026-014", "Alex Fournier"):
        assert said in page.words
    assert "en cours" not in page.words
    assert "Rousseau" not in page.words
    assert filed.reference not in page.words


def test_what_is_erased_is_gone_for_everyone_and_the_seal_holds(
    portal: Portal, town: Town, alex: Visitor, filed: Deposited, signed_in: SignedIn, tmp_path: Path
) -> None:
    with portal.connect() as connection:
        seal.extend(connection)
    alex.get(PAGE)
    alex.send(reference=filed.reference, **MOTIVE)
    alex.send("confirmation")
    work(portal, tmp_path)
    town.drain()
    for username, door in (("camille", ""), ("dominique", "/agents"), ("ines", "/audit")):
        page = signed_in(username).get(f"{door}/demandes/{filed.reference}/historique")
        assert page.status == 410, username
        assert "Rousseau" not in page.words.replace("Camille Rousseau Se déconnecter", "")
    assert filed.reference not in signed_in("dominique").get("/agents/").words
    assert portal.stream(filed.request_id)[-1].topic == "request:erased"
    with portal.connect() as connection:
        seal.extend(connection)
        assert list(seal.verify(connection)) == []


def test_what_was_erased_from_the_command_line_is_in_the_register_too(
    portal: Portal, town: Town, alex: Visitor, filed: Deposited, tmp_path: Path
) -> None:
    planned = erasure.planned(
        at=town.at,
        actor=operator(),
        kind="request",
        stream_id=filed.request_id,
        motive=("judgment", "TA-2026-7"),
    )
    erasure.erase(portal, actor=operator(), register=Register.below(tmp_path), erasure=planned)
    words = alex.get(PAGE).words
    for said in ("une décision de justice l’ordonne", "TA-2026-7", "Exploitation", "fait"):
        assert said in words


def test_an_account_s_preview_says_what_stays(town: Town, alex: Visitor) -> None:
    alex.get(PAGE)
    page = alex.send(reference=str(town.camille.id), **MOTIVE)
    assert page.status == 200
    assert "Ses demandes ne partent pas avec son espace" in page.words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Donnez la référence de la demande à effacer."),
        ({"reason": "Parce que"}, "Choisissez une des réponses proposées."),
        ({"reference": "RÉF", "visa": "vu avec elle"}, "Donnez la référence du visa"),
        ({"reference": "7K3F-9QX2"}, "Rien ne porte cette référence."),
        ({"reference": "n’importe quoi"}, "Rien ne porte cette référence."),
        ({"reference": str(uuid4())}, "Rien ne porte cette référence."),
    ],
)
@pytest.mark.parametrize("step", ["", "/confirmation"])
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(
    portal: Portal, alex: Visitor, filed: Deposited, step: str, fields: dict[str, str], said: str
) -> None:
    alex.get(PAGE)
    given = MOTIVE | {name: filed.reference if text == "RÉF" else text for name, text in fields.items()}
    page = alex.post(f"{PAGE}{step}", **given)
    assert page.status == 422
    assert said in page.words
    for name in ("reference", "visa"):
        assert page.forms[-1].values[name] == given.get(name, "")
    with portal.connection() as connection:
        assert connection.execute("SELECT FROM plain.erasure_order").fetchall() == []


def test_a_procedure_is_not_erased_and_twice_is_said(
    portal: Portal, town: Town, alex: Visitor, filed: Deposited, tmp_path: Path
) -> None:
    alex.get(PAGE)
    page = alex.send(reference=str(town.birth_certificate), **MOTIVE)
    assert "Un dossier « démarche » ne s’efface pas." in page.words
    alex.send(reference=filed.reference)
    alex.send("confirmation")
    work(portal, tmp_path)
    alex.get(PAGE)
    assert "C’est déjà effacé." in alex.send(reference=filed.reference, **MOTIVE).words


def test_an_appointment_to_come_is_counted(portal: Portal, town: Town, alex: Visitor) -> None:
    filed = town.files(town.camille, town.passport)
    requests.book_appointment(
        portal,
        at=town.at,
        actor=town.camille,
        request_id=filed.request_id,
        appointment_id=uuid4(),
        wish=(town.counter, town.at + timedelta(days=1)),
    )
    alex.get(PAGE)
    page = alex.send(reference=filed.reference, **MOTIVE)
    assert "1 rendez-vous" in page.words
    assert "un créneau à venir redevient libre" in page.words


@pytest.mark.parametrize("username", ["dominique", "samir", "ines", "camille"])
def test_erasures_are_nobody_else_s(portal: Portal, signed_in: SignedIn, filed: Deposited, username: str) -> None:
    somebody = signed_in(username)
    assert somebody.get(PAGE).status == 404
    for path in (PAGE, f"{PAGE}/confirmation"):
        somebody.get("/reference")
        assert somebody.post(path, reference=filed.reference, **MOTIVE).status == 404
    with portal.connection() as connection:
        assert connection.execute("SELECT FROM plain.erasure_order").fetchall() == []
