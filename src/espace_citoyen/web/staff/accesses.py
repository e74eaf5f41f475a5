"""« Journal des consultations », for administrators (P15)."""

from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.refusals import Forbidden
from espace_citoyen.web import context
from espace_citoyen.web.audit.accesses import journal
from espace_citoyen.web.staff import blueprint


@blueprint.get("/agents/consultations", endpoint="accesses")
def accesses_page() -> ResponseReturnValue:
    """The same journal as the auditor's."""
    if Role.ADMINISTRATOR not in context.actor().roles:
        raise Forbidden("Only an administrator reads the access log")
    return journal()
