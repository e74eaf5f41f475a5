"""The files of a request as the auditor reads them."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from espace_citoyen.web.audit import blueprint
from espace_citoyen.web.audit.requests import as_asked
from espace_citoyen.web.requests import downloads


@blueprint.get("/audit/demandes/<reference>/pieces/fichiers/<uuid:file_id>")
def attachment_file(reference: str, file_id: UUID) -> ResponseReturnValue:
    """A file, to be saved, or shown with `?voir`."""
    return as_asked(reference, "pieces", lambda as_of: downloads.send(reference, file_id, as_of=as_of))
