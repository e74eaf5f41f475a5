"""What is typed to write to the other side of the counter."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.requests import TEXT_LIMIT
from espace_citoyen.web.schemas import fields


class NewExchange(Schema):
    """The one field of « Échanges »."""

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
