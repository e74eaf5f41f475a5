"""The administrator's outbox."""

from collections.abc import Callable
from dataclasses import replace

import flask
import pytest

from espace_citoyen import outbox
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.outbox import Mail, State
from people import Town
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]
STATES = ("en-attente", "envoyes", "echecs", "retenus", "a-imprimer", "imprimes")


@pytest.fixture
def alex(signed_in: SignedIn) -> Visitor:
    return signed_in("alex")


@pytest.fixture
def filed(town: Town, alex: Visitor) -> Deposited:
    """A request whose acknowledgement waits in the outbox."""
    filed = town.files(town.camille)
    with town.portal.connection() as connection:
        outbox.queue(
            connection, stream_id=filed.request_id, version=2, recipient="applicant", template="acknowledgement"
        )
    town.drain()
    return filed


def settle(portal: Portal, state: State, clock: Clock) -> Mail:
    with portal.connection() as connection, connection.transaction():
        mail = outbox.take_due(connection, clock.now.replace(year=2100))
        assert mail is not None
        outbox.settle(connection, mail, state, at=clock.now, reply="550 5.1.1")
    return mail


@pytest.mark.parametrize("state", STATES)
def test_an_empty_state_says_so(alex: Visitor, state: str) -> None:
    assert 'class="empty"' in alex.get(f"/agents/courriels?etat={state}").text


@pytest.mark.parametrize("address", ["", "?etat=nonsense", "?etat=en-attente&page=x"])
def test_a_mail_that_waits_can_be_read(alex: Visitor, filed: Deposited, address: str) -> None:
    page = alex.get(f"/agents/courriels{address}")
    for words in (
        f"Votre demande {filed.reference} est bien arrivée",
        "À camille@exemple.invalid",
        "Lire le texte",
    ):
        assert words in page.words
    assert "En attente 1 courriels" in page.words
    assert f"http://localhost:8000/demandes/{filed.reference}/historique" in page.words


def test_reading_the_mails_of_a_request_goes_to_the_access_log(
    portal: Portal, alex: Visitor, filed: Deposited
) -> None:
    alex.get("/agents/courriels?etat=echecs")
    alex.get("/agents/courriels")
    with portal.connection() as connection:
        read = connection.execute("SELECT request_id, what FROM plain.access_log").fetchall()
    assert read == [{"request_id": filed.request_id, "what": "courriels"}]
    assert "courriels de la boîte d’envoi" in alex.get("/agents/consultations").words


def test_outside_the_demo_nobody_is_shown_a_link_meant_for_another(
    app: flask.Flask, alex: Visitor, filed: Deposited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.extensions["espace-citoyen"].settings), "demo", property(lambda _: False))
    words = alex.get("/agents/courriels").words
    assert "[lien personnel, visible du seul destinataire]" in words
    assert f"/demandes/{filed.reference}" not in words
    assert "{lien}" not in words


@pytest.mark.parametrize(
    ("state", "tab", "said"),
    [
        (State.SENT, "envoyes", "Parti le"),
        (State.FAILED, "echecs", "Dernière réponse : 550 5.1.1"),
        (State.WITHHELD, "retenus", "Adresse de démonstration : jamais envoyé"),
    ],
)
@pytest.mark.usefixtures("filed")
def test_each_state_has_its_tab(
    portal: Portal, alex: Visitor, clock: Clock, state: State, tab: str, said: str
) -> None:
    settle(portal, state, clock)
    assert said in alex.get(f"/agents/courriels?etat={tab}").words
    assert "Aucun courriel n’attend" in alex.get("/agents/courriels").words


@pytest.mark.usefixtures("filed")
def test_without_a_mail_server_the_page_says_what_is_missing(alex: Visitor) -> None:
    page = alex.get("/agents/courriels")
    assert "Aucun serveur d’envoi n’est réglé." in page.words
    assert "Réessayer maintenant" not in page.words


@pytest.mark.usefixtures("filed")
def test_a_mail_that_failed_is_tried_again(
    app: flask.Flask, portal: Portal, alex: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["espace-citoyen"].settings, smtp_url="smtp://localhost:2525?starttls=no")
    monkeypatch.setattr(app.extensions["espace-citoyen"], "settings", settings)
    mail = settle(portal, State.FAILED, clock)
    alex.get("/agents/courriels?etat=echecs")
    again = alex.send(f"{mail.mail_id}/relance")
    assert (again.status, again.location) == (303, "/agents/courriels?etat=en-attente")
    assert "Le courriel repart" in alex.follow().words
    with portal.connection() as connection:
        assert outbox.counts(connection)[State.WAITING] == 1
        assert outbox.take_due(connection, clock.now) is not None


@pytest.mark.usefixtures("filed")
def test_what_has_left_is_not_sent_again(portal: Portal, alex: Visitor, clock: Clock) -> None:
    mail = settle(portal, State.SENT, clock)
    alex.get("/agents/courriels")
    assert alex.post(f"/agents/courriels/{mail.mail_id}/relance").status == 404


@pytest.mark.parametrize("username", ["dominique", "samir", "ines", "camille"])
def test_the_outbox_is_nobody_else_s(
    portal: Portal, signed_in: SignedIn, filed: Deposited, clock: Clock, username: str
) -> None:
    somebody = signed_in(username)
    page = somebody.get("/agents/courriels")
    assert page.status == 404
    assert filed.reference not in page.text
    mail = settle(portal, State.FAILED, clock)
    somebody.get("/reference")
    assert somebody.post(f"/agents/courriels/{mail.mail_id}/relance").status == 404
    with portal.connection() as connection:
        assert outbox.counts(connection)[State.FAILED] == 1
