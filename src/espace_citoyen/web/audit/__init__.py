"""The audit door: every history, and nothing to change."""

import flask

blueprint = flask.Blueprint("audit", __name__)

from espace_citoyen.web.audit import (  # noqa: E402 - the blueprint first
    accesses,  # noqa: F401 - its routes
    attachments,  # noqa: F401 - its routes
    events,  # noqa: F401 - its routes
    home,  # noqa: F401 - its routes
    requests,  # noqa: F401 - its routes
)
