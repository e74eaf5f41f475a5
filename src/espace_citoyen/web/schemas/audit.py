"""What an auditor types: an instant to look back to, and which readings to look for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, validate
from marshmallow.fields import Field

from espace_citoyen.web.schemas import fields

NOT_AN_HOUR = "Écrivez une heure, par exemple 10:30."
HOUR = r"\s*([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?\s*"
"""« 10:30 », « 9 h », « 14h05 »."""


class Moment(Schema):
    """A day and, if one wants, an hour: what a request is to be shown as of."""

    class Meta:
        unknown = EXCLUDE

    day = fields.day("Date", missing="Donnez la date à laquelle relire la demande.")
    hour = fields.text(
        "Heure de Paris",
        longest=20,
        hint="Par exemple 10:30. Laissez vide pour la fin de la journée.",
        classes="govuk-input--width-5",
    )
    hour.validators.append(validate.Regexp(f"^{HOUR}$", error=NOT_AN_HOUR))


def readings_sought(people: Mapping[str, UUID]) -> Schema:
    """« Journal des consultations »: of which request, by whom (a name), on which day."""
    asked: dict[str, Field[Any]] = {
        "reference": fields.text("Référence de la demande", longest=40, hint="Par exemple 7K3F-9QX2."),
        "who": fields.choice("Consultée par", tuple(people), kind="long_choice"),
        "day": fields.day("Le jour"),
    }
    return Schema.from_dict(asked, name="ReadingsSought")(unknown=EXCLUDE)
