"""A real Chromium, and the demo town served to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import flask
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import Connection
from werkzeug.serving import make_server

from espace_citoyen import demo, files, outbox
from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Filing, deposit_request
from espace_citoyen.config import Settings
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.links import tracking_token
from espace_citoyen.projections import model
from espace_citoyen.store.erasure import key_deletion
from espace_citoyen.web import create_app
from visitors import Clock

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TODAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
"""Half past two on a Monday in Paris: when the demo's pictures are taken."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--look", action="store_true", help="refresh the pictures of docs/ecrans")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Site:
    """A portal that a browser can visit."""

    address: str
    app: flask.Flask
    portal: Portal
    clock: Clock
    references: dict[str, str]
    all_references: list[str]

    def sign_in(self, page: Page, username: str) -> None:
        """Sign in through the form."""
        page.goto(f"{self.address}/connexion")
        page.get_by_label("Identifiant").fill(username)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(lambda url: "/connexion" not in url)


@pytest.fixture
def site(portal: Portal, settings: Settings) -> Iterator[Site]:
    """The demo town, served, on a Monday afternoon; everything is projected."""
    town = demo.invent(portal, at=TODAY, files_root=files.folder(settings.files_url))
    erased = _erased(portal, town)
    with portal.connection() as connection:
        model.catch_up(portal, connection)
        letter = _letter(connection, town.requests["waiting"])
    told = {name: portal.get(ServiceRequest, request_id) for name, request_id in town.requests.items()}
    references = _references(portal, told) | {"letter": str(letter), "erased": erased}
    clock = Clock(TODAY)
    app = create_app(portal, settings, clock=clock)
    with serving(app) as address:
        yield Site(address, app, portal, clock, references, [*(each.reference for each in told.values()), erased])


def _references(portal: Portal, told: dict[str, ServiceRequest]) -> dict[str, str]:
    """What looks and journeys name: each story by its name, and a few under a second one."""
    return {name: request.reference for name, request in told.items()} | {
        "answered": told["decided"].reference,
        "papers": told["decided"].reference,
        "appointment": str(told["meeting"].upcoming(TODAY)),
        "tracking": tracking_token(portal, told["followed"]),
    }


def _erased(portal: Portal, town: demo.Town) -> str:
    """The reference of a request that was filed without account and erased since."""
    holder = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=uuid4(), name="Léa Moreau")
    person = Person(title="Mme", first_name="Léa", last_name="Moreau", email="lea@exemple.invalid")
    assert holder.id
    filing = Filing(holder.id, town.procedures["eclairage-public"], 1, person, {"lieu": "Passage du Lavoir"})
    filed = deposit_request(portal, at=TODAY - timedelta(days=2), actor=holder, filing=filing)
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=TODAY, actor=SYSTEM, reason="mistake", visa="DPO-2026-014")
    portal.record(request, alongside=[key_deletion(request.id)])
    return filed.reference


def _letter(connection: Connection[Any], request_id: UUID) -> UUID:
    """The acknowledgement of a request, to be printed."""
    to_print = outbox.State.TO_PRINT
    outbox.queue(
        connection,
        stream_id=request_id,
        version=2,
        recipient="applicant",
        template="acknowledgement",
        state=to_print,
    )
    return outbox.page(connection, to_print)[0].mail_id


@contextmanager
def serving(app: flask.Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(width=375)`: a fresh browser window; what its console complains about fails the test."""
    complaints: list[str] = []
    with ExitStack() as closing:

        def opened(width: int = 1280, **options: object) -> Page:
            context: BrowserContext = chromium.new_context(
                viewport={"width": width, "height": 900},
                locale="fr-FR",
                timezone_id="Europe/Paris",
                **options,  # type: ignore[arg-type]
            )
            closing.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.text) else None)
            return page

        yield opened
    assert complaints == []


def _is_complaint(text: str) -> bool:
    """Whether the console says that a page is wrong; a refused page's own status is not."""
    return "Failed to load resource: the server responded with a status of 4" not in text
