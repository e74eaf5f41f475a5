"""Every refusal is a French sentence that says what to do, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from time import monotonic

import flask
import psycopg
import pytest
from eventsourcing import persistence

from espace_citoyen.aggregates import refusals
from espace_citoyen.config import Settings
from people import PASSWORD, Town
from visitors import Visitor

SignedIn = Callable[[str], Visitor]
REFUSED = [
    (refusals.NotFound("no such request"), 404, "Page introuvable"),
    (refusals.Forbidden("not yours"), 404, "Page introuvable"),
    (refusals.Invalid("wrong", {"text": ["Écrivez votre message."]}), 422, "Écrivez votre message."),
    (refusals.ChangedMeanwhile("version 4"), 409, "La demande a changé entre-temps"),
    (refusals.AlreadyTaken(""), 409, "Quelqu’un a déjà pris ce nom."),
    (refusals.NotNow(""), 409, "Ce n’est plus possible"),
    (refusals.Erased("no key"), 410, "Informations effacées"),
    (psycopg.OperationalError("server closed the connection"), 503, "momentanément indisponible"),
    (psycopg.InterfaceError("the connection is closed"), 503, "momentanément indisponible"),
    (persistence.OperationalError("couldn't get a connection"), 503, "momentanément indisponible"),
    (persistence.InterfaceError("closed"), 503, "momentanément indisponible"),
    (ZeroDivisionError("camille@exemple.invalid"), 500, "Numéro d’incident"),
]


@pytest.fixture
def failing(app: flask.Flask) -> Callable[[Exception], None]:
    """A page that fails as it is told."""
    failures: list[Exception] = []

    def fail() -> str:
        raise failures[-1]

    app.add_url_rule("/failing", "public.failing", fail, methods=["GET", "POST"])
    return failures.append


@pytest.mark.parametrize(("failure", "status", "said"), REFUSED)
def test_each_refusal_has_its_status_and_its_words(
    visitor: Visitor, failing: Callable[[Exception], None], failure: Exception, status: int, said: str
) -> None:
    failing(failure)
    page = visitor.get("/failing")
    assert page.status == status
    assert said in page.words
    assert "Retour à l’accueil" in page.links
    assert not failure.args[0] or str(failure.args[0]) not in page.text


@pytest.mark.parametrize("kind", [refusals.AlreadyTaken, refusals.NotNow])
def test_what_the_state_of_a_thing_refuses_is_said_in_its_own_words(
    visitor: Visitor, failing: Callable[[Exception], None], kind: type[refusals.Refusal]
) -> None:
    failing(kind("Ce créneau vient d’être pris."))
    page = visitor.get("/failing")
    assert page.status == 409
    assert "Ce créneau vient d’être pris." in page.words
    assert "Quelqu’un a déjà pris ce nom." not in page.words


@pytest.mark.parametrize("failure", [refusals.ChangedMeanwhile("v"), psycopg.OperationalError("x"), KeyError("x")])
def test_what_was_typed_stands_in_the_refusal(
    signed_in: SignedIn, failing: Callable[[Exception], None], failure: Exception
) -> None:
    failing(failure)
    camille = signed_in("camille")
    camille.get("/reference")
    page = camille.post("/failing", id="of the form itself", text="Une heure à écrire <ceci>")
    assert "Une heure à écrire <ceci>" in page.words
    assert "csrf" not in page.words
    assert "of the form itself" not in page.words


def test_a_lost_database_lets_the_same_form_be_sent_again(
    signed_in: SignedIn, failing: Callable[[Exception], None]
) -> None:
    failing(psycopg.OperationalError("gone"))
    camille = signed_in("camille")
    camille.get("/reference")
    page = camille.post("/failing", text="Bonjour")
    again = next(form for form in page.forms if form.action == "/failing")
    assert again.values["text"] == "Bonjour"
    assert page.response.headers["Retry-After"]
    failing(refusals.NotFound("now it answers"))
    assert camille.post("/failing", False, **again.values).status == 404


def test_a_failure_is_found_again_by_its_number_and_says_nothing_personal(
    visitor: Visitor, failing: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ZeroDivisionError("camille@exemple.invalid"))
    page = visitor.get("/failing")
    number = page.words.split("Numéro d’incident")[1].split()[1]
    logged = capsys.readouterr().out
    assert number in logged
    assert "ZeroDivisionError" in logged
    assert "camille" not in logged


def test_a_wrong_method_is_told_the_right_ones(visitor: Visitor) -> None:
    page = visitor.client.post("/accessibilite")
    assert page.status_code == 405
    assert set(page.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unknown_page_is_a_calm_page(visitor: Visitor) -> None:
    page = visitor.get("/nowhere")
    assert page.status == 404
    assert "Page introuvable" in page.headings


def test_an_envelope_too_large_is_refused_in_words(visitor: Visitor) -> None:
    visitor.get("/connexion")
    page = visitor.post("/connexion", username="x" * 2_000_000, password="x")
    assert page.status == 413
    assert "Envoi trop volumineux" in page.words


@pytest.mark.parametrize("site", ["cross-site", "same-origin"])
def test_an_envelope_too_large_is_refused_whoever_sent_it(visitor: Visitor, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    response = visitor.client.post("/connexion", data={"text": "x" * 2_000_000}, headers=headers)
    assert response.status_code in {400, 413}
    assert "x" * 100 not in response.text


def test_a_form_of_countless_fields_is_not_drawn_again(visitor: Visitor) -> None:
    page = visitor.post("/connexion", False, a=["1"] * 100_000)
    assert page.status == 400
    assert len(page.text) < 10_000


@pytest.mark.parametrize("path", ["/", "/espace", "/api/v1/x"])
@pytest.mark.parametrize("host", ["a..b", "n" * 70 + ".example"])
def test_a_host_that_is_no_name_is_refused_in_words(visitor: Visitor, host: str, path: str) -> None:
    response = visitor.client.get(path, headers={"Host": host})
    assert response.status_code == 400
    assert "Le portail n’a pas compris" in (response.json["detail"] if response.json else response.text)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/demarches/%00", "/demarches/a%00b"])
def test_an_address_that_the_database_cannot_hold_is_an_unknown_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status == 404


def test_programs_get_problem_details(visitor: Visitor) -> None:
    response = visitor.client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.json
    assert response.json["title"] == "Page introuvable"


class TestWithoutDatabase:
    """The server went away while the portal was running."""

    @pytest.fixture
    def lost(self, app: flask.Flask, town: Town, settings: Settings) -> Iterator[Visitor]:
        """Camille, signed in, and then the database refuses everybody."""
        assert town.camille
        camille = Visitor(app)
        camille.sign_in("camille")
        camille.get("/reference")
        name = psycopg.conninfo.conninfo_to_dict(settings.database)["dbname"]
        maintenance = settings.database.replace(f"/{name}", "/postgres")
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[arg-type]
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(ended, [name])
            yield camille
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[arg-type]

    @pytest.mark.parametrize("path", ["/espace", "/reference", "/sante", "/"])
    def test_the_answer_is_a_503_within_a_second(self, lost: Visitor, path: str) -> None:
        start = monotonic()
        page = lost.get(path)
        assert monotonic() - start < 1
        assert page.status == 503

    def test_a_message_typed_meanwhile_is_not_lost(self, lost: Visitor) -> None:
        page = lost.post("/deconnexion", text="Bonjour")
        assert page.status == 503
        assert "Bonjour" in page.text

    @pytest.mark.usefixtures("lost")
    def test_pages_that_need_no_database_still_answer(self, app: flask.Flask) -> None:
        assert Visitor(app).get("/").status == 200
        assert Visitor(app).get("/accessibilite").status == 200

    def test_a_password_is_never_drawn_again(self, lost: Visitor) -> None:
        page = lost.post("/connexion", username="camille", password=PASSWORD)
        assert page.status == 503
        assert PASSWORD not in page.text


def test_the_portal_recovers_by_itself(app: flask.Flask, town: Town, settings: Settings) -> None:
    assert town.camille
    camille = Visitor(app)
    camille.sign_in("camille")
    name = psycopg.conninfo.conninfo_to_dict(settings.database)["dbname"]
    with psycopg.connect(settings.database.replace(f"/{name}", "/postgres"), autocommit=True) as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(ended, [name])
    statuses = [camille.get("/reference").status for _ in range(2)]
    assert statuses[-1] == 200
