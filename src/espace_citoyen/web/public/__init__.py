"""The public door: what anybody may see."""

import flask

blueprint = flask.Blueprint("public", __name__)

from espace_citoyen.web.public import accounts, health, home, procedures, security_code, statements, tracking  # noqa: E402, F401 - their routes
