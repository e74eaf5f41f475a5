"""Which request a reference stands for, if the visitor may see it."""

from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.commands.requests import find_request
from espace_citoyen.projections import requests
from espace_citoyen.projections.requests import RequestRow
from espace_citoyen.web import context


def find(reference: str) -> RequestRow:
    """The request of a reference, however typed; raise NotFound, or Erased to those who might have seen it."""
    viewer, shown = context.actor(), parse_reference(reference)
    if shown is None:
        raise NotFound("Not a reference")
    with context.portal().connection() as connection:
        row = requests.find(connection, shown, viewer=viewer)
    return row if row is not None else _from_log(shown, viewer)


def _from_log(reference: str, viewer: Actor) -> RequestRow:
    """What the read model does not have: filed this instant, erased, or none of the visitor's."""
    portal = context.portal()
    request_id = find_request(portal, reference)
    every = Role.AUDITOR in viewer.roles
    try:
        request = portal.get(ServiceRequest, request_id)
    except Erased:
        # Nothing tells any more whose it was, but its department is in clear.
        department = UUID(portal.stream(request_id)[0].envelope["department_id"])
        of_a_citizen = viewer.kind is ActorKind.CITIZEN or viewer.id == request_id  # an account, or its very link
        if every or of_a_citizen or viewer.works_for(department):
            raise
        raise NotFound("Another department's, erased") from None
    if not every and not request.concerns(viewer):
        raise NotFound("Somebody else's")
    return _row(request)


def _row(request: ServiceRequest) -> RequestRow:
    portal = context.portal()
    version = portal.get(Procedure, request.procedure_id).versions[request.procedure_version]
    return RequestRow(
        request_id=request.id,
        reference=request.reference,
        procedure_title=version.title,
        department_name=portal.get(Department, request.department_id).name,
        status=request.status.value,
        submitted_at=request.created_on,
        archived_at=None,
        has_exchanges=request.has_exchanges,
        unread=0,
    )
