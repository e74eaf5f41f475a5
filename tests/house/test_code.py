"""The code keeps its manners: sizes, names, words said, reasons given."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "espace_citoyen"
MODULES = sorted(SOURCE.rglob("*.py"))

SLICES = {
    "requests", "accounts", "families", "storage", "procedures", "appointments",
    "content", "surveys", "partners", "staff", "claims", "municipality",
}  # fmt: skip
OTHERS = {
    "aggregates": {"actor", "events", "erasures", "references", "refusals", "typed"},
    "commands": {"erasure", "outbox", "replies"},
    "projections": {
        "erasures",
        "audit",
        "changes",
        "check",
        "exchanges",
        "folding",
        "former",
        "home",
        "letters",
        "model",
        "scope",
        "statistics",
        "tabs",
        "wording",
    },
    "web/public": {"filer", "filing", "health", "home", "security_code", "statements", "tracking"},
    "web/citizen": {"attachments", "exchanges", "home", "linking"},
    "web/staff": {"accesses", "attachments", "erasures", "letters", "mails", "queue", "treatment"},
    "web/audit": {"accesses", "attachments", "events", "home"},
    "web/api": set(),
    "web/schemas": {"attachments", "audit", "exchanges", "fields"},
}
"""What a layer holds besides slices: the parts of a request, several slices at once, or its own machinery."""


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))


def length(function: ast.FunctionDef) -> int:
    """Lines of a function, its decorators and docstring aside."""
    assert function.end_lineno
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        said = function.body[0]
        assert said.end_lineno
        lines -= said.end_lineno - said.lineno + 1
    return lines


def is_route(function: ast.FunctionDef) -> bool:
    return any(re.search(r"\.(get|post|route)\(", ast.unparse(each)) for each in function.decorator_list)


# Sizes


def test_no_module_is_longer_than_300_lines_and_one_in_twenty_at_most_than_200() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 300} == {}
    long = sorted(name for name, count in lines.items() if count > 200)
    assert len(long) <= len(MODULES) / 20, long


def test_no_function_is_longer_than_25_lines_and_no_route_than_15() -> None:
    limits = {True: 15, False: 25}
    assert [
        f"{name_of(path)}: {function.name}, {length(function)} lines"
        for path in MODULES
        for function in functions(path)
        if length(function) > limits[is_route(function)]
    ] == []


# Names


@pytest.mark.parametrize("layer", sorted(OTHERS))
def test_the_word_of_a_slice_is_the_same_in_every_layer(layer: str) -> None:
    words = {path.stem if path.is_file() else path.name for path in (SOURCE / layer).iterdir()}
    words -= {"__init__", "__pycache__"}
    assert words <= SLICES | OTHERS[layer]


def test_a_slice_that_is_asked_or_read_is_decided_somewhere() -> None:
    decided = {path.stem for path in (SOURCE / "aggregates").glob("*.py")}
    for layer in ("commands", "projections"):
        assert {path.stem for path in (SOURCE / layer).glob("*.py")} & SLICES <= decided


def test_nothing_bears_a_name_that_says_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "base", "common", "misc", "services", "managers", "core"}
    assert [name_of(path) for path in SOURCE.rglob("*") if path.stem in empty_words] == []


# Words


def test_every_module_begins_with_one_line_that_says_what_it_holds() -> None:
    for path in MODULES:
        if path.read_text(encoding="utf-8").strip():
            said = ast.get_docstring(tree_of(path))
            assert said, name_of(path)
            assert said.splitlines()[0].endswith((".", "!", "?", "]")), name_of(path)


def test_every_public_thing_says_what_it_decides_returns_or_refuses() -> None:
    mute = [
        f"{name_of(path)}: {node.name}"
        for path in MODULES
        for node in public(tree_of(path).body)
        if not ast.get_docstring(node)
    ]
    assert mute == []


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes, and the public methods of these; an event is said by its name and label."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (each for each in public(node.body) if isinstance(each, ast.FunctionDef))


def test_every_silenced_rule_has_its_reason() -> None:
    silenced = re.compile(r"# (?:noqa|type: ignore)(?:: [A-Z0-9, ]+|\[[a-z, -]+\])?(.*)$", re.MULTILINE)
    assert [
        f"{name_of(path)}: {found[0]}"
        for path in MODULES
        for found in silenced.finditer(path.read_text(encoding="utf-8"))
        if len(re.findall(r"\w+", found[1])) < 2
    ] == []


def test_nothing_is_left_to_be_done_in_the_code_nor_points_to_the_machine_it_was_written_on() -> None:
    forbidden = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b|(?<!\w)/(wor[k]|hom[e])/")
    folders = ("src", "tests", "scripts", "docs")
    texts = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md", ".sh"}
    ]
    assert [str(path) for path in texts if forbidden.search(path.read_text(encoding="utf-8"))] == []
