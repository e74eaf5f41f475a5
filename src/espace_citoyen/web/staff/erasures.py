"""The administrator's erasures: the register, what would go, the order; the worker deletes the key (L05, N06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Erased, Invalid, NotFound
from espace_citoyen.commands.erasure import kind_of, order_erasure
from espace_citoyen.commands.requests import find_request
from espace_citoyen.labels import ERASURE_REASON, STREAM
from espace_citoyen.projections.erasures import at_stake
from espace_citoyen.store import orders
from espace_citoyen.store.erasure import Erasure, Register
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests.deeds import sent_id
from espace_citoyen.web.schemas.staff import REASONS, Erasing
from espace_citoyen.web.staff import blueprint

ORDERED = "L’effacement est ordonné\N{NO-BREAK SPACE}: il se fait dans les secondes qui suivent."
UNKNOWN = "Rien ne porte cette référence. Vérifiez-la, un caractère peut être faux."
GONE = "C’est déjà effacé."
UNDER_WAY, DONE = "en cours", "fait"
REFUSED = "refusé"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the register as the page shows it; nothing in it is personal but who gave the order."""

    at: datetime
    kind: str
    reason: str
    visa: str
    by: str
    state: str


@blueprint.get("/agents/effacements", endpoint="erasures")
def erasures_page() -> str:
    """The register, and the form that begins an erasure."""
    _must_administer()
    return _draw(forms.Form(schema=Erasing()))


@blueprint.post("/agents/effacements")
def erasure_prepared() -> ResponseReturnValue:
    """Show what would go; nothing goes before it is confirmed."""
    _must_administer()
    form = forms.sent(Erasing())
    try:
        return _preview(form) if not form.errors else (_draw(form), 422)
    except Invalid as refusal:
        return _draw(form.refused(refusal)), 422


@blueprint.post("/agents/effacements/confirmation")
def erasure_ordered() -> ResponseReturnValue:
    """Give the order to the worker."""
    _must_administer()
    form = forms.sent(Erasing())
    if form.errors:
        return _draw(form), 422
    try:
        _order(form.data)
    except Invalid as refusal:
        return _draw(form.refused(refusal)), 422
    flask.flash(ORDERED)
    return flask.redirect(flask.url_for("staff.erasures"), 303)


def _must_administer() -> None:
    if Role.ADMINISTRATOR not in context.actor().roles:
        raise NotFound("Not an administrator")


def _draw(form: forms.Form) -> str:
    return flask.render_template("staff/erasures/erasures.html", form=form, lines=_register())


def _preview(form: forms.Form) -> str:
    stream_id = _subject(form.data["reference"])
    check_motive(REASONS[form.data["reason"]], form.data["visa"])
    with context.portal().connection() as connection:
        going = at_stake(connection, context.portal().stream(stream_id))
    return flask.render_template(
        "staff/erasures/preview.html", form=form, going=going, kind=STREAM[going.kind], new_id=uuid4()
    )


def _order(data: Mapping[str, str]) -> None:
    order_erasure(
        context.portal(),
        at=context.now(),
        actor=context.actor(),
        order_id=sent_id(),
        stream_id=_subject(data["reference"]),
        motive=(REASONS[data["reason"]], data["visa"]),
    )


def _subject(typed: str) -> UUID:
    """What a reference or an id names, if it can be erased; else say why beside the field."""
    try:
        stream_id = _named(typed)
        kind_of(context.portal(), stream_id)
    except NotFound:
        raise Invalid("Nothing of that name", {"reference": [UNKNOWN]}) from None
    except Erased:
        raise Invalid("Gone already", {"reference": [GONE]}) from None
    return stream_id


def _named(typed: str) -> UUID:
    reference = parse_reference(typed)
    if reference is not None:
        return find_request(context.portal(), reference)
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound("Neither a reference nor an id") from None


def _register() -> list[Line]:
    """Every order given here, and what was erased from the command line; the last one first."""
    with context.portal().connection() as connection:
        given = orders.given(connection)
    here = {order.stream_id for order in given if not order.refusal}
    kept = Register.below(context.shell().settings.data_dir)
    lines = [_line(order, order.ordered_at, order.by_name, _state(order)) for order in given]
    lines += [_line(each, each.at, each.by, DONE) for each in kept if each.stream_id not in here]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _line(said: orders.Order | Erasure, at: datetime, by: str, state: str) -> Line:
    return Line(
        at=at, kind=STREAM[said.kind], reason=ERASURE_REASON[said.reason], visa=said.visa, by=by, state=state
    )


def _state(order: orders.Order) -> str:
    if order.settled_at is None:
        return UNDER_WAY
    return REFUSED if order.refusal else DONE
