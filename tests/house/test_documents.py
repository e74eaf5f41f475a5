"""The documents say what is there: their links lead somewhere, every dependency has its reason."""

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith("http")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_every_dependency_has_its_line_in_the_decision_about_them() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = setup["options"]["install_requires"] + setup["options.extras_require"]["dev"]
    names = {re.split(r"[\[<>=~]", line)[0].strip().lower() for line in wanted.splitlines() if line.strip()}
    said = (ROOT / "docs/decisions/0006-dependencies.md").read_text(encoding="utf-8").lower()
    assert {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said)} == set()


def test_decisions_are_numbered_without_a_gap_or_a_twin() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_decision_says_its_context_and_its_consequences() -> None:
    for path in (ROOT / "docs/decisions").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}. "), path.name
        assert {"## Context", "## Decision", "## Consequences"} <= set(text.splitlines()), path.name
        assert len(text.splitlines()) <= 60, path.name
