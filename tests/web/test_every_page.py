"""Every page, in a real browser, at the widths people have: readable by everybody, and pictures of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import flask
import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import meta
from playwright.sync_api import Page

from fix_browser import Site
from looks import LOOKS, Look

pytestmark = pytest.mark.slow
PICTURES = Path(__file__).parent.parent.parent / "docs/ecrans"
REFERENCES = (
    "7K3F-9QX2",
    "4M8T-2RDW",
    "Q6HC-51VN",
    "X3PJ-8EYB",
    "B9ZA-T7G4",
    "N5YK-6WQF",
    "C2RD-8HVT",
    "E7MX-3KQA",
    "G4PW-9YBN",
    "J6TZ-5CSF",
    "W3SD-6JKM",
)
PRETEND = """references => {
  const chance = [
    [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "1f0c9a52-7d3e-4b86-9c41-5e2a8d706b93"],
    [/[0-9a-f]{64}/g, "4be1d07a93c652f8".repeat(4)],
    [/\\S+ \\S+\\s\\S+\\s\\d{4} à \\d+\\sh\\s\\d\\d\\smin\\s\\d\\d\\ss/g,
      "lundi 23 novembre 2026 à 14 h 30 min 00 s"],
  ];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const [real, pretended] of Object.entries(references))
      texts.currentNode.data = texts.currentNode.data.replaceAll(real, pretended);
    for (const [found, pretended] of chance)
      texts.currentNode.data = texts.currentNode.data.replace(found, pretended);
  }
}"""
"""What chance and the database's clock make (references, ids, fingerprints, instants to the second) as always."""
OpenPage = Callable[..., Page]


@pytest.fixture
def shown(site: Site) -> Iterator[set[str]]:
    """The templates that pages were made from."""
    names: set[str] = set()

    def note(sender: flask.Flask, template: object, **_: object) -> None:
        names.add(str(template.name))  # type: ignore[attr-defined]

    with flask.template_rendered.connected_to(note, site.app):
        yield names


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_readable_by_everybody(
    site: Site, shown: set[str], open_page: OpenPage, pytestconfig: pytest.Config, width: int
) -> None:
    wrong: dict[str, list[str]] = {}
    windows: dict[str, Page] = {}
    for look in LOOKS:
        if look.who not in windows:
            windows[look.who] = _window(site, open_page, look.who, width)
        page = windows[look.who]
        _visit(site, page, look)
        if found := obstacles(page) + _too_wide(page):
            wrong[look.name] = found
        if look.picture and pytestconfig.getoption("look"):
            _picture(site, page, f"{look.name}-{width}.png")
    assert wrong == {}
    assert pages_of(site.app) - shown == set(), "templates that no look shows"


def obstacles(page: Page) -> list[str]:
    """What axe finds wrong; a contrast that it cannot tell counts as wrong."""
    found = Axe().run(page).response
    unsure = [rule for rule in found["incomplete"] if rule["id"] == "color-contrast"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for rule in found["violations"] + unsure
        for node in rule["nodes"]
    ]


def pages_of(app: flask.Flask) -> set[str]:
    """The templates that are pages: those that no other template takes in."""
    env = app.jinja_env
    names = set(env.list_templates(filter_func=lambda name: not name.startswith("govuk_frontend_jinja/")))
    taken_in: set[str | None] = set()
    for name in names:
        source, _, _ = env.loader.get_source(env, name)  # type: ignore[union-attr]
        taken_in |= set(meta.find_referenced_templates(env.parse(source)))
    return names - taken_in


def _too_wide(page: Page) -> list[str]:
    """Whether the page scrolls sideways, on this screen or on one of 320 pixels."""
    usual, found = page.viewport_size, []
    assert usual
    for width in (usual["width"], 320):
        page.set_viewport_size({"width": width, "height": usual["height"]})
        if (taken := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{taken} pixels wide on a screen of {width}")
    page.set_viewport_size(usual)
    return found


def _picture(site: Site, page: Page, name: str) -> None:
    """Take the picture of a page, with the same references every time: only what changed is another picture."""
    page.evaluate(PRETEND, dict(zip(site.all_references, REFERENCES, strict=True)))
    page.screenshot(path=PICTURES / name, full_page=True)


def _window(site: Site, open_page: OpenPage, who: str, width: int) -> Page:
    page = open_page(width)
    if who:
        site.sign_in(page, who)
    return page


def _visit(site: Site, page: Page, look: Look) -> None:
    page.goto(site.address + look.path.format(**site.references))
    if look.then:
        look.then(page)
        page.wait_for_load_state()
