"""« Traiter » a request at the desk: what may be done with it now, and a page for each gesture."""

from espace_citoyen.web.schemas.staff import ME
from espace_citoyen.web.staff import blueprint
from espace_citoyen.web.staff.treatment import deciding, noting, taking  # noqa: F401 - their routes
from espace_citoyen.web.staff.treatment.panel import panel

blueprint.context_processor(lambda: {"panel": panel, "oneself": ME})
