"""The staff door: those who work for the town."""

import flask

blueprint = flask.Blueprint("staff", __name__)
