"""« Suivi de la demande », the same at every door: its tabs, its exchanges."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import labels
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Erased, Invalid, NotFound
from espace_citoyen.aggregates.requests import Side
from espace_citoyen.commands.requests import read_exchange, send_exchange
from espace_citoyen.projections import tabs
from espace_citoyen.projections.requests import RequestRow
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.web import context, forms, parking, wording
from espace_citoyen.web.lookup import find
from espace_citoyen.web.schemas.exchanges import NewExchange

TABS: Mapping[str, str] = {
    "demandeur": "Le demandeur",
    "demande": "La demande",
    "historique": "Historique",
    "echanges": "Échanges",
}
"""The tabs by their address."""
AUDIENCES: Mapping[str | None, str] = {"citizen": labels.CITIZEN, "staff": labels.STAFF, "audit": labels.AUDITOR}
"""Who reads, by door."""
SENT = "Votre message est envoyé."
CROWDED = "D’autres messages sont arrivés au même moment, le vôtre n’est pas parti. Envoyez-le de nouveau."


def show(reference: str, tab: str, form: forms.Form | None = None) -> str:
    """A tab of a request; one that the request does not have is not found."""
    row = find(reference)
    if tab == "echanges" and not row.has_exchanges:
        raise NotFound("This request has no exchanges")
    events = context.portal().stream(row.request_id)
    if tabs.is_erased(events):
        raise Erased("This request was erased")
    shown = [name for name in TABS if name != "echanges" or row.has_exchanges]
    items = [_item(row, name, current=name == tab) for name in shown]
    content = {"door": flask.request.blueprint, **_CONTENT[tab](events, form)}
    return flask.render_template(f"requests/{tab}.html", row=row, tabs=items, **content)


def to_history(reference: str) -> ResponseReturnValue:
    """A request opens on its history."""
    return flask.redirect(_address(find(reference), "historique"), 303)


def send(reference: str) -> ResponseReturnValue:
    """Send the message just typed; a refused one is drawn again as it was."""
    row, form, status = find(reference), forms.sent(NewExchange()), 422
    if not form.errors:
        try:
            position = send_exchange(
                context.portal(),
                at=context.now(),
                actor=context.actor(),
                request_id=row.request_id,
                exchange_id=sent_id(),
                text=form.data["text"],
            )
        except Invalid as refusal:
            form = form.refused(refusal)
        except ChangedMeanwhile:
            form, status = form.with_error(CROWDED), 409
        else:
            context.wrote(position)
            flask.flash(SENT)
            return flask.redirect(_address(row, "echanges"), 303)
    parking.keep()
    return show(reference, "echanges", form), status


def read(reference: str, exchange_id: UUID) -> ResponseReturnValue:
    """« Voir la suite »: the message is opened, and read (S34)."""
    row = find(reference)
    position = read_exchange(
        context.portal(),
        at=context.now(),
        actor=context.actor(),
        request_id=row.request_id,
        exchange_id=exchange_id,
    )
    context.wrote(position)
    return flask.redirect(_address(row, "echanges", f"echange-{exchange_id}"), 303)


def sent_id() -> UUID:
    """The id that the form just sent was born with: sent twice, it is one deed."""
    try:
        return UUID(flask.request.form.get("id", ""))
    except ValueError:
        return uuid4()


def _address(row: RequestRow, tab: str, anchor: str | None = None) -> str:
    return flask.url_for(".request_tab", reference=row.reference, tab=tab, _anchor=anchor)


def _item(row: RequestRow, tab: str, *, current: bool) -> dict[str, Any]:
    unread = row.unread if tab == "echanges" else 0
    item = {"label": TABS[tab], "href": _address(row, tab), "current": current}
    return item | {"badge": unread, "badge_words": "à lire"}


def _applicant(events: Sequence[RecordedEvent], _form: forms.Form | None) -> dict[str, Any]:
    return {"applicant": tabs.asked(events).applicant}


def _answers(events: Sequence[RecordedEvent], _form: forms.Form | None) -> dict[str, Any]:
    asked = tabs.asked(events)
    version = context.portal().get(Procedure, asked.procedure_id).versions[asked.procedure_version]
    return {"answers": wording.answered(version, asked.answers)}


def _history(events: Sequence[RecordedEvent], _form: forms.Form | None) -> dict[str, Any]:
    return {"history": tabs.history(events, audience=AUDIENCES[flask.request.blueprint])}


def _exchanges(events: Sequence[RecordedEvent], form: forms.Form | None) -> dict[str, Any]:
    side = Side.CITIZEN if context.actor().is_citizen_side else Side.TOWN
    messages = tabs.exchanges(events, side=side)[::-1]
    return {"messages": messages, "form": form or forms.blank(NewExchange()), "new_id": uuid4()}


_CONTENT: Mapping[str, Callable[[Sequence[RecordedEvent], forms.Form | None], dict[str, Any]]] = {
    "demandeur": _applicant,
    "demande": _answers,
    "historique": _history,
    "echanges": _exchanges,
}
