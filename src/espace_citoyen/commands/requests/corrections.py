"""Asking the applicant to complete a request, and taking it back completed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.procedures import Answer, Procedure
from espace_citoyen.aggregates.requests import Correction, ServiceRequest
from espace_citoyen.application import Portal, decide_again


@decide_again()
def request_correction(
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    correction: Correction,
    seen: int | None = None,
) -> int:
    """Ask the applicant to complete a request and return the position; the same asking again is no news."""
    request = portal.get(ServiceRequest, request_id)
    request.request_correction(at=at, actor=actor, correction=correction, seen=seen)
    return portal.record(request)


@decide_again()
def send_back(  # noqa: PLR0913 - which asking, and all that answers it
    portal: Portal,
    *,
    at: datetime,
    actor: Actor,
    request_id: UUID,
    correction_id: UUID,
    answers: Mapping[str, Answer],
    text: str = "",
) -> int:
    """Give a request back to the town with its answers as corrected, and return the position.

    Raise Invalid with the questions to answer, by the version of the procedure it was filed under.
    """
    request = portal.get(ServiceRequest, request_id)
    version = portal.get(Procedure, request.procedure_id).versions[request.procedure_version]
    request.send_back(at=at, actor=actor, correction_id=correction_id, answers=version.check(answers), text=text)
    return portal.record(request)
