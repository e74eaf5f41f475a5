"""Who comes through which door, and where the others are sent."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import flask
import pytest
from psycopg import Connection
from psycopg.rows import DictRow

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web import context, create_app, forms
from espace_citoyen.web.schemas.accounts import SignIn
from people import PASSWORD, Town
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]
PEOPLE = ("camille", "nadia", "dominique", "samir", "alex", "ines")
WELCOME = {
    "citizen": {"camille", "nadia"},
    "staff": {"dominique", "samir", "alex"},
    "audit": {"ines"},
    "api": set(),
    "public": set(PEOPLE),
}
PATHS = {"citizen": "/espace", "staff": "/agents", "audit": "/audit", "api": "/api", "public": ""}


@pytest.fixture
def doors(app: flask.Flask) -> None:
    """A page behind each door, for who may see it and for who may write there."""
    for door, prefix in PATHS.items():
        app.add_url_rule(
            f"{prefix}/porte",
            f"{door}.try",
            lambda: "entré",
            methods=["GET", "POST"],
            provide_automatic_options=False,
        )


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("who", PEOPLE)
def test_each_door_lets_its_own_people_in_and_shows_the_others_nothing(signed_in: SignedIn, who: str) -> None:
    somebody = signed_in(who)
    for door, prefix in PATHS.items():
        response = somebody.client.get(f"{prefix}/porte")
        assert response.status_code == (200 if who in WELCOME[door] else 404), door


@pytest.mark.usefixtures("doors")
def test_a_closed_door_looks_like_a_page_that_does_not_exist(signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    assert camille.get("/agents/porte").words == camille.get("/agents/nothing").words


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("door", ["/espace", "/agents", "/audit", "/demandes"])
@pytest.mark.parametrize("page", ["/porte", "/nothing", "/nothing/7K3F-9QX2?page=2"])
def test_not_signed_in_every_guarded_address_leads_to_sign_in(visitor: Visitor, door: str, page: str) -> None:
    answer = visitor.get(door + page)
    assert answer.status == 303
    assert answer.location.startswith(f"/connexion?suite={door}/")


@pytest.mark.usefixtures("doors")
def test_a_program_without_a_token_is_told_so(visitor: Visitor) -> None:
    response = visitor.client.get("/api/porte")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.mimetype == "application/problem+json"


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("prefix", [prefix for door, prefix in PATHS.items() if door != "api"])
def test_nothing_is_written_without_the_token_of_the_page(signed_in: SignedIn, prefix: str) -> None:
    who = {"/agents": "alex", "/audit": "ines"}.get(prefix, "camille")
    somebody = signed_in(who)
    assert somebody.client.post(f"{prefix}/porte").status_code == 400
    somebody.get("/reference")
    assert somebody.client.post(f"{prefix}/porte", data={"csrf_token": somebody.token}).status_code == 200


@pytest.mark.usefixtures("doors")
def test_another_visitor_s_token_is_refused(app: flask.Flask, signed_in: SignedIn) -> None:
    camille, nadia = signed_in("camille"), signed_in("nadia")
    camille.get("/reference")
    nadia.get("/reference")
    assert nadia.client.post("/espace/porte", data={"csrf_token": camille.token}).status_code == 400
    stranger = Visitor(app)
    stranger.get("/connexion")
    assert nadia.client.post("/espace/porte", data={"csrf_token": stranger.token}).status_code == 400


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 200), ("none", 200)]
)
def test_a_form_sent_by_another_site_s_page_is_refused(signed_in: SignedIn, site: str, status: int) -> None:
    camille = signed_in("camille")
    camille.get("/reference")
    data, headers = {"csrf_token": camille.token}, {"Sec-Fetch-Site": site}
    assert camille.client.post("/espace/porte", data=data, headers=headers).status_code == status


class TestTextTypedWhileTheSessionEnded:
    """Nothing typed is lost, and nobody else gets to read it."""

    @pytest.fixture
    def writing(self, app: flask.Flask, signed_in: SignedIn, clock: Clock) -> Visitor:
        """Camille on a page with a form, which she sends after her session has ended."""

        def message() -> Any:
            if flask.request.method == "POST":
                context.wrote(0)
                return flask.redirect("/espace/message", 303)
            form = forms.blank(SignIn())
            return flask.render_template("public/accounts/sign_in.html", form=form, suite="", ticket="")

        app.add_url_rule("/espace/message", "citizen.message", message, methods=["GET", "POST"])
        camille = signed_in("camille")
        camille.get("/espace/message")
        clock.passes(minutes=40)
        page = camille.post("/espace/message", username="Ce que Camille a écrit")
        assert page.status == 400
        assert "Ce que vous aviez écrit est conservé" in page.words
        return camille

    def signs_in_again(self, somebody: Visitor, username: str, ticket: str) -> None:
        page = somebody.post(
            "/connexion", username=username, password=PASSWORD, suite="/espace/message", reprise=ticket
        )
        assert page.location == "/espace/message"

    def ticket_of(self, somebody: Visitor) -> str:
        assert somebody.page
        return next(form.values["reprise"] for form in somebody.page.forms if "reprise" in form.values)

    def test_its_author_finds_it_in_the_page_again(self, writing: Visitor) -> None:
        self.signs_in_again(writing, "camille", self.ticket_of(writing))
        assert 'value="Ce que Camille a écrit"' in writing.get("/espace/message").text
        assert 'value="Ce que Camille a écrit"' in writing.get("/espace/message").text
        assert writing.post("/espace/message", username="sent").status == 303
        assert "Ce que Camille a écrit" not in writing.get("/espace/message").text

    def test_a_mistyped_password_does_not_lose_it(self, writing: Visitor) -> None:
        ticket = self.ticket_of(writing)
        writing.post("/connexion", username="camille", password="wrong", suite="/espace/message", reprise=ticket)
        self.signs_in_again(writing, "camille", self.ticket_of(writing))
        assert "Ce que Camille a écrit" in writing.get("/espace/message").text

    def test_somebody_else_on_the_same_computer_does_not_get_it(self, writing: Visitor, town: Town) -> None:
        assert town.nadia
        self.signs_in_again(writing, "nadia", self.ticket_of(writing))
        assert "Ce que Camille a écrit" not in writing.get("/espace/message").text

    def test_what_the_database_cannot_hold_is_left_out(self, writing: Visitor) -> None:
        self.signs_in_again(writing, "camille", "")
        assert writing.post("/espace/message", False, username="Ce que\0 Camille a écrit").status == 400
        self.signs_in_again(writing, "camille", self.ticket_of(writing))
        assert 'value="Ce que Camille a écrit"' in writing.get("/espace/message").text

    def test_a_forged_ticket_is_ignored(self, writing: Visitor) -> None:
        ticket = self.ticket_of(writing)
        self.signs_in_again(writing, "camille", ("a" if ticket[0] != "a" else "b") + ticket[1:])
        assert "Ce que Camille a écrit" not in writing.get("/espace/message").text


class TestReadingOnesOwnWrites:
    """The page after a write waits for the read model, and says so when it is late."""

    @pytest.fixture
    def writer(self, app: flask.Flask, portal: Portal, signed_in: SignedIn, town: Town) -> Visitor:
        def write() -> Any:
            context.wrote(portal.position())
            return flask.redirect("/espace/apres", 303)

        def after() -> str:
            return flask.render_template("public/home/reference.html", actor=context.actor())

        app.add_url_rule("/espace/ecrire", "citizen.write", write, methods=["POST"])
        app.add_url_rule("/espace/apres", "citizen.after", after)
        camille = signed_in("camille")
        camille.get("/espace/apres")
        town.files(town.camille)
        return camille

    def test_an_own_write_is_there_on_the_next_page(self, writer: Visitor, town: Town) -> None:
        town.drain()
        writer.post("/espace/ecrire")
        assert "Mise à jour en retard" not in writer.follow().words

    def test_a_late_page_is_shown_after_two_seconds_and_says_so(self, writer: Visitor, town: Town) -> None:
        writer.post("/espace/ecrire")
        assert "Mise à jour en retard" in writer.get("/espace/apres").words
        town.drain()
        assert "Mise à jour en retard" not in writer.get("/espace/apres").words


class CountingPortal(Portal):
    """A portal that counts the connections it lends."""

    name = "Portal"

    lent = 0

    def connection(self) -> AbstractContextManager[Connection[DictRow]]:
        self.lent += 1
        return super().connection()


@pytest.fixture
def counting(portal: Portal, settings: Settings) -> Iterator[CountingPortal]:
    """A second portal on the same database, that counts."""
    assert portal
    counting = CountingPortal(settings.database, settings.master_key)
    yield counting
    counting.close()


def test_a_page_costs_one_look_into_the_session_and_an_anonymous_one_none(
    counting: CountingPortal, settings: Settings, town: Town, clock: Clock
) -> None:
    assert town.camille
    app = create_app(counting, settings, clock=clock)
    camille, visitor = Visitor(app), Visitor(app)
    camille.sign_in("camille")
    counting.lent = 0
    camille.get("/reference")
    assert counting.lent == 1
    visitor.get("/")
    visitor.get("/connexion")
    camille.client.get("/static/blason.svg", buffered=True)
    assert counting.lent == 1
    clock.passes(seconds=61)
    camille.get("/reference")
    assert counting.lent == 3
    camille.get("/reference")
    assert counting.lent == 4


def test_sessions_in_the_database_cannot_be_used_by_who_reads_it(
    portal: Portal, signed_in: SignedIn, settings: Settings
) -> None:
    camille = signed_in("camille")
    with portal.connection() as connection:
        (row,) = connection.execute("SELECT * FROM plain.session").fetchall()
    assert camille.session_cookie not in str(row)
    thief = Visitor(create_app(portal, replace(settings)))
    thief.client.set_cookie("session", bytes(row["token_hash"]).hex())
    assert "Aucune session" in thief.get("/reference").words


def test_nothing_is_kept_about_visitors_who_do_not_sign_in(portal: Portal, visitor: Visitor) -> None:
    visitor.get("/connexion")
    visitor.get("/")
    with portal.connection() as connection:
        assert connection.execute("SELECT count(*) AS n FROM plain.session").fetchone() == {"n": 0}
