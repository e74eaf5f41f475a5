"""The staff door: those who work for the town."""

import flask

blueprint = flask.Blueprint("staff", __name__)

from espace_citoyen.web.staff import attachments, mails, queue, requests  # noqa: E402, F401 - their routes
