"""An auditor's entry as lines of French for a terminal."""

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from espace_citoyen import dates
from espace_citoyen.labels import ACTOR_KIND, CHANNEL, FACT, VALUE
from espace_citoyen.projections.audit import Entry

GONE = "contenu effacé"
_INDENT = "     "


def paragraph(entry: Entry) -> str:
    """Return an event on several lines: where and when, who did what, how, and every fact."""
    lines = [
        f"{entry.version:>4} {entry.label}",
        f"{_INDENT}{when(entry.at)} · {_who(entry)} · {CHANNEL[entry.channel]} · position {entry.position}",
    ]
    if abs(entry.recorded_at - entry.at) > timedelta(seconds=5):
        lines.append(f"{_INDENT}enregistré le {when(entry.recorded_at)}")
    if entry.erased:
        lines.append(f"{_INDENT}{GONE}")
    width = max(60, shutil.get_terminal_size().columns)
    for name, said in _facts(entry.facts):
        lines += textwrap.wrap(
            f"{name} : {said}", width, initial_indent=_INDENT, subsequent_indent=_INDENT + "    "
        )
    return "\n".join(lines)


def line(entry: Entry) -> str:
    """Return an event on one line, for a list of thousands."""
    about = entry.facts.get("reference") or entry.stream
    gone = f" ({GONE})" if entry.erased else ""
    where = f"{entry.position:>8}  {stamp(entry.at)}  {about} v{entry.version}"
    return f"{where}  {entry.label}{gone} · {CHANNEL[entry.channel]}"


def when(at: datetime) -> str:
    """« lundi 2 mars 2026 à 10:00:03 », in Paris."""
    return f"{dates.weekday(at)} à {at.astimezone(dates.PARIS):%H:%M:%S}"


def stamp(at: datetime) -> str:
    """« 2026-03-02 10:00:03 », in Paris."""
    return f"{at.astimezone(dates.PARIS):%Y-%m-%d %H:%M:%S}"


def _who(entry: Entry) -> str:
    who = ", ".join(filter(None, (ACTOR_KIND[entry.actor_kind], entry.capacity)))
    return f"{who} pour {entry.on_behalf_of}" if entry.on_behalf_of else who


def _facts(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        shown = f"{above}{FACT.get(name, name)}"
        if isinstance(value, Mapping):
            yield from _facts(value, f"{shown}, ")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for rank, each in enumerate(value, start=1):
                yield from _facts(each, f"{shown}, n° {rank}, ")
        elif value not in (None, "", []):
            yield shown, _said(name, value)


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return ", ".join(_said(name, each) for each in value)
    if isinstance(value, date):
        return dates.day(value)
    return VALUE.get(name, {}).get(str(value), str(value))
