"""Every page × every visitor: what they get follows from the kind of thing it is (« Who may what »)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import flask
import pytest
from werkzeug.routing import Rule

from espace_citoyen import outbox
from espace_citoyen.application import Portal
from people import Town
from visitors import Visitor

NOBODY = ""
CITIZENS, STAFF, AUDITORS = {"camille", "nadia"}, {"dominique", "samir", "alex"}, {"ines"}
EVERYBODY = CITIZENS | STAFF | AUDITORS | {NOBODY}
WELCOME: dict[str, set[str]] = {
    "public page": EVERYBODY,
    "form of a procedure, sent": CITIZENS,
    "own space": CITIZENS,
    "own request": {"camille"},
    "desk": STAFF,
    "request of a department": {"dominique"},
    "outbox": {"alex"},
    "every history": AUDITORS,
}
"""Who is served, by kind of thing: the request is Camille's, and its department Dominique's."""
KINDS: dict[str, str] = {
    "public.home": "public page",
    "public.reference": "public page",
    "public.health": "public page",
    "public.accessibility": "public page",
    "public.personal_data": "public page",
    "public.sign_in": "public page",
    "public.sign_in_sent": "public page",
    "public.sign_out": "public page",
    "public.signed_out": "public page",
    "public.procedures": "public page",
    "public.procedure": "public page",
    "public.procedure_sent": "form of a procedure, sent",
    "citizen.home": "own space",
    "citizen.requests": "own space",
    "citizen.exchanges": "own space",
    "citizen.request_page": "own request",
    "citizen.request_tab": "own request",
    "citizen.filed": "own request",
    "citizen.exchange_sent": "own request",
    "citizen.exchange_read": "own request",
    "staff.queue": "desk",
    "staff.mails": "outbox",
    "staff.mail_again": "outbox",
    "staff.request_page": "request of a department",
    "staff.request_tab": "request of a department",
    "staff.exchange_sent": "request of a department",
    "staff.exchange_read": "request of a department",
    "audit.home": "every history",
    "audit.request_page": "every history",
    "audit.request_tab": "every history",
}
TABS = ("demandeur", "demande", "historique", "echanges", "pieces")
SERVED = {"GET": {200, 303}, "POST": {200, 303, 422}}


@dataclass
class Things:
    """What there is in the town, under the names that addresses have for it."""

    reference: str
    exchange_id: UUID
    mail_id: UUID
    slug: str = "acte-de-naissance"

    def addresses(self, app: flask.Flask, rule: Rule) -> Iterator[str]:
        """The addresses of a page, with every tab where there are tabs."""
        given = {name: value for name, value in vars(self).items() if name in rule.arguments}
        with app.test_request_context():
            for tab in TABS if "tab" in rule.arguments else [None]:
                yield flask.url_for(rule.endpoint, **given | ({"tab": tab} if tab else {}))


@pytest.fixture
def things(portal: Portal, town: Town) -> Things:
    """A request of Camille's at « État civil », with a message to read on either side and a mail that waits."""
    filed = town.files(town.camille)
    exchange_id = town.writes(town.dominique, filed.request_id)
    town.writes(town.camille, filed.request_id)
    with portal.connection() as connection:
        outbox.queue(
            connection, stream_id=filed.request_id, version=2, recipient="applicant", template="acknowledgement"
        )
        (mail,) = outbox.page(connection, outbox.State.WAITING)
    town.drain()
    return Things(filed.reference, exchange_id, mail.mail_id)


@pytest.fixture
def as_visitor(app: flask.Flask, signed_in: Callable[[str], Visitor], town: Town) -> Callable[[str], Visitor]:
    """Somebody of the cast, or nobody, on a page whose token can be sent along."""

    def arrive(username: str) -> Visitor:
        arrived = signed_in(username) if username else Visitor(app)
        town.drain()
        arrived.get("/reference" if username else "/connexion")
        return arrived

    return arrive


def pages(app: flask.Flask, method: str) -> list[Rule]:
    """The routes that are asked for with a method, sign-in and sign-out aside when it changes who asks."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    return [rule for rule in rules if rule.endpoint not in ("static", "public.sign_in_sent", "public.sign_out")]


def state(portal: Portal) -> tuple[int, dict[str, Any]]:
    """The end of the log, and every row of every plain table."""
    with portal.connection() as connection:
        tables = [
            row["tablename"]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'plain'")
        ]
        rows = {
            name: connection.execute(f"SELECT * FROM plain.{name} ORDER BY 1, 2").fetchall() for name in tables
        }
    return portal.position(), rows


def test_every_page_is_of_a_kind_and_every_kind_is_of_a_page(app: flask.Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"} == KINDS.keys()
    assert set(KINDS.values()) == WELCOME.keys()


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_each_visitor_is_shown_what_is_theirs_and_no_more_and_looking_changes_nothing(
    app: flask.Flask, portal: Portal, things: Things, as_visitor: Callable[[str], Visitor], username: str
) -> None:
    visitor = as_visitor(username)
    before = state(portal)
    for rule in pages(app, "GET"):
        for address in things.addresses(app, rule):
            page = visitor.get(address)
            assert page.status in answers(rule, username, "GET"), address
            assert page.status != 404 or things.reference not in page.words, address
            assert state(portal) == before, f"{address} writes"


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_each_visitor_writes_where_they_may_and_nowhere_else(
    app: flask.Flask, portal: Portal, things: Things, as_visitor: Callable[[str], Visitor], username: str
) -> None:
    visitor = as_visitor(username)
    for rule in pages(app, "POST"):
        for address in things.addresses(app, rule):
            before = portal.position()
            page = visitor.post(address, text="Bonjour", csrf_token=visitor.token)
            assert page.status in answers(rule, username, "POST"), address
            if page.status == 404 or not username:
                assert portal.position() == before, f"{address} wrote"
            visitor.get("/reference" if username else "/connexion")


def answers(rule: Rule, username: str, method: str) -> set[int]:
    """The statuses that this visitor may get from this page."""
    if rule.endpoint == "public.health":
        return {503}  # no worker runs here
    if username in WELCOME[KINDS[rule.endpoint]]:
        return SERVED[method]
    return {404} if username else {303}
