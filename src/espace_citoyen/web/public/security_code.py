"""The two ways of taking a security code in, a picture and a voice, made from the sealed challenge."""

from io import BytesIO

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.web import context, security_code, sounds
from espace_citoyen.web.public import blueprint


@blueprint.get("/code-de-securite/<sealed>/image.png")
def security_code_picture(sealed: str) -> ResponseReturnValue:
    """The digits of a challenge of ours, to be read."""
    return flask.send_file(BytesIO(_opened(sealed).picture()), "image/png")


@blueprint.get("/code-de-securite/<sealed>/audio.wav")
def security_code_sound(sealed: str) -> ResponseReturnValue:
    """The digits of a challenge of ours, to be heard; players ask for it in parts."""
    return flask.send_file(BytesIO(sounds.said(_opened(sealed).digits)), "audio/wav", conditional=True)


def _opened(sealed: str) -> security_code.Challenge:
    return security_code.opened(context.portal(), sealed, at=context.now())
