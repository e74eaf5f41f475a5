"""The security code: seen, heard, computed, copied once (S04)."""

import json
import re
import wave
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from io import BytesIO

import altcha
import flask
import pytest
from PIL import Image

from espace_citoyen.application import Portal
from espace_citoyen.jobs import TIMETABLE
from espace_citoyen.web import security_code, sounds
from people import Town
from strangers import CARD, TYPED, code_on, fill_in
from visitors import Clock, Page, Visitor


@pytest.fixture
def summary(town: Town, visitor: Visitor) -> Page:
    """« Le récapitulatif » of somebody without account."""
    assert town.identity_card
    town.drain()
    return fill_in(visitor)


def spent(portal: Portal) -> int:
    with portal.connection() as connection:
        row = connection.execute("SELECT count(*) AS spent FROM plain.spent").fetchone()
    assert row
    return int(row["spent"])


def computed(page: Page) -> str:
    """What a browser sends after « Je ne peux pas lire le code »."""
    found = re.search(r'data-computation="([^"]*)"', page.text)
    assert found
    challenge = altcha.Challenge.from_dict(json.loads(b64decode(found[1])))
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


def test_the_code_is_a_picture_with_words_for_those_who_do_not_see_it(visitor: Visitor, summary: Page) -> None:
    assert 'alt="Code de sécurité' in summary.text
    found = re.search(r'<img class="security-code__picture" src="([^"]*)"', summary.text)
    assert found
    answer = visitor.client.get(unescape(found[1]))
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(BytesIO(answer.data)).size == (240, 80)


def test_the_code_is_said_aloud_in_french_by_a_player_with_a_name(visitor: Visitor, summary: Page) -> None:
    found = re.search(r'<audio [^>]*controls[^>]*aria-labelledby="code-audio" src="([^"]*)"', summary.text)
    assert found
    assert "Écouter le code" in summary.words
    answer = visitor.client.get(unescape(found[1]))
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    with wave.open(BytesIO(answer.data)) as sound:
        assert sound.getframerate() == sounds.RATE
        assert 4 < sound.getnframes() / sounds.RATE < 12
    part = visitor.client.get(unescape(found[1]), headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)


def test_every_digit_that_may_be_drawn_has_a_recording_of_its_own() -> None:
    assert len({sounds.said(digit) for digit in security_code.DIGITS}) == len(security_code.DIGITS)


def test_looking_and_listening_write_nothing(portal: Portal, visitor: Visitor, summary: Page) -> None:
    for address in re.findall(r'src="(/code-de-securite/[^"]*)"', summary.text):
        visitor.client.get(unescape(address))
    assert spent(portal) == 0


@pytest.mark.parametrize("sealed", ["nonsense", "é", "AAAA", "A" * 80])
def test_a_code_that_we_did_not_draw_has_neither_picture_nor_sound(visitor: Visitor, sealed: str) -> None:
    for name in ("image.png", "audio.wav"):
        assert visitor.get(f"/code-de-securite/{sealed}/{name}").status == 404


def test_the_page_does_not_hold_the_digits(portal: Portal, clock: Clock, summary: Page) -> None:
    assert code_on(portal, clock, summary) not in summary.text


def test_the_right_code_lets_the_request_through(
    portal: Portal, clock: Clock, visitor: Visitor, summary: Page
) -> None:
    digits = code_on(portal, clock, summary)
    typed = f" {digits[:3]} {digits[3:]} "
    assert visitor.send(etape="valider", code_de_securite=typed).status == 303


def test_a_wrong_code_is_said_beside_the_field_and_another_is_drawn_and_nothing_is_lost(
    portal: Portal, visitor: Visitor, summary: Page
) -> None:
    position = portal.position()
    page = visitor.send(etape="valider", code_de_securite="000000")
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert page.links[security_code.WRONG.replace("\N{NO-BREAK SPACE}", " ")] == "#code_de_securite"
    assert 'id="code_de_securite-error"' in page.text
    assert page.forms[-1].values["code_scelle"] != summary.forms[-1].values["code_scelle"]
    assert page.forms[-1].values["code_de_securite"] == ""
    assert {name: page.forms[-1].values[name] for name in TYPED} == TYPED
    assert portal.position() == position


def test_no_code_at_all_is_asked_for(visitor: Visitor, summary: Page) -> None:
    page = visitor.send(etape="valider")
    assert page.status == 422
    assert page.links["Recopiez le code de sécurité."] == "#code_de_securite"


