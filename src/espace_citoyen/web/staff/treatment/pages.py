"""The page of a gesture: its form, or why it cannot be done now; after a refusal, what others did meanwhile."""

from collections.abc import Callable
from uuid import uuid4

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen import labels
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import Line
from espace_citoyen.web import context, forms, parking
from espace_citoyen.web.requests import deeds
from espace_citoyen.web.requests.contents import CONTENTS
from espace_citoyen.web.requests.deeds import Deed
from espace_citoyen.web.requests.show import frame_of
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.staff.treatment.gestures import GESTURES
from espace_citoyen.web.staff.treatment.panel import is_possible, is_theirs

NEWEST = 10
"""As many events are told to whoever was overtaken; the rest is in « Historique »."""
TEMPLATES = {"assign": "assignment", "note": "notes"}
"""The gestures whose page is not like the others."""

FormOf = Callable[[View], forms.Form]
DeedOf = Callable[[View, forms.Form], Deed]


def look_to(reference: str, name: str) -> View:
    """The request that a gesture is about; raise NotFound to whoever has no right to it."""
    view = look(reference)
    if not is_theirs(view, name, context.actor()):
        raise NotFound("Not a gesture of theirs")
    return view


def asked(reference: str, name: str, form_of: FormOf) -> str:
    """The page of a gesture, to be filled in."""
    view = look_to(reference, name)
    return draw(view, name, form_of(view))


def sent(reference: str, name: str, form_of: FormOf, deed_of: DeedOf) -> ResponseReturnValue:
    """Do what the form just sent asks; a refused one is drawn again on the request as it stands by then."""
    view = look_to(reference, name)
    form = form_of(view)
    return deeds.perform(form, deed_of(view, form), lambda refused: draw(look(reference), name, refused))


def draw(view: View, name: str, form: forms.Form) -> str:
    """The page of a gesture; what is drawn anew is another deed, so it has another id."""
    gesture, again = GESTURES[name], flask.request.method == "POST"
    return flask.render_template(
        f"staff/requests/{TEMPLATES.get(name, 'gesture')}.html",
        **frame_of(view, step=gesture.title),
        **CONTENTS["demande"](view, None),
        gesture=gesture,
        form=form,
        possible=is_possible(view, name, context.actor()),
        may_take_up=is_possible(view, "take-up", context.actor()),
        kept=again or parking.parked_here() is not None,
        news=_news(view) if again else [],
        new_id=uuid4(),
    )


def _news(view: View) -> list[Line]:
    """What happened to the request since the page of the form just sent was drawn, the latest last."""
    since = [event for event in view.events if event.version > deeds.seen()]
    return tabs.history(since, audience=labels.STAFF)[-NEWEST:]
