"""Reading what the town hall writes, and writing to it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from espace_citoyen.aggregates.refusals import ChangedMeanwhile
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited
from people import MONDAY, Town
from visitors import Page, Visitor

SignedIn = Callable[[str], Visitor]
LONG = "Bonjour, votre acte de naissance est prêt. " * 6 + "Venez le chercher avec une pièce d’identité."


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    filed = town.files(town.camille)
    town.drain()
    return filed


@pytest.fixture
def exchanges(filed: Deposited) -> str:
    """The address of the tab."""
    return f"/demandes/{filed.reference}/echanges"


def texts(portal: Portal, filed: Deposited) -> list[str]:
    topic = ServiceRequest.ExchangeSent.TOPIC
    return [recorded.event.text for recorded in portal.stream(filed.request_id) if recorded.topic == topic]


def test_a_request_without_messages_says_how_to_begin(camille: Visitor, exchanges: str) -> None:
    assert "Aucun message pour l’instant" in camille.get(exchanges).words


def test_a_message_is_unread_until_it_is_opened(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    exchange_id = town.writes(town.dominique, filed.request_id, LONG)
    town.drain()
    page = camille.get(exchanges)
    assert (
        "Dominique Morel Officier d’état civil lundi 2 mars 2026 à 10 h Non lu Bonjour, votre acte" in page.words
    )
    assert "pièce d’identité" not in page.words
    assert page.text.count("Voir la suite") == 1
    position = portal.position()
    opened = camille.send(f"{exchange_id}/lecture")
    assert (opened.status, opened.location) == (303, f"{exchanges}#echange-{exchange_id}")
    assert portal.position() == position + 1
    town.drain()
    page = camille.follow()
    assert "pièce d’identité" in page.words
    assert "Non lu" not in page.words
    assert "Voir la suite" not in page.text
    assert f'id="echange-{exchange_id}"' in page.text


def test_nothing_of_a_short_message_shows_before_it_is_opened(
    town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    town.writes(town.dominique, filed.request_id, "Votre acte est prêt.")
    assert "Votre acte est prêt." not in camille.get(exchanges).text


def test_looking_at_the_list_reads_nothing(portal: Portal, town: Town, camille: Visitor, filed: Deposited) -> None:
    town.writes(town.dominique, filed.request_id)
    position = town.drain()
    for _ in range(2):
        assert "Non lu" in camille.get(f"/demandes/{filed.reference}/echanges").words
    assert portal.position() == position


def test_opening_twice_is_opening_once(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    exchange_id = town.writes(town.dominique, filed.request_id)
    camille.get(exchanges)
    camille.send(f"{exchange_id}/lecture")
    position = town.drain()
    camille.get(exchanges)
    assert camille.post(f"{exchanges}/{exchange_id}/lecture").status == 303
    assert portal.position() == position


def test_a_message_of_one_s_own_says_whether_it_was_opened(
    town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    exchange_id = town.writes(town.camille, filed.request_id, "Bonjour, merci.")
    assert "Envoyé Bonjour, merci." in camille.get(exchanges).words
    town.reads(town.dominique, filed.request_id, exchange_id)
    page = camille.get(exchanges)
    assert "Ouvert par la mairie Bonjour, merci." in page.words
    assert "Non lu" not in page.words


def test_the_latest_message_comes_first(town: Town, camille: Visitor, filed: Deposited, exchanges: str) -> None:
    for number in range(5):
        town.writes(town.camille, filed.request_id, f"message {number}", at=MONDAY + timedelta(hours=number))
    words = camille.get(exchanges).words
    places = [words.index(f"message {number}") for number in range(5)]
    assert places == sorted(places, reverse=True)
    assert "Écrire un message" in words


def test_what_is_written_is_sent_once(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    values = camille.get(exchanges).forms[-1].values | {"text": "  Bonjour,\r\nmerci <b>bien</b>. "}
    for _ in range(2):
        sent = camille.post(exchanges, **values)
        assert (sent.status, sent.location) == (303, exchanges)
    assert texts(portal, filed) == ["Bonjour,\nmerci <b>bien</b>."]
    town.drain()
    page = camille.follow()
    assert "Votre message est envoyé." in page.words
    assert "merci &lt;b&gt;bien" in page.text
    assert page.forms[-1].values["id"] != values["id"]
    assert page.forms[-1].values["text"] == ""


def test_going_back_and_writing_on_is_not_lost_in_silence(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    values = camille.get(exchanges).forms[-1].values
    camille.post(exchanges, **values | {"text": "Bonjour."})
    town.drain()
    camille.get(exchanges)
    page = camille.post(exchanges, **values | {"text": "Bonjour, une chose encore."})
    assert page.status == 422
    assert "Un autre message est déjà parti" in page.words
    assert camille.send().status == 303
    assert texts(portal, filed) == ["Bonjour.", "Bonjour, une chose encore."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Écrivez votre message."),
        (" \n ", "Écrivez votre message."),
        ("é" * 10_001, "10 000 caractères au plus"),
    ],
)
def test_a_message_that_cannot_be_sent_is_drawn_again(
    town: Town, camille: Visitor, exchanges: str, text: str, said: str
) -> None:
    position = town.drain()
    camille.get(exchanges)
    page = camille.send(text=text)
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert page.words.count(said) >= 2
    assert page.forms[-1].values["text"].strip() == text.strip()
    assert camille.get(exchanges).forms[-1].values["text"].strip() == text.strip()
    assert town.portal.position() == position
    assert camille.send(text="Bonjour.").status == 303
    town.drain()
    assert camille.get(exchanges).forms[-1].values["text"].strip() == ""


def test_opening_a_message_forgets_nothing_typed_elsewhere(
    town: Town, camille: Visitor, filed: Deposited, exchanges: str
) -> None:
    exchange_id = town.writes(town.dominique, filed.request_id)
    town.drain()
    camille.get("/demarches/acte-de-naissance")
    camille.send(town="Valombre-le-Haut")
    camille.get(exchanges)
    assert camille.post(f"{exchanges}/{exchange_id}/lecture").status == 303
    assert camille.get("/demarches/acte-de-naissance").forms[-1].values["town"] == "Valombre-le-Haut"


def test_losing_every_race_keeps_the_text(
    portal: Portal, camille: Visitor, exchanges: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outrun(*_: object, **__: object) -> int:
        raise ChangedMeanwhile("Somebody else wrote first")

    monkeypatch.setattr(portal, "record", outrun)
    camille.get(exchanges)
    page = camille.send(text="Bonjour, une question.")
    assert page.status == 409
    assert "D’autres messages sont arrivés" in page.words
    assert page.forms[-1].values["text"] == "Bonjour, une question."


def test_others_write_and_open_nothing(
    portal: Portal, town: Town, signed_in: SignedIn, filed: Deposited, exchanges: str
) -> None:
    exchange_id = town.writes(town.dominique, filed.request_id)
    position = town.drain()
    nadia = signed_in("nadia")
    position = town.drain()
    for path, fields in ((exchanges, {"text": "Bonjour"}), (f"{exchanges}/{exchange_id}/lecture", {})):
        nadia.get("/espace")
        assert nadia.post(path, **fields).status == 404
    assert portal.position() == position


def test_a_message_that_does_not_exist_is_not_found(camille: Visitor, exchanges: str) -> None:
    camille.get(exchanges)
    assert camille.post(f"{exchanges}/{UUID(int=7)}/lecture").status == 404


def test_the_session_that_ends_meanwhile_gives_the_text_back(
    camille: Visitor, exchanges: str, clock: Callable[..., object]
) -> None:
    camille.get(exchanges)
    clock.passes(minutes=31)  # type: ignore[attr-defined]
    page: Page = camille.send(text="Un long message.")
    assert page.status == 400
    assert camille.send(username="camille", password="Demonstration-2026!").location == exchanges
    assert camille.follow().forms[-1].values["text"] == "Un long message."
