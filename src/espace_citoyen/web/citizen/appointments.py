"""An account holder's appointments: what is to come, and the gestures of « Rendez-vous » (S30, S35)."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.projections import appointments as queries
from espace_citoyen.web import context
from espace_citoyen.web.citizen import blueprint
from espace_citoyen.web.requests import appointments

NEW = "/demandes/<reference>/rendez-vous/nouveau"
ONE = "/demandes/<reference>/rendez-vous/<uuid:appointment_id>"


@blueprint.get("/espace/rendez-vous", endpoint="appointments")
def appointments_list() -> ResponseReturnValue:
    """Rendez-vous proches: what is to come, the next one first (S35)."""
    with context.portal().connection() as connection:
        coming = queries.upcoming(connection, viewer=context.actor(), now=context.now())
    return flask.render_template("citizen/appointments/upcoming.html", coming=coming)


@blueprint.get(NEW)
def appointment_new(reference: str) -> ResponseReturnValue:
    """« Ajouter »: the free times."""
    return appointments.choose(reference)


@blueprint.post(NEW)
def appointment_booked(reference: str) -> ResponseReturnValue:
    """« Valider » on a free time."""
    return appointments.settle(reference)


@blueprint.get(ONE + "/modification")
def appointment_move(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """« Modifier »: the free times, the present appointment beside them."""
    return appointments.choose(reference, appointment_id)


@blueprint.post(ONE + "/modification")
def appointment_moved(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """« Valider » on another time."""
    return appointments.settle(reference, appointment_id)


@blueprint.get(ONE + "/annulation")
def appointment_cancel(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """« Annuler »: the confirmation."""
    return appointments.ask_to_drop(reference, appointment_id)


@blueprint.post(ONE + "/annulation")
def appointment_cancelled(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """The appointment is dropped."""
    return appointments.drop(reference, appointment_id)
