"""The citizen door: an account holder's own pages."""

import flask

blueprint = flask.Blueprint("citizen", __name__)
