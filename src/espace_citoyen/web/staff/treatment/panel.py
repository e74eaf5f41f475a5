"""« Traiter »: who looks after a request, and what its state and the visitor's rights allow (« Who may what »)."""

from collections.abc import Mapping
from dataclasses import dataclass

from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.requests import Status
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import Caretaker, Word
from espace_citoyen.web import context
from espace_citoyen.web.requests.view import View
from espace_citoyen.web.staff.treatment.gestures import GESTURES, Gesture

NEXT = frozenset({"take-up", "decide", "archive"})


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What the desk shows above the tabs of a request."""

    gestures: Mapping[str, Gesture]
    first: str
    """The one that most often comes next, if any."""
    holder: Caretaker | None
    mine: bool
    notes: list[Word]
    ends_meeting: bool
    """Whether archiving would cancel an appointment to come."""


def panel(view: View) -> Panel:
    """The panel of a request for the visitor."""
    actor, request = context.actor(), view.request
    gestures = {name: each for name, each in GESTURES.items() if is_possible(view, name, actor)}
    waiting = request.status is Status.CORRECTION_REQUESTED
    return Panel(
        gestures=gestures,
        first="" if waiting else next((name for name in gestures if name in NEXT), ""),
        holder=tabs.in_charge(view.events) if request.assignee_id else None,
        mine=request.assignee_id == actor.id,
        notes=view.notes,
        ends_meeting=request.upcoming(view.now) is not None,
    )


def is_possible(view: View, name: str, actor: Actor) -> bool:
    """Whether a gesture makes sense for this actor in this state; the aggregate has the last word."""
    gesture, request = GESTURES[name], view.request
    if not is_theirs(view, name, actor) or request.status not in gesture.states:
        return False
    if request.archived and not gesture.always:
        return False
    return name != "take-up" or request.assignee_id is None


def is_theirs(view: View, name: str, actor: Actor) -> bool:
    """Whether the actor has the right to a gesture, whatever the state."""
    manages = Role.MANAGER in actor.roles or not GESTURES[name].manager
    return manages and actor.works_for(view.request.department_id)
