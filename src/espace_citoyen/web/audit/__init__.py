"""The audit door: every history, and nothing to change."""

import flask

blueprint = flask.Blueprint("audit", __name__)

from espace_citoyen.web.audit import attachments, home, requests  # noqa: E402, F401 - their routes
