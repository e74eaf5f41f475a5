"""How often somebody may try to sign in, and that nobody can lock Camille out."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import flask
import pytest

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web import create_app, limits
from people import MONDAY, Town
from visitors import Clock, Page, Visitor, knock

pytestmark = pytest.mark.slow


def tries(app: flask.Flask, times: int, username: str = "camille", address: str = "192.0.2.1") -> Page:
    """Somebody tries without a password, which is an attempt like another; the last page they got."""
    pages = [Visitor(app, address).sign_in(username, "") for _ in range(times)]
    return pages[-1]


def test_five_attempts_per_account_and_address(app: flask.Flask) -> None:
    assert tries(app, 5).status == 422
    assert tries(app, 1).status == 429


def test_the_page_says_when_to_come_back(app: flask.Flask, clock: Clock) -> None:
    tries(app, 5)
    clock.passes(minutes=3)
    page = tries(app, 1)
    assert "Trop d’essais" in page.words
    assert "Réessayez dans 12 minutes" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert int(page.response.headers["Retry-After"]) == pytest.approx(720, abs=2)


def test_an_unknown_account_is_limited_in_the_same_words(app: flask.Flask) -> None:
    tries(app, 5, "camille")
    tries(app, 5, "personne")
    assert tries(app, 1, "camille").words == tries(app, 1, "personne").words


def test_the_right_password_is_refused_too_while_the_limit_holds(
    app: flask.Flask, town: Town, clock: Clock
) -> None:
    assert town.camille
    tries(app, 5)
    assert Visitor(app).sign_in("camille").status == 429
    clock.passes(minutes=15, seconds=1)
    assert Visitor(app).sign_in("camille").status == 303


def test_the_delay_grows_for_somebody_who_goes_on(app: flask.Flask, clock: Clock) -> None:
    """A quarter of an hour at first, the rest of the hour after ten attempts, of the day after twenty."""
    delays = []
    for _ in range(7):
        while (page := tries(app, 1)).status == 422:
            clock.passes(seconds=1)
        delays.append(int(page.response.headers["Retry-After"]))
        clock.passes(seconds=delays[-1] + 1)
    minutes = [round(delay / 60) for delay in delays]
    assert minutes[:3] == [15, 15, 30]
    assert minutes[-1] > 20 * 60


def test_thirty_attempts_per_account_whatever_the_addresses(app: flask.Flask) -> None:
    for number in range(6):
        assert tries(app, 5, address=f"192.0.2.{number}").status == 422
    assert tries(app, 1, address="192.0.2.99").status == 429
    assert tries(app, 1, username="nadia", address="192.0.2.99").status == 422


def test_a_hundred_attempts_per_address_whatever_the_accounts(app: flask.Flask) -> None:
    for number in range(20):
        assert tries(app, 5, username=f"guess{number}").status == 422
    assert tries(app, 1, username="one-more").status == 429
    assert tries(app, 1, username="one-more", address="192.0.2.2").status == 422


def test_nobody_can_lock_camille_out_of_her_own_browser(app: flask.Flask, town: Town) -> None:
    assert town.camille
    hers = Visitor(app)
    hers.sign_in("camille")
    hers.get("/reference")
    hers.post("/deconnexion")
    for number in range(7):
        tries(app, 5, address=f"198.51.100.{number}")
    for number in range(20):
        tries(app, 5, username=f"guess{number}")
    assert hers.sign_in("camille").status == 303
    assert Visitor(app).sign_in("camille").status == 429


def test_a_known_browser_has_its_own_five_attempts_and_no_more(app: flask.Flask, town: Town) -> None:
    assert town.camille
    hers = Visitor(app)
    hers.sign_in("camille")
    hers.get("/reference")
    hers.post("/deconnexion")
    statuses = [hers.sign_in("camille", "not this one").status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_signing_in_often_is_nobodys_fault(app: flask.Flask, town: Town) -> None:
    assert town.camille
    for _ in range(31):
        assert Visitor(app).sign_in("camille").status == 303


def test_a_good_sign_in_does_not_forgive_the_guesses_made_at_its_address(app: flask.Flask, town: Town) -> None:
    assert town.nadia
    for number in range(20):
        tries(app, 5, username=f"guess{number}")
        assert Visitor(app).sign_in("nadia").status == (303 if number < 19 else 429)


def test_one_household_of_ipv6_is_one_address(app: flask.Flask) -> None:
    for number in range(5):
        assert tries(app, 1, address=f"2001:db8:1:1::{number}").status == 422
    assert tries(app, 1, address="2001:db8:1:1:ffff::1").status == 429
    assert tries(app, 1, address="2001:db8:1:2::1").status == 422


def test_visitors_of_ipv4_on_a_server_of_both_kinds_are_not_one_household(app: flask.Flask) -> None:
    tries(app, 5, address="::ffff:192.0.2.1")
    assert tries(app, 1, address="::ffff:192.0.2.2").status == 422
    assert tries(app, 1, address="192.0.2.1").status == 429


@pytest.mark.parametrize("address", ["", "unknown", "203.0.113.1:4711", "fe80::1%eth0"])
def test_what_a_proxy_says_that_is_no_address_is_limited_too(app: flask.Flask, address: str) -> None:
    assert tries(app, 5, address=address).status == 422
    assert tries(app, 1, address=address).status == 429


def test_an_endless_username_costs_no_more_than_the_longest_one(
    app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[int] = []
    fold = limits.fold_username

    def counted(name: str) -> str:
        folded.append(len(name))
        return fold(name)

    monkeypatch.setattr(limits, "fold_username", counted)
    assert tries(app, 1, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 100_000).status == 422
    assert max(folded) <= limits.LONGEST_NAME


def test_spaces_around_a_name_do_not_make_it_another(app: flask.Flask) -> None:
    tries(app, 5)
    assert tries(app, 1, " " * 300 + "camille").status == 429


def test_behind_a_trusted_proxy_the_visitor_is_counted_not_the_proxy(
    portal: Portal, settings: Settings, clock: Clock
) -> None:
    app = create_app(portal, replace(settings, trusted_proxies=1), clock=clock)

    def from_behind(forwarded: str) -> int:
        somebody = Visitor(app, "10.0.0.1")
        somebody.get("/connexion")
        data = {"csrf_token": somebody.token, "username": "camille", "password": "not this one"}
        headers = {"X-Forwarded-For": forwarded}
        base = {"REMOTE_ADDR": "10.0.0.1"}
        return somebody.client.post("/connexion", data=data, headers=headers, environ_base=base).status_code

    assert [from_behind(f"evil-{number}, 203.0.113.1") for number in range(6)] == [422] * 5 + [429]
    assert from_behind("203.0.113.1, 203.0.113.2") == 422


def test_without_a_trusted_proxy_nobody_can_pretend_to_be_elsewhere(app: flask.Flask) -> None:
    statuses = []
    for number in range(6):
        somebody = Visitor(app)
        somebody.get("/connexion")
        data = {"csrf_token": somebody.token, "username": "camille", "password": "not this one"}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        statuses.append(somebody.client.post("/connexion", data=data, headers=headers).status_code)
    assert statuses == [422] * 5 + [429]


def test_the_table_of_limits_holds_neither_names_nor_addresses(app: flask.Flask, portal: Portal) -> None:
    tries(app, 1)
    with portal.connection() as connection:
        kept = str(connection.execute("SELECT * FROM plain.rate_limit").fetchall())
    assert "pair:" in kept
    assert "camille" not in kept
    assert "192.0.2.1" not in kept


def test_processes_share_their_counts_and_cannot_race(portal: Portal, settings: Settings) -> None:
    assert portal
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        statuses = list(pool.map(partial(knock, at=MONDAY), [settings] * 8))
    assert sorted(statuses) == [422] * 5 + [429] * 3
