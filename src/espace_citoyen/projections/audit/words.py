"""The facts of events in French: the name of each fact, what its code or its id stands for, dates written out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_citoyen import dates
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.aggregates.typed import is_day
from espace_citoyen.application import Portal
from espace_citoyen.labels import FACT, VALUE
from espace_citoyen.projections.audit.entries import Entry

_LASTING = ("reference", "procedure_id", "procedure_version", "department_id", "status")
"""What every event of a request says again, and is worth a line only when it changes."""


@dataclass(frozen=True)
class Words:
    """The names of what events mention by id, and the questions of the form they answer."""

    named: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)


def words_of(portal: Portal, entries: Sequence[Entry]) -> Words:
    """Return what the ids in a history are called, and the questions of the form it began with.

    Departments and procedures are never erased: the names outlive what they are said of.
    """
    departments = _ids(entries, "department_id", "departments", "former_department_id")
    named = {str(each): _department(portal, each) for each in departments}
    questions: dict[str, str] = {}
    for each in _ids(entries, "procedure_id"):
        try:
            version = portal.get(Procedure, each).versions[int(entries[0].facts["procedure_version"])]
        except (NotFound, KeyError):
            continue
        named[str(each)] = version.title
        questions = {field.name: field.label for field in version.fields}
    return Words(named, questions)


def news(entries: Iterable[Entry]) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Return each event with the facts that it does not merely repeat from an earlier one."""
    lasting: dict[str, str] = {}
    for entry in entries:
        facts = {name: fact for name, fact in entry.facts.items() if lasting.get(name) != str(fact)}
        lasting |= {name: str(entry.facts[name]) for name in _LASTING if name in entry.facts}
        yield entry, facts


def said(
    facts: Mapping[str, Any], words: Words, names: Mapping[str, str] = FACT, above: str = ""
) -> Iterator[tuple[str, str]]:
    """Return the facts as names and texts, one line per fact however deep it stands; empty ones are left out."""
    for name, fact in facts.items():
        shown = f"{above}{names.get(name, name)}"
        if isinstance(fact, Mapping):
            yield from said(fact, words, words.questions if name == "answers" else FACT, f"{shown}, ")
        elif isinstance(fact, list) and fact and isinstance(fact[0], Mapping):
            for rank, each in enumerate(fact, start=1):
                yield from said(each, words, FACT, f"{shown}, n° {rank}, ")
        elif fact not in (None, "", []):
            yield shown, _word(name, fact, words)


def _word(name: str, fact: Any, words: Words) -> str:
    if isinstance(fact, bool):
        return "oui" if fact else "non"
    if isinstance(fact, list | tuple):
        return ", ".join(_word(name, each, words) for each in fact)
    if isinstance(fact, date):
        return dates.day(fact)
    text = str(fact)
    if is_day(text):
        return dates.day(date.fromisoformat(text))
    if name in _INSTANTS:
        return dates.moment(datetime.fromisoformat(text))
    return VALUE.get(name, words.named).get(text, text)


_INSTANTS = frozenset({"starts_at", "ends_at"})
"""The facts that are an instant, in ISO 8601 with its offset."""


def _department(portal: Portal, department_id: UUID) -> str:
    try:
        return portal.get(Department, department_id).name
    except NotFound:
        return str(department_id)


def _ids(entries: Sequence[Entry], *names: str) -> set[UUID]:
    found: set[UUID] = set()
    for entry in entries:
        for name in names:
            given = entry.facts.get(name) or []
            found |= {UUID(str(each)) for each in (given if isinstance(given, list) else [given])}
    return found
