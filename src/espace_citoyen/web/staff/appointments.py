"""Appointments that the town takes, moves or drops for an applicant (S30)."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from espace_citoyen.web.requests import appointments
from espace_citoyen.web.staff import blueprint

NEW = "/agents/demandes/<reference>/rendez-vous/nouveau"
ONE = "/agents/demandes/<reference>/rendez-vous/<uuid:appointment_id>"


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
