"""Visitors of the portal without a browser, and the pages they get: each one is checked before a test sees it."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.web import create_app

LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\}|Undefined|<function |<bound method |object at 0x")


class Clock:
    """A clock that moves when told."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **delay: float) -> None:
        self.now += timedelta(**delay)


@dataclass
class FormSeen:
    """A form of a page: where it goes and what it would send as it is."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a visitor got: its status, its words, its links and its forms."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.text = response.get_data().decode(errors="replace")  # a picture is no text
        self.location = response.headers.get("Location", "")
        self.title = ""
        self.headings: list[str] = []
        self.links: dict[str, str] = {}
        self.forms: list[FormSeen] = []
        self.words = ""
        self._open: list[tuple[str, str]] = []
        self._link = self._filled = ""
        if self.is_html:
            self.feed(self.text)
            self.words = " ".join(self.words.split())

    @property
    def is_html(self) -> bool:
        return self.response.mimetype == "text/html" and not 300 <= self.status < 400

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(FormSeen(given.get("action", ""), given.get("method", "get")))
        elif tag in ("input", "textarea", "select") and self.forms and "name" in given:
            self._filled = given["name"]
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.forms[-1].values[self._filled] = given.get("value", "")
        elif tag == "option" and "selected" in given:
            self.forms[-1].values[self._filled] = given.get("value", "")
        self._open.append((tag, given.get("href", "")))
        self._link = "" if tag == "a" else self._link
        self.headings += [""] if tag == "h1" else []
        if tag in ("input", "img", "meta", "link", "br", "hr"):
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while (closed := self._open.pop())[0] != tag:
                pass
            if tag == "a":
                self.links[" ".join(self._link.split())] = closed[1]

    def handle_data(self, data: str) -> None:
        inside = [name for name, _ in self._open]
        if "script" in inside:
            return
        if "title" in inside:
            self.title += data
            return
        self.words += data + " "
        if "h1" in inside:
            self.headings[-1] += data
        if "textarea" in inside and self._filled:
            self.forms[-1].values[self._filled] += data
        self._link += data

    def check(self) -> None:
        """Whatever the page: a title, one heading, a CSRF token in what writes, a strict policy, no leftovers."""
        headers = self.response.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], "no content security policy"
        assert "unsafe" not in headers["Content-Security-Policy"]
        if not self.is_html:
            return
        assert '<html lang="fr"' in self.text
        assert self.title.endswith(" – Ville de Valombre"), f"title: {self.title!r}"
        assert len(self.title) > len(" – Ville de Valombre"), "an empty title"
        assert len(self.headings) == 1, f"headings: {self.headings}"
        assert self.headings[0].strip(), "an empty heading"
        assert not (found := LEFTOVERS.search(self.text)), f"left in the page: {found}"
        for form in self.forms:
            assert form.action.startswith("/"), f"form without an address of ours: {form}"
            assert form.method == "get" or "csrf_token" in form.values, f"form without a token: {form}"


class Visitor:
    """Somebody in front of the portal: keeps cookies, sends forms with the token of the page they are on."""

    def __init__(self, app: flask.Flask, address: str = "192.0.2.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address
        self.page: Page | None = None

    def get(self, path: str, **more: Any) -> Page:
        return self._keep(self.client.get(path, **self._from(more)))

    def post(self, path: str, _token: bool = True, **fields: Any) -> Page:
        """Send a form, with the token of the page the visitor is on."""
        token = self.token if _token else ""
        data = {"csrf_token": token, **fields} if token else fields
        return self._keep(self.client.post(path, data=data, **self._from({})))

    def send(self, _form: str = "", **fields: Any) -> Page:
        """Send the last form of the page (or the one whose address ends so) as it is drawn, but for `fields`."""
        assert self.page is not None
        form = [form for form in self.page.forms if form.method == "post" and form.action.endswith(_form)][-1]
        return self._keep(self.client.post(form.action, data=form.values | fields, **self._from({})))

    def follow(self) -> Page:
        """Go where the answer leads."""
        assert self.page is not None
        return self.get(self.page.location)

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Page:
        self.get("/connexion")
        return self.post("/connexion", username=username, password=password, **more)

    @property
    def token(self) -> str:
        tokens = [form.values.get("csrf_token", "") for form in self.page.forms] if self.page else []
        return tokens[-1] if tokens else ""

    @property
    def session_cookie(self) -> str:
        cookie = self.client.get_cookie("session")
        return cookie.value if cookie else ""

    def _from(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"environ_base": {"REMOTE_ADDR": self.address}, **more}

    def _keep(self, response: TestResponse) -> Page:
        page = Page(response)
        page.check()
        self.page = page
        return page


def knock(settings: Settings, at: datetime) -> int:
    """Try a wrong password on a process of its own; the status is returned."""
    portal = Portal(settings.database, settings.master_key)
    try:
        return Visitor(create_app(portal, settings, clock=Clock(at))).sign_in("camille", "not this one").status
    finally:
        portal.close()
