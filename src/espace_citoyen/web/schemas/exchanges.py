"""What is typed to write to the other side of the counter."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.requests import TEXT_LIMIT
from espace_citoyen.web.schemas import fields
from espace_citoyen.web.schemas.attachments import ACCEPTED


class NewExchange(Schema):
    """The message of « Échanges », and what goes with it."""

    class Meta:
        unknown = EXCLUDE

    text = fields.text(
        "Votre message",
        missing="Écrivez votre message.",
        longest=TEXT_LIMIT,
        kind="counted_text",
        maxlength=TEXT_LIMIT,
        rows=6,
    )
    files = fields.files("Joindre des fichiers (facultatif)", hint=ACCEPTED)
