"""The citizen door: an account holder's own pages."""

import flask

blueprint = flask.Blueprint("citizen", __name__)

from espace_citoyen.web.citizen import appointments, attachments, exchanges, home, linking, requests  # noqa: E402, F401 - their routes