def test_another_code_on_demand_keeps_everything(visitor: Visitor, summary: Page) -> None:
    page = visitor.send(etape="nouveau-code")
    assert page.status == 200
    assert page.forms[-1].values["code_scelle"] != summary.forms[-1].values["code_scelle"]
    assert {name: page.forms[-1].values[name] for name in TYPED} == TYPED


def test_one_try_spends_the_code(portal: Portal, clock: Clock, visitor: Visitor, summary: Page) -> None:
    first = dict(summary.forms[-1].values)
    visitor.send(etape="valider", code_de_securite="000000")
    position = portal.position()
    right = code_on(portal, clock, summary)
    page = visitor.post(f"/demarches/{CARD}", **first | {"etape": "valider", "code_de_securite": right})
    assert page.status == 422
    assert portal.position() == position


def test_a_code_is_good_for_one_request(portal: Portal, clock: Clock, visitor: Visitor, summary: Page) -> None:
    sealed = summary.forms[-1].values["code_scelle"]
    right = {"code_scelle": sealed, "code_de_securite": code_on(portal, clock, summary)}
    assert visitor.send(etape="valider", **right).status == 303
    position = portal.position()
    fill_in(visitor)
    assert visitor.send(etape="valider", **right).status == 422
    assert portal.position() == position


def test_of_many_who_send_the_same_code_at_once_one_is_let_through(
    app: flask.Flask, portal: Portal, clock: Clock, summary: Page
) -> None:
    sealed = summary.forms[-1].values["code_scelle"]
    right = {"code_scelle": sealed, "code_de_securite": code_on(portal, clock, summary)}
    crowd = [Visitor(app, f"192.0.2.{number}") for number in range(50, 56)]
    for each in crowd:
        fill_in(each)
    with ThreadPoolExecutor(len(crowd)) as pool:
        statuses = list(pool.map(lambda each: each.send(etape="valider", **right).status, crowd))
    assert sorted(statuses) == [303] + [422] * (len(crowd) - 1)


def test_a_code_lasts_twenty_minutes(portal: Portal, clock: Clock, visitor: Visitor, summary: Page) -> None:
    digits = code_on(portal, clock, summary)
    clock.passes(minutes=20)
    page = visitor.send(etape="valider", code_de_securite=digits)
    assert page.status == 422
    assert security_code.EXPIRED in page.words.replace("\N{NO-BREAK SPACE}", " ")


def test_a_computation_does_instead_of_the_code_once(portal: Portal, visitor: Visitor, summary: Page) -> None:
    sent = {"code_scelle": summary.forms[-1].values["code_scelle"], "preuve_de_calcul": computed(summary)}
    assert visitor.send(etape="valider", **sent).status == 303
    position = portal.position()
    fill_in(visitor)
    assert visitor.send(etape="valider", **sent).status == 422
    assert portal.position() == position


def test_the_computation_of_another_page_is_worth_nothing(visitor: Visitor, summary: Page) -> None:
    proof = computed(summary)
    fill_in(visitor)
    assert visitor.send(etape="valider", preuve_de_calcul=proof).status == 422


@pytest.mark.parametrize("proof", ["nonsense", "é", b64encode(b"{}").decode(), b64encode(b"[1]").decode()])
def test_a_computation_that_is_none_is_refused(visitor: Visitor, summary: Page, proof: str) -> None:
    assert visitor.send(etape="valider", preuve_de_calcul=proof).status == 422


def test_a_computation_that_nobody_made_is_refused(visitor: Visitor, summary: Page) -> None:
    found = re.search(r'data-computation="([^"]*)"', summary.text)
    assert found
    challenge = altcha.Challenge.from_dict(json.loads(b64decode(found[1])))
    made_up = altcha.Payload(challenge, altcha.Solution(7, challenge.parameters.key_prefix + "0" * 32))
    assert visitor.send(etape="valider", preuve_de_calcul=made_up.to_base64()).status == 422


def test_codes_are_not_kept_longer_than_they_last(
    portal: Portal, clock: Clock, visitor: Visitor, summary: Page
) -> None:
    visitor.send(etape="valider", code_de_securite="000000")
    assert spent(portal) == 1
    job = next(job for job in TIMETABLE if job.name == "sweep-spent")
    with portal.connection() as connection:
        assert job.run(portal, connection, at=clock() + timedelta(minutes=19)) == 0
        assert job.run(portal, connection, at=clock() + timedelta(minutes=21)) == 1


def test_no_code_is_asked_to_sign_in(visitor: Visitor) -> None:
    assert "Code de sécurité" not in visitor.get("/connexion").words
