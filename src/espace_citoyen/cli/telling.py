"""An auditor's entries as lines of French for a terminal."""

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from espace_citoyen import dates
from espace_citoyen.labels import ACTOR_KIND, CHANNEL
from espace_citoyen.projections import audit
from espace_citoyen.projections.audit import Entry, Words

GONE = "contenu effacé"
_INDENT = "     "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def paragraphs(entries: Iterable[Entry], words: Words) -> Iterator[str]:
    """Return each event on several lines: who did what, when, how, and the facts that are new."""
    for entry, facts in audit.news(entries):
        yield _shown("\n".join([*_heading(entry), *_body(facts, words)]))


def line(entry: Entry) -> str:
    """Return an event on one line, for a list of thousands."""
    about = entry.facts.get("reference") or entry.stream
    gone = f" ({GONE})" if entry.erased else ""
    where = f"{entry.position:>8}  {entry.at.astimezone(dates.PARIS):%Y-%m-%d %H:%M:%S}  {about} v{entry.version}"
    return _shown(f"{where}  {entry.label}{gone} · {CHANNEL[entry.channel]}")


def when(at: datetime) -> str:
    """« lundi 2 mars 2026 à 10:00:03 », in Paris."""
    return f"{dates.weekday(at)} à {at.astimezone(dates.PARIS):%H:%M:%S}"


def counted(count: int, *words: str) -> str:
    """« 1 événement scellé », « 2 événements scellés »."""
    return f"{count} {' '.join(words) if count < 2 else ' '.join(f'{word}s' for word in words)}"


def _shown(text: str) -> str:
    """Leave nothing that a terminal would obey: what people typed is only to be read."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _heading(entry: Entry) -> Iterator[str]:
    yield f"{entry.version:>4} {entry.label}"
    yield f"{_INDENT}{when(entry.at)} · {_who(entry)} · {CHANNEL[entry.channel]} · position {entry.position}"
    if abs(entry.recorded_at - entry.at) > timedelta(seconds=5):
        yield f"{_INDENT}enregistré le {when(entry.recorded_at)}"
    if entry.erased:
        yield f"{_INDENT}{GONE}"


def _who(entry: Entry) -> str:
    who = ", ".join(filter(None, (ACTOR_KIND[entry.actor_kind], entry.capacity)))
    return f"{who} pour {entry.on_behalf_of}" if entry.on_behalf_of else who


def _body(facts: Mapping[str, Any], words: Words) -> Iterator[str]:
    width = max(60, shutil.get_terminal_size().columns)
    deeper = f"{_INDENT}    "
    for name, said in audit.said(facts, words):
        first, *others = said.strip().splitlines() or [""]
        start = f"{name} : {first}"
        yield from textwrap.wrap(
            start, width, initial_indent=_INDENT, subsequent_indent=deeper, break_on_hyphens=False
        )
        for other in others:
            yield textwrap.fill(
                other, width, initial_indent=deeper, subsequent_indent=deeper, break_on_hyphens=False
            )
