"""The programs' door: JSON, with a token."""

import flask

blueprint = flask.Blueprint("api", __name__)
