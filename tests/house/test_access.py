"""Every page × every visitor × every request: what they get follows from its kind (« Who may what »).

A new page is one line in KINDS. Its address is filled in from `tests/things.py`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import flask
import pytest
from werkzeug.routing import Rule

from espace_citoyen import files
from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from people import Town
from things import Things, of_a_stranger, of_camille
from visitors import Visitor

NOBODY, HOLDER, OWNER = "", "holder", "owner"
"""Nobody known; the holder of the stranger's tracking link; whoever of the visitors owns the request."""
CITIZENS = {"camille", "nadia"}
DESK_OF_CIVIL, MANAGERS_OF_CIVIL = {"dominique", "maud"}, {"maud"}
STAFF, AUDITORS, ADMINISTRATORS = {"dominique", "maud", "samir", "alex"}, {"ines"}, {"alex"}
EVERYBODY = CITIZENS | STAFF | AUDITORS | {NOBODY, HOLDER}
WELCOME: dict[str, set[str]] = {
    "public page": EVERYBODY,
    "form of a procedure, sent": CITIZENS,
    "own space": CITIZENS,
    "own request": {OWNER},
    "own request's gesture": {OWNER},
    "desk": STAFF,
    "archives of departments": STAFF - ADMINISTRATORS,
    "letters of departments": STAFF - ADMINISTRATORS,
    "request of a department": DESK_OF_CIVIL,
    "gesture of a department's agent": DESK_OF_CIVIL,
    "gesture of a manager": MANAGERS_OF_CIVIL,
    "the applicant's attachment, changed": set(),
    "outbox": ADMINISTRATORS,
    "erasure": ADMINISTRATORS,
    "link page": EVERYBODY,
    "every history": AUDITORS,
    "access log of the administrator": ADMINISTRATORS,
}
"""Who is served, by kind of thing. Every request is of « État civil »; one is Camille's, one a stranger's."""
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
    "public.security_code_picture": "public page",
    "public.security_code_sound": "public page",
    "public.tracking": "link page",
    "public.procedure_sent": "form of a procedure, sent",
    "citizen.home": "own space",
    "citizen.requests": "own space",
    "citizen.archived": "own space",
    "citizen.appointments": "own space",
    "citizen.exchanges": "own space",
    "citizen.request_page": "own request",
    "citizen.request_tab": "own request",
    "citizen.filed": "own request",
    "citizen.linking": "own request",
    "citizen.linked": "own request's gesture",
    "citizen.exchange_sent": "own request",
    "citizen.exchange_read": "own request",
    "citizen.attachment_add": "own request",
    "citizen.attachment_added": "own request",
    "citizen.attachment_change": "own request",
    "citizen.attachment_changed": "own request",
    "citizen.attachment_remove": "own request",
    "citizen.attachment_removed": "own request",
    "citizen.attachment_file": "own request",
    "citizen.correction": "own request's gesture",
    "citizen.correction_sent": "own request's gesture",
    "citizen.cancellation": "own request's gesture",
    "citizen.cancellation_sent": "own request's gesture",
    "citizen.appointment_new": "own request's gesture",
    "citizen.appointment_booked": "own request's gesture",
    "citizen.appointment_move": "own request's gesture",
    "citizen.appointment_moved": "own request's gesture",
    "citizen.appointment_cancel": "own request's gesture",
    "citizen.appointment_cancelled": "own request's gesture",
    "staff.queue": "desk",
    "staff.letters": "letters of departments",
    "staff.letter": "request of a department",
    "staff.letter_done": "request of a department",
    "staff.mails": "outbox",
    "staff.mail_again": "outbox",
    "staff.request_page": "request of a department",
    "staff.request_tab": "request of a department",
    "staff.exchange_sent": "request of a department",
    "staff.exchange_read": "request of a department",
    "staff.appointment_new": "request of a department",
    "staff.appointment_booked": "request of a department",
    "staff.appointment_move": "request of a department",
    "staff.appointment_moved": "request of a department",
    "staff.appointment_cancel": "request of a department",
    "staff.appointment_cancelled": "request of a department",
    "staff.attachment_add": "request of a department",
    "staff.attachment_added": "request of a department",
    "staff.attachment_change": "request of a department",
    "staff.attachment_changed": "the applicant's attachment, changed",
    "staff.attachment_remove": "request of a department",
    "staff.attachment_removed": "the applicant's attachment, changed",
    "staff.attachment_file": "request of a department",
    "staff.archives": "archives of departments",
    "staff.assignment": "gesture of a department's agent",
    "staff.assigned": "gesture of a department's agent",
    "staff.taken_up": "gesture of a department's agent",
    "staff.correction": "gesture of a department's agent",
    "staff.correction_asked": "gesture of a department's agent",
    "staff.decision": "gesture of a department's agent",
    "staff.decided": "gesture of a department's agent",
    "staff.archived": "gesture of a department's agent",
    "staff.notes": "gesture of a department's agent",
    "staff.noted": "gesture of a department's agent",
    "staff.transfer": "gesture of a manager",
    "staff.transferred": "gesture of a manager",
    "staff.reopening": "gesture of a manager",
    "staff.reopened": "gesture of a manager",
    "staff.erasures": "erasure",
    "staff.erasure_prepared": "erasure",
    "staff.erasure_ordered": "erasure",
    "audit.home": "every history",
    "audit.request_page": "every history",
    "audit.request_tab": "every history",
    "staff.accesses": "access log of the administrator",
    "audit.attachment_file": "every history",
    "audit.moment": "every history",
    "audit.export": "every history",
    "audit.events": "every history",
    "audit.accesses": "every history",
}
LOOKING_WRITES = {"access_log"}
"""The one plain table that a page read by the town's people adds to."""
SERVED = {"GET": {200, 303}, "POST": {200, 303, 409, 422}}
"""A gesture may also be one that the state of the request does not allow (409) or that says too little (422)."""
AWAY = {NOBODY: {303}, HOLDER: {303, 404}}
"""Who is not signed in is led to sign in; to all others there is no such page."""


