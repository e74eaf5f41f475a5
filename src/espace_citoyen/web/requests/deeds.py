"""From a form that was sent to its deed: done, refused beside the field, or overtaken by somebody else."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile, Invalid, NotNow
from espace_citoyen.web import context, forms, parking

OVERTAKEN = (
    "Quelqu’un d’autre a agi sur cette demande entre-temps. Rien n’a été enregistré\N{NO-BREAK SPACE}:"
    " relisez ce qui a changé, puis validez de nouveau."
)
LONGEST_NUMBER = 10
"""No version has as many digits; Python refuses to read a number of thousands."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a form asks for: `act` returns a position; then `done` is said at `leads_to`."""

    act: Callable[[], int]
    done: str
    leads_to: str
    overtaken: str = OVERTAKEN


def perform(
    form: forms.Form, deed: Deed, redraw: Callable[[forms.Form], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do the deed and lead on; a refused one is drawn again as it was typed, with 422, or 409 when overtaken."""
    status = 422
    if not form.errors:
        try:
            position = deed.act()
        except Invalid as refusal:
            form = form.refused(refusal)
        except ChangedMeanwhile:
            form, status = form.with_error(deed.overtaken), 409
        except (NotNow, AlreadyTaken) as refusal:
            form, status = form.with_error(str(refusal)), 409
        else:
            context.wrote(position)
            flask.flash(deed.done)
            return flask.redirect(deed.leads_to, 303)
    parking.keep()
    return flask.make_response(redraw(form), status)


def sent_id() -> UUID:
    """The id that the form just sent was born with: sent twice, it is one deed."""
    try:
        return UUID(flask.request.form.get("id", ""))
    except ValueError:
        return uuid4()


def seen() -> int:
    """The version of the last event that the page of this form showed; nonsense has seen nothing."""
    said = flask.request.form.get("seen", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < LONGEST_NUMBER else 0
