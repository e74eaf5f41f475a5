"""What a public service owes its visitors in writing."""

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.web.public import blueprint


@blueprint.get("/accessibilite")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (RGAA 4.1)."""
    return flask.render_template("public/statements/accessibility.html")


@blueprint.get("/donnees-personnelles")
def personal_data() -> ResponseReturnValue:
    """What is kept about visitors, and their cookies."""
    return flask.render_template("public/statements/personal_data.html")
