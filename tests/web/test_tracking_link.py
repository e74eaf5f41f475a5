"""The tracking link: opened with GET, which writes nothing; then the request's own pages, and no other's (S33)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import flask
import pytest

from espace_citoyen import links
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import cancel_request
from espace_citoyen.config import Settings
from espace_citoyen.store.erasure import key_deletion
from espace_citoyen.web import create_app
from people import Town
from strangers import file, link_of
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def request_(town: Town, portal: Portal) -> ServiceRequest:
    """A request filed without account, projected."""
    filed, _ = town.files_without_account()
    town.drain()
    return portal.get(ServiceRequest, filed.request_id)


@pytest.fixture
def holder(visitor: Visitor, portal: Portal, request_: ServiceRequest) -> Visitor:
    """Somebody who has opened the link."""
    assert visitor.get(link_of(portal, request_)).status == 303
    return visitor


def history(request_: ServiceRequest) -> str:
    return f"/demandes/{request_.reference}/historique"


def state(portal: Portal) -> tuple[int, dict[str, Any]]:
    with portal.connection() as connection:
        names = [
            row["tablename"]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'plain'")
        ]
        rows = {name: connection.execute(f"SELECT * FROM plain.{name} ORDER BY 1").fetchall() for name in names}
    return portal.position(), rows


def test_the_link_leads_to_the_history_and_opening_it_writes_nothing(
    visitor: Visitor, portal: Portal, request_: ServiceRequest
) -> None:
    before = state(portal)
    page = visitor.get(link_of(portal, request_))
    assert (page.status, page.location) == (303, history(request_))
    assert request_.applicant["last_name"] not in page.text
    cookie = page.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Nadia Benali a déposé la demande" in visitor.follow().words
    assert state(portal) == before


def test_the_cookie_holds_neither_the_token_nor_a_name(
    holder: Visitor, portal: Portal, request_: ServiceRequest
) -> None:
    cookie = holder.client.get_cookie("suivi")
    assert cookie
    assert links.tracking_token(portal, request_) not in cookie.value
    assert "Benali" not in cookie.value


def test_the_link_can_be_opened_again_and_elsewhere(
    app: flask.Flask, holder: Visitor, portal: Portal, request_: ServiceRequest
) -> None:
    for browser in (holder, Visitor(app)):
        browser.get(link_of(portal, request_))
        assert browser.follow().status == 200


@pytest.mark.parametrize("tab", ["demandeur", "demande", "historique", "echanges", "pieces", "rendez-vous"])
def test_every_tab_is_there(holder: Visitor, request_: ServiceRequest, tab: str) -> None:
    assert holder.get(f"/demandes/{request_.reference}/{tab}").status == 200


def test_a_message_is_written_and_shown_under_the_applicant_s_name(
    holder: Visitor, portal: Portal, town: Town, request_: ServiceRequest, signed_in: SignedIn
) -> None:
    tab = f"/demandes/{request_.reference}/echanges"
    holder.get(tab)
    sent = holder.send("echanges", text="Bonjour, où en êtes-vous ?")
    assert sent.status == 303
    told = portal.stream(request_.id)[-1].event
    assert (told.actor_kind, told.actor_name) == ("link_holder", "Nadia Benali")
    town.drain()
    page = holder.get(tab)
    assert "Votre message est envoyé." in page.words
    assert "Bonjour, où en êtes-vous" in page.words
    assert "Votre message est envoyé." not in holder.get(tab).words
    assert "Nadia Benali" in signed_in("dominique").get(f"/agents/demandes/{request_.reference}/echanges").words


def test_what_was_refused_is_found_again_by_the_same_holder_alone(
    app: flask.Flask, holder: Visitor, portal: Portal, request_: ServiceRequest
) -> None:
    tab = f"/demandes/{request_.reference}/echanges"
    holder.get(tab)
    refused = holder.send("echanges", text="x" * 10_001)
    assert refused.status == 422
    assert "x" * 10_001 in holder.get(tab).text
    other = Visitor(app)
    other.get(link_of(portal, request_))
    assert "xxxx" not in other.get(tab).text


def test_other_requests_and_other_doors_are_not_theirs(holder: Visitor, town: Town) -> None:
    hers, other = town.files(town.camille), town.files_without_account()[0]
    town.drain()
    for address in (
        f"/demandes/{hers.reference}/historique",
        f"/demandes/{other.reference}/historique",
        "/agents/",
        "/audit/",
    ):
        assert holder.get(address).status == 404
    for address in ("/espace", "/espace/demandes", "/espace/echanges", "/espace/nulle-part"):
        assert holder.get(address).location == f"/connexion?suite={address}"
    assert holder.get("/connexion").headings == ["Se connecter"]


def test_the_header_says_who_follows_and_how_to_leave(holder: Visitor, request_: ServiceRequest) -> None:
    page = holder.get(history(request_))
    assert "Quitter le suivi" in page.words
    assert "Mes demandes" not in page.words
    assert "Accéder à mon espace" in holder.get("/").words


def test_a_copied_cookie_is_worth_nothing_after_leaving(
    app: flask.Flask, holder: Visitor, request_: ServiceRequest
) -> None:
    holder.get(f"/demandes/{request_.reference}/echanges")
    holder.send("echanges", text="Bonjour")
    copies = {name: holder.client.get_cookie(name) for name in ("suivi", "session")}
    holder.get(history(request_))
    assert holder.post("/deconnexion").location == "/deconnexion"
    assert holder.get(history(request_)).location.startswith("/connexion")
    thief = Visitor(app)
    for name, copy in copies.items():
        assert copy
        thief.client.set_cookie(name, copy.value)
    assert thief.get(history(request_)).location.startswith("/connexion")


def test_behind_https_the_cookie_is_bound_to_the_host(
    portal: Portal, settings: Settings, clock: Clock, request_: ServiceRequest
) -> None:
    app = create_app(portal, replace(settings, base_url="https://demarches.exemple.invalid"), clock=clock)
    cookie = Visitor(app).get(link_of(portal, request_)).response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-suivi=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_a_link_s_session_ends_after_thirty_idle_minutes(
    holder: Visitor, clock: Clock, request_: ServiceRequest, minutes: int, status: int
) -> None:
    clock.passes(minutes=minutes)
    assert holder.get(history(request_)).status == status


def test_a_link_s_session_in_use_ends_after_twelve_hours(
    holder: Visitor, clock: Clock, portal: Portal, request_: ServiceRequest
) -> None:
    for _ in range(36):
        assert holder.get(history(request_)).status == 200
        clock.passes(minutes=20)
    assert holder.get(history(request_)).status == 303
    holder.get(link_of(portal, request_))
    assert holder.get(history(request_)).status == 200


@pytest.mark.parametrize("change", ["nonsense", "", "=", "é"])
def test_a_cookie_that_we_did_not_sign_opens_nothing(
    visitor: Visitor, request_: ServiceRequest, change: str
) -> None:
    visitor.client.set_cookie("suivi", change or "WyJhIl0.x")
    assert visitor.get(history(request_)).location.startswith("/connexion")


def test_the_session_of_a_link_is_nothing_without_its_proof(
    app: flask.Flask, holder: Visitor, request_: ServiceRequest
) -> None:
    holder.get(f"/demandes/{request_.reference}/echanges")
    holder.send("echanges", text="Bonjour")
    other = Visitor(app)
    other.client.set_cookie("session", holder.session_cookie)
    assert other.get(history(request_)).location.startswith("/connexion")


@pytest.mark.parametrize("change", ["short", "other", "padded", "nonsense", "accent"])
def test_a_token_that_does_not_verify_says_what_to_do(
    visitor: Visitor, portal: Portal, town: Town, request_: ServiceRequest, change: str
) -> None:
    link = link_of(portal, request_)
    other = link_of(portal, portal.get(ServiceRequest, town.files_without_account()[0].request_id))
    wrong = {
        "short": link[:-1],
        "other": link[:28] + other[28:],
        "padded": link + "=",
        "nonsense": "/suivi/nonsense",
        "accent": "/suivi/é",
    }[change]
    page = visitor.get(wrong)
    assert page.status == 404
    assert page.headings == ["Ce lien ne mène plus à rien"]
    assert "Ouvrez le lien depuis le courriel reçu" in page.words
    assert visitor.get(history(request_)).location.startswith("/connexion")


def test_the_link_of_a_request_that_an_account_has_leads_to_sign_in(
    visitor: Visitor, portal: Portal, town: Town
) -> None:
    filed = town.files(town.camille)
    page = visitor.get(link_of(portal, portal.get(ServiceRequest, filed.request_id)))
    assert page.status == 404
    assert page.headings == ["Ce lien ne mène plus à rien"]
    assert page.links["Me connecter à mon espace"] == "/connexion"


def test_to_its_owner_signed_in_a_former_link_still_shows_the_request(
    portal: Portal, town: Town, signed_in: SignedIn
) -> None:
    filed, camille = town.files(town.camille), signed_in("camille")
    link = link_of(portal, portal.get(ServiceRequest, filed.request_id))
    assert camille.get(link).location == f"/demandes/{filed.reference}"
    assert signed_in("nadia").get(link).status == 404


def test_five_wrong_tokens_of_one_request_and_no_more_good_ones_are_free(
    app: flask.Flask, portal: Portal, clock: Clock, request_: ServiceRequest
) -> None:
    link, visitor = link_of(portal, request_), Visitor(app)
    assert {visitor.get(link).status for _ in range(12)} == {303}
    assert [visitor.get(f"{link[:-3]}{number:03}").status for number in range(6)] == [404] * 5 + [429]
    assert visitor.get(link).status == 429
    assert Visitor(app, "192.0.2.9").get(link).status == 303
    clock.passes(minutes=15, seconds=1)
    assert visitor.get(link).status == 303


@pytest.mark.slow
def test_a_hundred_wrong_tokens_per_address(app: flask.Flask, portal: Portal, request_: ServiceRequest) -> None:
    visitor = Visitor(app)
    statuses = [visitor.get(f"/suivi/{number:04}{'x' * 39}").status for number in range(101)]
    assert statuses == [404] * 100 + [429]


def test_an_erased_request_is_gone_for_whoever_holds_its_link(
    holder: Visitor, portal: Portal, town: Town, request_: ServiceRequest
) -> None:
    link = link_of(portal, request_)
    request_.erase(at=town.at, actor=town.alex, reason="person", visa="2026-12")
    portal.record(request_, alongside=[key_deletion(request_.id)])
    town.drain()
    assert holder.get(history(request_)).status == 410
    assert holder.get(link).status == 410
    assert holder.get(link[:-1] + "!").status == 404


def test_a_cancelled_request_is_still_followed(
    holder: Visitor, portal: Portal, town: Town, request_: ServiceRequest
) -> None:
    actor = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_.id, name="Nadia Benali")
    cancel_request(portal, at=town.at, actor=actor, request_id=request_.id)
    town.drain()
    assert "Annulée" in holder.get(history(request_)).words


@pytest.mark.parametrize(("username", "door"), [("dominique", "agents"), ("ines", "audit")])
def test_who_works_for_the_town_is_led_to_their_own_door(
    signed_in: SignedIn, portal: Portal, request_: ServiceRequest, username: str, door: str
) -> None:
    somebody = signed_in(username)
    page = somebody.get(link_of(portal, request_))
    assert page.location == f"/{door}/demandes/{request_.reference}"
    assert somebody.client.get_cookie("suivi") is None


def test_the_token_is_nowhere_but_in_the_mail(
    app: flask.Flask,
    portal: Portal,
    town: Town,
    clock: Clock,
    visitor: Visitor,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert town.identity_card
    town.drain()
    request_ = file(portal, clock, visitor)
    token = links.tracking_token(portal, request_)
    other = Visitor(app)
    other.get(f"/suivi/{token}")
    town.drain()
    other.follow()
    other.get(f"/demandes/{request_.reference}/echanges")
    other.send("echanges", text="Bonjour")
    other.get(f"/suivi/{token[:-1]}")
    secret = token[22:]  # what follows the request's id
    said = capfd.readouterr()
    assert secret not in said.out + said.err
    position, rows = state(portal)
    assert secret not in str(rows)
    assert position
    with portal.connection() as connection:
        kept = str(connection.execute("SELECT * FROM log.portal_events").fetchall())
    assert secret not in kept
    assert not any(secret in str(vars(each.event)) for each in portal.stream(request_.id))
    assert re.fullmatch(r"[\w-]{43}", token)
