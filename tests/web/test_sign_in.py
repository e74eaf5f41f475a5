"""Signing in and out."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import flask
import pytest

from espace_citoyen.commands.accounts import authenticate
from people import PASSWORD, Town
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("username", "landing"),
    [
        ("camille", "/espace"),
        ("dominique", "/agents/"),
        ("alex", "/agents/"),
        ("ines", "/audit/"),
    ],
)
def test_everybody_signs_in_at_one_door_and_lands_on_their_own_page(
    visitor: Visitor, town: Town, username: str, landing: str
) -> None:
    getattr(town, username)
    page = visitor.sign_in(username)
    assert (page.status, page.location) == (303, landing)


def test_somebody_signed_in_is_named_on_the_page_and_offered_to_sign_out(signed_in: SignedIn) -> None:
    page = signed_in("camille").get("/reference")
    assert "Camille" in page.words
    assert "Se déconnecter" in page.words


def test_a_name_is_known_however_it_is_typed(visitor: Visitor, town: Town) -> None:
    assert town.camille
    assert visitor.sign_in("  CAMILLE ").status == 303


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(visitor: Visitor, town: Town) -> None:
    assert town.camille
    known = visitor.sign_in("camille", "not this one").words
    unknown = visitor.sign_in("personne", "not this one").words
    assert visitor.page is not None
    assert visitor.page.status == 422
    assert "Identifiant ou mot de passe incorrect" in known
    assert known == unknown


def test_an_unknown_name_takes_as_long_as_a_known_one(town: Town) -> None:
    assert town.camille

    def seconds(username: str) -> float:
        start = perf_counter()
        assert authenticate(town.portal, username=username, password="not this one") is None
        return perf_counter() - start

    pairs = [(seconds("camille"), seconds("personne")) for _ in range(9)]
    ratio = median(unknown / known for known, unknown in pairs)
    assert 0.6 < ratio < 1.6


def test_what_was_typed_is_kept_except_the_password(visitor: Visitor) -> None:
    page = visitor.sign_in("camille", "my secret words")
    assert 'value="camille"' in page.text
    assert "my secret words" not in page.text
    assert page.title.startswith("Erreur\N{NO-BREAK SPACE}: ")


def test_empty_fields_are_asked_for_by_name(visitor: Visitor) -> None:
    page = visitor.sign_in("", "")
    assert page.status == 422
    assert page.links["Saisissez votre identifiant."] == "#username"
    assert page.links["Saisissez votre mot de passe."] == "#password"


@pytest.mark.parametrize("asked", ["/espace/demandes", "/demandes/7K3F-9QX2/echanges?page=2"])
def test_sign_in_leads_back_to_the_page_that_was_asked_for(visitor: Visitor, town: Town, asked: str) -> None:
    assert town.camille
    visitor.get(asked)
    visitor.follow()
    assert visitor.page is not None
    suite = next(form.values["suite"] for form in visitor.page.forms if "suite" in form.values)
    assert visitor.post("/connexion", username="camille", password=PASSWORD, suite=suite).location == asked


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        " //evil.example",
        "evil.example",
        "/agents/",
        "/audit/",
    ],
)
def test_sign_in_never_leads_to_another_site_or_another_door(visitor: Visitor, town: Town, elsewhere: str) -> None:
    assert town.camille
    assert visitor.sign_in("camille", suite=elsewhere).location == "/espace"
    assert visitor.get("/connexion", query_string={"suite": elsewhere}).location == "/espace"


def test_signing_in_gives_a_new_session(app: flask.Flask, town: Town) -> None:
    assert town.camille
    visitor = Visitor(app)
    visitor.get("/connexion")
    before = visitor.session_cookie
    visitor.sign_in("camille")
    first = visitor.session_cookie
    visitor.get("/reference")
    visitor.post("/connexion", username="camille", password=PASSWORD)
    assert len({before, first, visitor.session_cookie}) == 3
    thief = Visitor(app)
    thief.client.set_cookie("session", first)
    assert "Aucune session" in thief.get("/reference").words


def test_a_copied_cookie_is_worth_nothing_after_sign_out(app: flask.Flask, signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    copied = camille.session_cookie
    camille.get("/reference")
    assert camille.post("/deconnexion").location == "/deconnexion"
    assert "Vous êtes déconnecté" in camille.follow().words
    thief = Visitor(app)
    thief.client.set_cookie("session", copied)
    assert thief.get("/espace").location == "/connexion?suite=/espace"


@pytest.mark.parametrize(("minutes", "said"), [(29, "Session de Camille"), (30, "Aucune session")])
def test_a_session_ends_after_thirty_idle_minutes(
    signed_in: SignedIn, clock: Clock, minutes: int, said: str
) -> None:
    camille = signed_in("camille")
    clock.passes(minutes=minutes)
    assert said in camille.get("/reference").words


def test_a_session_in_use_ends_after_twelve_hours(signed_in: SignedIn, clock: Clock) -> None:
    camille = signed_in("camille")
    for _ in range(12 * 3 - 1):
        clock.passes(minutes=20)
        assert "Session de Camille" in camille.get("/reference").words
    clock.passes(minutes=20)
    assert "Aucune session" in camille.get("/reference").words
