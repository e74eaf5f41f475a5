"""The site as one process of the web server makes it: after fork, with connections of its own."""

import os

import flask

from espace_citoyen import config, logs, processes
from espace_citoyen.application import Portal
from espace_citoyen.web import create_app


def make_app() -> flask.Flask:
    """Return the application of this environment; raises ConfigurationError."""
    processes.end_with_parent()
    settings = config.load(os.environ)
    logs.configure(settings.log_level, process="web")
    return create_app(Portal(settings.database, settings.master_key), settings)
