"""« Journal des consultations »: who of the town read which request, found by reference, person or day (P15)."""

from datetime import datetime, time, timedelta
from math import ceil
from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import dates
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.commands.requests import find_request
from espace_citoyen.labels import READ
from espace_citoyen.projections import audit
from espace_citoyen.projections.audit import Reading
from espace_citoyen.store.access_log import Sought
from espace_citoyen.web import context, forms, pages
from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.audit.home import UNKNOWN
from espace_citoyen.web.schemas.audit import readings_sought

SIZE = 50
ASKED = ("reference", "who", *(f"day-{part}" for part, _, _ in forms.DATE_PARTS))
"""What the address of a search holds."""
GESTURE = "page de traitement"


@blueprint.get("/audit/consultations", endpoint="accesses")
def accesses_page() -> ResponseReturnValue:
    """The whole journal, for auditors."""
    return journal()


def journal() -> ResponseReturnValue:
    """A page of the journal as the address asks for it; an unknown reference or day is said beside its field."""
    with context.portal().connection() as connection:
        people = {name: viewer_id for viewer_id, name in audit.people(connection).items()}
    form = forms.asked(readings_sought(people))
    try:
        sought = _sought(form, people)
    except NotFound:
        form, sought = form.with_error(UNKNOWN, "reference"), Sought()
    if form.errors:
        return _page(form, [], 0, 1), 422
    number = pages.asked()
    found, total = audit.readings(context.portal(), sought, number=number, size=SIZE)
    return _page(form, found, total, number)


def _sought(form: forms.Form, people: dict[str, UUID]) -> Sought:
    reference, day = form.data.get("reference"), form.data.get("day")
    request_id = find_request(context.portal(), parse_reference(reference) or "") if reference else None
    since = datetime.combine(day, time.min, dates.PARIS) if day else None
    until = datetime.combine(day + timedelta(days=1), time.min, dates.PARIS) if day else None
    return Sought(request_id=request_id, viewer_id=people.get(form.data.get("who", "")), since=since, until=until)


def _page(form: forms.Form, found: list[Reading], total: int, number: int) -> str:
    asked: dict[str, Any] = {name: said for name in ASKED if (said := flask.request.args.get(name))}

    def address(page: int) -> str:
        return flask.url_for(flask.request.endpoint or "", **asked, page=page)

    return flask.render_template(
        "audit/accesses/journal.html",
        form=form,
        rows=[_row(each) for each in found],
        total=total,
        sought=bool(asked),
        pages=pages.pagination(number, ceil(total / SIZE), address),
    )


def _row(reading: Reading) -> dict[str, Any]:
    access = reading.access
    return {
        "reading": reading,
        "access": access,
        "what": READ.get(access.what, GESTURE),
        "as_of": dates.instant(access.as_of) if access.as_of else "",
        "at": dates.instant(access.at),
        "address": _address(reading.reference),
    }


def _address(reference: str) -> str:
    """Where an auditor reads that request; an administrator reads none."""
    return flask.url_for("audit.events", reference=reference) if flask.request.blueprint == "audit" else ""
