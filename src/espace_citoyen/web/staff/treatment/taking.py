"""Who looks after a request: taken up, entrusted to a colleague, passed on to another department."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.commands.requests import assign, pass_on, take_up
from espace_citoyen.projections import staff, tabs
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests import deeds
from espace_citoyen.web.requests.deeds import Deed
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.schemas.staff import ME, assignment, transfer
from espace_citoyen.web.staff import blueprint
from espace_citoyen.web.staff.treatment import pages
from espace_citoyen.web.staff.treatment.panel import is_possible

DESK = frozenset({Role.AGENT.value, Role.MANAGER.value})
TAKEN = "Vous suivez cette demande."
ENTRUSTED = "La demande est confiée à {}."
PASSED_ON = "La demande est transmise. Elle a quitté votre file."
FIRST = "{} suit déjà cette demande. Rien n’a changé\N{NO-BREAK SPACE}: vous pouvez vous la confier."


@blueprint.post("/agents/demandes/<reference>/prise-en-charge")
def taken_up(reference: str) -> ResponseReturnValue:
    """« Prendre en charge »; whoever comes second is told who has it."""
    view = pages.look_to(reference, "take-up")
    deed = Deed(
        act=lambda: take_up(
            context.portal(), at=context.now(), actor=context.actor(), request_id=view.row.request_id
        ),
        done=TAKEN,
        leads_to=view.address("demande"),
    )
    return deeds.perform(
        forms.Form(schema=_assignment(view)), deed, lambda refused: _too_late(look(reference), refused)
    )


@blueprint.get("/agents/demandes/<reference>/affectation", endpoint="assignment")
def assignment_page(reference: str) -> str:
    """« Confier à… »."""
    return pages.asked(reference, "assign", lambda view: forms.blank(_assignment(view)))


@blueprint.post("/agents/demandes/<reference>/affectation")
def assigned(reference: str) -> ResponseReturnValue:
    """Entrust the request to a colleague, or to oneself."""
    return pages.sent(reference, "assign", lambda view: forms.sent(_assignment(view)), _assigning)


@blueprint.get("/agents/demandes/<reference>/transmission", endpoint="transfer")
def transfer_page(reference: str) -> str:
    """« Transmettre à un autre service », a manager's."""
    return pages.asked(reference, "pass-on", lambda view: forms.blank(transfer(tuple(_others(view)))))


@blueprint.post("/agents/demandes/<reference>/transmission")
def transferred(reference: str) -> ResponseReturnValue:
    """Pass the request on: it leaves the queue of whoever sends it."""
    return pages.sent(reference, "pass-on", lambda view: forms.sent(transfer(tuple(_others(view)))), _passing_on)


def _passing_on(view: View, form: forms.Form) -> Deed:
    return Deed(
        act=lambda: pass_on(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            department_id=_others(view)[form.data["department"]],
            reasons=form.data["reasons"],
            seen=deeds.seen(),
        ),
        done=PASSED_ON,
        leads_to=flask.url_for("staff.queue"),
    )


def _assigning(view: View, form: forms.Form) -> Deed:
    chosen = form.data.get("assignee", "")
    return Deed(
        act=lambda: assign(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            assignee_id=_colleagues(view)[chosen],
            seen=deeds.seen(),
        ),
        done=TAKEN if chosen == ME else ENTRUSTED.format(chosen),
        leads_to=view.address("historique"),
    )


def _too_late(view: View, form: forms.Form) -> str:
    """Somebody has it already, or it is over."""
    holder = tabs.in_charge(view.events)
    if holder and is_possible(view, "assign", context.actor()):
        form = forms.Form(schema=form.schema, errors={"": [FIRST.format(holder.name)]})
    return pages.draw(view, "assign", form)


def _assignment(view: View) -> Schema:
    return assignment(tuple(_colleagues(view)))


def _colleagues(view: View) -> dict[str, UUID]:
    """Whoever may look after the request, oneself first, by the words of the screen."""
    actor, department = context.actor(), view.request.department_id
    with context.portal().connection() as connection:
        members = staff.members(connection)
    desk = [each for each in members if department in each.departments and DESK & set(each.roles)]
    named = _named(
        [(f"{each.name}, {each.capacity}", each.staff_id) for each in desk if each.staff_id != actor.id]
    )
    return {ME: actor.id, **named} if actor.id else named


def _others(view: View) -> dict[str, UUID]:
    """The other departments, by their names."""
    with context.portal().connection() as connection:
        departments = staff.departments(connection)
    others = [each for each in departments if each.department_id != view.request.department_id]
    return _named([(each.name, each.department_id) for each in others])


def _named(known: list[tuple[str, UUID]]) -> dict[str, UUID]:
    """By name; namesakes are numbered."""
    named: dict[str, UUID] = {}
    for name, found in known:
        namesakes = sum(1 for each in named if each == name or each.startswith(f"{name} ("))
        named[f"{name} ({namesakes + 1})" if namesakes else name] = found
    return named
