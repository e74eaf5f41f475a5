"""The audit door: every history, and nothing to change."""

import flask

blueprint = flask.Blueprint("audit", __name__)
