"""What a browser may load, keep, tell others and frame."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import flask
import pytest

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web import assets, create_app
from people import Town
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def secure_app(portal: Portal, settings: Settings, clock: Clock) -> flask.Flask:
    """The application behind a proxy that speaks https."""
    return create_app(portal, replace(settings, base_url="https://espace.valombre.invalid"), clock=clock)


def test_scripts_and_styles_carry_a_number_that_changes_with_every_page(visitor: Visitor) -> None:
    numbers = set()
    for _ in range(2):
        page = visitor.get("/")
        policy = page.response.headers["Content-Security-Policy"]
        (number,) = set(re.findall(r"nonce-([\w-]+)", policy))
        assert set(re.findall(r'nonce="([^"]*)"', page.text)) == {number}
        numbers.add(number)
    assert len(numbers) == 2


@pytest.mark.parametrize("path", ["/", "/connexion", "/nowhere", "/accessibilite"])
def test_no_script_or_style_stands_in_the_page_itself(visitor: Visitor, path: str) -> None:
    text = visitor.get(path).text
    assert "<style" not in text
    assert not re.search(r"<script[^>]*>[^<]", text)
    assert not re.search(r"\s(style|on\w+)=", text)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/sante", "/static/espace-citoyen.css", "/api/v1/x"])
def test_every_answer_is_sealed_off(visitor: Visitor, path: str) -> None:
    headers = visitor.client.get(path, buffered=True).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_pages_are_not_kept_by_the_browser(signed_in: SignedIn) -> None:
    assert signed_in("camille").get("/reference").response.headers["Cache-Control"] == "no-store"


def test_over_https_the_browser_is_told_to_stay_there(secure_app: flask.Flask) -> None:
    headers = secure_app.test_client().get("/", base_url="https://espace.valombre.invalid").headers
    assert "max-age=" in headers["Strict-Transport-Security"]


def test_over_https_cookies_are_bound_to_the_host(secure_app: flask.Flask, town: Town) -> None:
    assert town.camille
    client = secure_app.test_client()
    base = "https://espace.valombre.invalid"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connexion", base_url=base).text)
    assert token
    data = {"csrf_token": token[1], "username": "camille", "password": "Demonstration-2026!"}
    cookies = client.post("/connexion", data=data, base_url=base).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_over_http_the_demo_s_cookies_have_no_prefix(visitor: Visitor) -> None:
    (cookie,) = visitor.get("/connexion").response.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_a_static_file_is_kept_for_ever_under_its_digest_only(visitor: Visitor) -> None:
    (address,) = re.findall(r'href="(/static/espace-citoyen\.css\?v=\w+)"', visitor.get("/").text)
    assert "immutable" in visitor.client.get(address, buffered=True).headers["Cache-Control"]
    for other in ("/static/espace-citoyen.css", "/static/espace-citoyen.css?v=0123", "/static/nothing.css?v="):
        assert visitor.client.get(other, buffered=True).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["../headers.py", "vendor/../../headers.py", "n" * 300, "%00"])
def test_no_path_of_a_visitor_opens_a_file_elsewhere(visitor: Visitor, name: str) -> None:
    """Not even to compare: whoever guesses a file right would be told by the header."""
    guessed = hashlib.sha256((assets.FOLDER / "../headers.py").read_bytes()).hexdigest()[:16]
    response = visitor.client.get(f"/static/{name}?v={guessed}")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_path_written_otherwise_leads_to_ours_whatever_host_is_claimed(visitor: Visitor) -> None:
    response = visitor.client.get("/agents?page=2", headers={"Host": "evil.example"})
    assert response.status_code == 308
    assert response.headers["Location"] == "/agents/?page=2"
    merged = visitor.client.get("/demarches//acte", headers={"Host": "evil.example"})
    assert merged.headers["Location"] == "/demarches/acte"


def test_a_page_without_a_form_leaves_no_cookie(visitor: Visitor) -> None:
    assert "Set-Cookie" not in visitor.get("/").response.headers
