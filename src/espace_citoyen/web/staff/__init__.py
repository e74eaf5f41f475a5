"""The staff door: those who work for the town."""

import flask

blueprint = flask.Blueprint("staff", __name__)

from espace_citoyen.web.staff import (  # noqa: E402 - the blueprint first
    accesses,  # noqa: F401 - its routes
    appointments,  # noqa: F401 - its routes
    attachments,  # noqa: F401 - its routes
    erasures,  # noqa: F401 - its routes
    letters,  # noqa: F401 - its routes
    mails,  # noqa: F401 - its routes
    queue,  # noqa: F401 - its routes
    requests,  # noqa: F401 - its routes
    treatment,  # noqa: F401 - its routes
)
