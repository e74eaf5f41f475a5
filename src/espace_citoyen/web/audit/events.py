"""Every event of a request, with its envelope, its facts in words and its seal; the same as JSON (C03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import dates
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Erased
from espace_citoyen.commands.requests import find_request
from espace_citoyen.projections import audit, tabs
from espace_citoyen.projections.audit import Entry
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.sealed import seal_of
from espace_citoyen.web import context, pages
from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.audit.requests import as_asked
from espace_citoyen.web.requests import access, replay
from espace_citoyen.web.requests.show import frame_of
from espace_citoyen.web.requests.view import NotYet, look

SIZE = 100
"""How many events stand on one page."""
AT_ONCE = timedelta(seconds=5)
"""An event recorded within this of its own time was recorded as it happened."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """An event as the table shows it: the facts that are new, in words; `late` when recorded well after it."""

    entry: Entry
    facts: list[tuple[str, str]]
    late: bool


@blueprint.get("/audit/demandes/<reference>/evenements")
def events(reference: str) -> ResponseReturnValue:
    """« Événements »: all of them, now or `au` a date; of an erased request, the envelopes."""
    return as_asked(reference, access.EVENTS, lambda as_of: _page(reference, as_of))


@blueprint.get("/audit/demandes/<reference>/export.json")
def export(reference: str) -> ResponseReturnValue:
    """The same objects as `espace-citoyen audit history --json`, to be kept."""
    return as_asked(reference, access.EVENTS, lambda as_of: _file(reference, as_of))


def _page(reference: str, as_of: datetime | None) -> str:
    try:
        view = look(reference, as_of, what=access.EVENTS)
    except Erased:
        shown, left = _left(reference, as_of, access.EVENTS)
        around = {"reference": shown, "said": dates.instant(as_of) if as_of else ""}
        return flask.render_template("audit/requests/erased_events.html", **around, **_table(shown, left, as_of))
    table = _table(view.row.reference, view.events, as_of)
    return flask.render_template("audit/requests/events.html", **frame_of(view, access.EVENTS), **table)


def _file(reference: str, as_of: datetime | None) -> ResponseReturnValue:
    events: Sequence[RecordedEvent]
    try:
        view = look(reference, as_of, what=access.EXPORT)
        shown, events = view.row.reference, view.events
    except Erased:
        shown, events = _left(reference, as_of, access.EXPORT)
    text = audit.as_json([entry.told() for entry in audit.history(events)], indent=2)
    answer = flask.make_response(text + "\n")
    answer.mimetype = "application/json"
    upto = f"-{as_of:%Y-%m-%dT%H%M%SZ}" if as_of else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="demande-{shown}{upto}.json"'
    return answer


def _left(reference: str, as_of: datetime | None, what: str) -> tuple[str, Sequence[RecordedEvent]]:
    """What an auditor may still read of an erased request: its reference and the envelopes of its events."""
    shown = parse_reference(reference) or ""
    recorded = context.portal().stream(find_request(context.portal(), shown))
    events = tabs.recorded_by(recorded, as_of)
    if not events:
        raise NotYet(recorded)
    access.note(recorded[0].stream_id, what=what, as_of=as_of)
    return shown, events


def _table(reference: str, events: Sequence[RecordedEvent], as_of: datetime | None) -> dict[str, Any]:
    """The rows of one page, the way to the others, and the state of the seal just now."""
    entries, asked = audit.history(events), replay.written(as_of) if as_of else None
    last = ceil(len(entries) / SIZE)
    number = min(pages.asked(), last)
    shown = list(audit.news(entries))[SIZE * (number - 1) : SIZE * number]
    words = audit.words_of(context.portal(), entries)
    with context.portal().connection() as connection:
        seal = seal_of(connection, entries[0].stream)

    def address(page: int) -> str:
        return flask.url_for("audit.events", reference=reference, au=asked, page=page)

    return {
        "rows": [_row(entry, list(audit.said(facts, words))) for entry, facts in shown],
        "total": len(entries),
        "pages": pages.pagination(number, last, address),
        "seal": seal,
        "export": flask.url_for("audit.export", reference=reference, au=asked),
    }


def _row(entry: Entry, facts: list[tuple[str, str]]) -> Row:
    return Row(entry=entry, facts=facts, late=abs(entry.recorded_at - entry.at) > AT_ONCE)
