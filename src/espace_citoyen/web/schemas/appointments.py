"""What a chosen place is sent as: an agenda and an instant; nothing is typed."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from espace_citoyen.commands.requests.appointments import NOT_OFFERED

LONGEST = 40
YEARS = range(2000, 3000)
"""Beyond, an instant is a slip, and no calendar can reckon with it."""
SAID: dict[str, Any] = dict.fromkeys(("required", "null", "invalid", "invalid_uuid"), NOT_OFFERED)


def instant(text: str) -> datetime | None:
    """The instant that an address or a form names, in UTC; nonsense is none."""
    try:
        said = datetime.fromisoformat(text[:LONGEST])
    except ValueError:
        return None
    return said.astimezone(UTC) if said.tzinfo and said.year in YEARS else None


def _must_be_instant(text: str) -> None:
    if instant(text) is None:
        raise ValidationError(NOT_OFFERED)


class Wish(Schema):
    """The place chosen on « Liste des rendez-vous disponibles »."""

    class Meta:
        unknown = EXCLUDE

    agenda = fields.UUID(required=True, error_messages=SAID)
    creneau = fields.String(required=True, validate=_must_be_instant, error_messages=SAID)
