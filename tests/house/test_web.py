"""The web keeps its promises as a building: doors, tokens, verbs, shipped files."""

import hashlib
import re
from pathlib import Path

import flask
import pytest
from werkzeug.routing import Rule

from espace_citoyen.web import DOORS, assets, guards
from visitors import Visitor

WEB = assets.FOLDER.parent
VENDOR = assets.FOLDER / "vendor/govuk-frontend"
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def rules(app: flask.Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule: Rule) -> str:
    """An address of this route, whatever its variables."""
    nobody = "00000000-0000-0000-0000-000000000000"
    path = re.sub(r"<uuid:\w+>", nobody, rule.rule)
    return re.sub(r"<[^>]+>", "7K3F-9QX2", path)


def test_every_door_has_one_guard_and_every_guard_a_door(app: flask.Flask) -> None:
    assert set(app.blueprints) == {door.name for door in DOORS} == set(guards.GUARDS)


def test_every_page_is_behind_a_door(app: flask.Flask) -> None:
    assert [rule.endpoint for rule in rules(app) if rule.endpoint.partition(".")[0] not in guards.GUARDS] == []


def test_every_page_stands_at_an_address_of_its_door(app: flask.Flask) -> None:
    for rule in rules(app):
        assert guards.door_of(rule.rule) == rule.endpoint.partition(".")[0], rule


def test_every_page_that_writes_refuses_without_the_token(app: flask.Flask) -> None:
    writing = [rule for rule in rules(app) if WRITING & (rule.methods or set())]
    assert writing
    for rule in writing:
        if rule.endpoint.startswith("api."):
            continue
        page = Visitor(app).client.open(address(rule), method=min(WRITING & (rule.methods or set())))
        assert page.status_code == 400, rule
        assert "Cette page a expiré" in page.text


def test_a_page_either_shows_or_writes(app: flask.Flask) -> None:
    for rule in rules(app):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, f"{rule} does both"


def test_the_shipped_files_of_govuk_frontend_are_those_of_the_script() -> None:
    sums = dict(line.split()[::-1] for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found == sums.keys() | {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_nothing_reserved_is_shipped() -> None:
    text = (VENDOR / "css/govuk-frontend-6.3.0.min.css").read_text()
    for word in ("url(", "GDS Transport", "crest", "sourceMappingURL"):
        assert word not in text
    assert {path.suffix for path in assets.FOLDER.rglob("*") if path.is_file()} <= {".css", ".js", ".svg", ""}


@pytest.mark.parametrize("path", sorted(WEB.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_templates_hold_no_query_no_style_and_no_script(path: Path) -> None:
    text = path.read_text()
    for word in ("|safe", "autoescape false", " style=", "<style", " onclick="):
        assert word not in text, word
    assert "| safe" not in text or path.name == "icons.html"


def test_french_signs_are_held_to_their_word_by_spaces_that_do_not_break() -> None:
    """U+202F before ; ? ! and U+00A0 before : and inside « »: no line begins with a sign."""
    wrong = []
    for path in sorted(WEB.rglob("templates/**/*.html")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            words = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|&\w+;", "", line)
            wrong += [f"{path.name}:{number}" for _ in re.findall(r"[ \xa0][;?!]|\w :| »|« ", words)]
    assert wrong == []