@pytest.fixture
def things(portal: Portal, town: Town, settings: Settings) -> list[Things]:
    """Two requests that have had everything, one with an account and one without, in different states."""
    found = [of_camille(portal, town), of_a_stranger(portal, town)]
    for each in found:
        each.put_file(portal, files.folder(settings.files_url))
    town.drain()
    return found


@pytest.fixture
def as_visitor(app: flask.Flask, signed_in: Callable[[str], Visitor], town: Town) -> Callable[..., Visitor]:
    """Somebody of the cast, the holder of a link, or nobody, on a page whose token can be sent along."""

    def arrive(username: str, things: list[Things]) -> Visitor:
        if username == HOLDER:
            arrived = by_link(app, next(each for each in things if each.owner == HOLDER))
        else:
            arrived = signed_in(username) if username else Visitor(app)
        town.drain()
        arrived.get(PAGE_WITH_TOKEN[bool(username)])
        return arrived

    return arrive


CHANGING_WHO_ASKS = {"static", "public.sign_in_sent", "public.sign_out", "public.tracking"}
PAGE_WITH_TOKEN = {True: "/reference", False: "/connexion"}


def by_link(app: flask.Flask, followed: Things) -> Visitor:
    """The holder of a tracking link, who has opened it."""
    arrived = Visitor(app)
    assert arrived.get(f"/suivi/{followed.token}").status == 303
    return arrived


def pages(app: flask.Flask, method: str) -> list[Rule]:
    """The routes that are asked for with a method, those aside that change who asks."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    return [rule for rule in rules if rule.endpoint not in CHANGING_WHO_ASKS]


def visits(app: flask.Flask, method: str, things: list[Things]) -> Iterator[tuple[Rule, Things, str]]:
    """Every page with that method, for each request in turn when its address names one."""
    for rule in pages(app, method):
        addresses: set[str] = set()
        for each in things:
            new = set(each.addresses(app, rule)) - addresses
            addresses |= new
            yield from ((rule, each, address) for address in sorted(new))


def state(portal: Portal) -> tuple[int, dict[str, Any]]:
    """The end of the log, and every row of every plain table but the one that looking adds to."""
    with portal.connection() as connection:
        tables = [
            row["tablename"]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'plain'")
        ]
        rows = {
            name: connection.execute(f"SELECT * FROM plain.{name} ORDER BY 1, 2").fetchall()
            for name in tables
            if name not in LOOKING_WRITES
        }
    return portal.position(), rows


def test_every_page_is_of_a_kind_and_every_kind_is_of_a_page(app: flask.Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"} == KINDS.keys()
    assert set(KINDS.values()) == WELCOME.keys()


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_each_visitor_is_shown_what_is_theirs_and_no_more_and_looking_changes_nothing(
    app: flask.Flask,
    portal: Portal,
    things: list[Things],
    as_visitor: Callable[..., Visitor],
    username: str,
) -> None:
    visitor = as_visitor(username, things)
    before = state(portal)
    for rule, about, address in visits(app, "GET", things):
        page = visitor.get(address)
        assert page.status in answers(rule, about, username, "GET"), address
        assert page.status != 404 or about.reference not in page.words, address
        assert state(portal) == before, f"{address} writes"


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_each_visitor_writes_where_they_may_and_nowhere_else(
    app: flask.Flask,
    portal: Portal,
    things: list[Things],
    as_visitor: Callable[..., Visitor],
    username: str,
) -> None:
    visitor = as_visitor(username, things)
    for rule, about, address in visits(app, "POST", things):
        before = portal.position()
        page = visitor.post(address, text="Bonjour", csrf_token=visitor.token)
        assert page.status in answers(rule, about, username, "POST"), address
        if not welcome(rule, about, username):
            assert portal.position() == before, f"{address} wrote"
        visitor.get(PAGE_WITH_TOKEN[bool(username)])


def welcome(rule: Rule, about: Things, username: str) -> bool:
    """Whether the table « Who may what » lets this visitor have this page about these things."""
    served = WELCOME[KINDS[rule.endpoint]]
    return username in served or (OWNER in served and username == about.owner)


def answers(rule: Rule, about: Things, username: str, method: str) -> set[int]:
    """The statuses that this visitor may get from this page."""
    if rule.endpoint == "public.health":
        return {503}  # no worker runs here
    return SERVED[method] if welcome(rule, about, username) else AWAY.get(username, {404})
