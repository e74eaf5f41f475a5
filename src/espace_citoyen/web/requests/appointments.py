"""Taking an appointment, moving it, dropping it: by the applicant, or by the town in their place (S30)."""

from typing import Any
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import dates
from espace_citoyen.aggregates.appointments import Agenda
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.commands.requests import book_appointment, cancel_appointment, move_appointment
from espace_citoyen.projections.appointments import agendas_of
from espace_citoyen.web import context, forms, wording
from espace_citoyen.web.requests import slots
from espace_citoyen.web.requests.deeds import Deed, perform, seen, sent_id
from espace_citoyen.web.requests.meetings import may_add, meeting_of
from espace_citoyen.web.requests.show import frame_of, shown
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.schemas.appointments import Wish, instant

LIST = "Liste des rendez-vous disponibles"
DROP = "Annuler le rendez-vous"
DROPPED = "Le rendez-vous est annulé, et sa place rendue."
TAB = "rendez-vous"


def choose(reference: str, former_id: UUID | None = None) -> ResponseReturnValue:
    """The free times to book, or to move an appointment to; a gesture that is over leads back to the tab."""
    view = look(reference)
    if not _may_choose(view, former_id):
        return flask.redirect(view.address(TAB), 303)
    return _page(view, former_id, forms.Form(schema=Wish()), flask.request.args)


def settle(reference: str, former_id: UUID | None = None) -> ResponseReturnValue:
    """« Valider »: the place is taken; one that somebody took meanwhile is said so, and the list drawn again."""
    view, form = look(reference), forms.sent(Wish())
    deed = Deed(
        act=lambda: _take(view, former_id, form.data),
        done=_done(form, moved=former_id is not None),
        leads_to=view.address(TAB),
    )
    return perform(form, deed, lambda refused: _page(look(reference), former_id, refused, form.typed))


def ask_to_drop(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """« Annuler »: the confirmation; an appointment that cannot be dropped is shown, with the reason."""
    view = look(reference)
    planned = _known(view, appointment_id)
    if planned is None or not planned.may_cancel:
        return flask.redirect(view.address(TAB), 303)
    return _confirmation(view, appointment_id, forms.Form(schema=Wish()))


def drop(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """Drop an appointment and give its place back."""
    view, form = look(reference), forms.Form(schema=Wish())
    deed = Deed(
        act=lambda: cancel_appointment(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.request.id,
            appointment_id=appointment_id,
            seen=seen(),
        ),
        done=DROPPED,
        leads_to=view.address(TAB),
    )
    return perform(form, deed, lambda refused: _confirmation(look(reference), appointment_id, refused))


def _may_choose(view: View, former_id: UUID | None) -> bool:
    if former_id is None:
        if TAB not in shown(view):
            raise NotFound("No appointments here")
        return may_add(view)
    planned = _known(view, former_id)
    return planned is not None and planned.may_move


def _known(view: View, appointment_id: UUID) -> Any:
    if appointment_id not in view.request.appointments:
        raise NotFound("No such appointment")
    return meeting_of(view, appointment_id)


def _take(view: View, former_id: UUID | None, data: Any) -> int:
    starts_at = instant(data["creneau"])
    assert starts_at is not None
    asked: dict[str, Any] = {
        "at": context.now(),
        "actor": context.actor(),
        "request_id": view.request.id,
        "appointment_id": sent_id(),
        "wish": (data["agenda"], starts_at),
    }
    if former_id is None:
        return book_appointment(context.portal(), **asked)
    return move_appointment(context.portal(), former_id=former_id, seen=seen(), **asked)


def _page(view: View, former_id: UUID | None, form: forms.Form, said: Any) -> str:
    """« Liste des rendez-vous disponibles », with the place that the address or the form names, if it is free."""
    agendas = _agendas(view)
    agenda = next((each for each in agendas if str(each.id) == str(said.get("agenda"))), None)
    agenda = agenda or next(iter(agendas), None)
    former = meeting_of(view, former_id) if former_id else None

    def address(**asked: Any) -> str:
        chosen = {"agenda": agenda.id} if agenda and len(agendas) > 1 else {}
        return _address(view, former_id, **chosen | asked)

    offer = slots.offer(agenda, address, wish=instant(str(said.get("creneau") or ""))) if agenda else None
    picker = [(each.name, address(agenda=each.id), each is agenda) for each in agendas]
    return flask.render_template(
        "requests/creneaux.html",
        form=form,
        former=former,
        offer=offer,
        agendas=picker if len(picker) > 1 else [],
        address=address,
        action=_address(view, former_id),
        lasting=wording.lasting,
        new_id=uuid4(),
        **frame_of(view, step=LIST),
    )


def _confirmation(view: View, appointment_id: UUID, form: forms.Form) -> str:
    planned = meeting_of(view, appointment_id)
    around = frame_of(view, step=DROP)
    return flask.render_template("requests/rendez-vous-annulation.html", form=form, planned=planned, **around)


def _address(view: View, former_id: UUID | None, **asked: Any) -> str:
    if former_id is None:
        return flask.url_for(".appointment_new", reference=view.row.reference, **asked)
    return flask.url_for(".appointment_move", reference=view.row.reference, appointment_id=former_id, **asked)


def _agendas(view: View) -> list[Agenda]:
    """Where a place may be looked for: the procedure's agenda, and for an agent those of their departments."""
    own = view.request.agenda_id
    found = [own] if own else []
    if view.door == "staff":
        with context.portal().connection() as connection:
            rows = agendas_of(connection, context.actor().departments)
        found += [row.agenda_id for row in rows if row.agenda_id != own]
    return [context.portal().get(Agenda, agenda_id) for agenda_id in found]


def _done(form: forms.Form, *, moved: bool) -> str:
    starts_at = instant(str(form.data.get("creneau", "")))
    when = f"{dates.moment(starts_at)}{wording.season(starts_at)}" if starts_at else ""
    return f"Rendez-vous {'déplacé' if moved else 'pris'}\N{NO-BREAK SPACE}: {when}."
