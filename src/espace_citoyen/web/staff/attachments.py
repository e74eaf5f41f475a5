"""Attachments at the desk: what the department puts into a file, and reading what the applicant did."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from espace_citoyen.web.requests import attachments, downloads
from espace_citoyen.web.staff import blueprint


@blueprint.get("/agents/demandes/<reference>/pieces/ajouter")
def attachment_add(reference: str) -> ResponseReturnValue:
    """The page of a new attachment."""
    return attachments.adding(reference)


@blueprint.post("/agents/demandes/<reference>/pieces/ajouter")
def attachment_added(reference: str) -> ResponseReturnValue:
    """Add an attachment (S29)."""
    return attachments.add(reference)


@blueprint.get("/agents/demandes/<reference>/pieces/<uuid:attachment_id>/modifier")
def attachment_change(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """The page that changes an attachment."""
    return attachments.changing(reference, attachment_id)


@blueprint.post("/agents/demandes/<reference>/pieces/<uuid:attachment_id>/modifier")
def attachment_changed(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """Change an attachment."""
    return attachments.change(reference, attachment_id)


@blueprint.get("/agents/demandes/<reference>/pieces/<uuid:attachment_id>/supprimer")
def attachment_remove(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """The page that asks before an attachment goes."""
    return attachments.removing(reference, attachment_id)


@blueprint.post("/agents/demandes/<reference>/pieces/<uuid:attachment_id>/supprimer")
def attachment_removed(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """Remove an attachment."""
    return attachments.remove(reference, attachment_id)


@blueprint.get("/agents/demandes/<reference>/pieces/fichiers/<uuid:file_id>")
def attachment_file(reference: str, file_id: UUID) -> ResponseReturnValue:
    """A file, to be saved, or shown with `?voir`."""
    return downloads.send(reference, file_id)
