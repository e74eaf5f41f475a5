"""What is typed to find a request, and to cancel one."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.requests import TEXT_LIMIT
from espace_citoyen.web.schemas import fields


class Lookup(Schema):
    """The one field of the auditor's first page."""

    class Meta:
        unknown = EXCLUDE

    reference = fields.text("Référence de la demande", hint="Par exemple 7K3F-9QX2.", longest=20)


class Cancellation(Schema):
    """The one field of « Annuler ma demande »."""

    class Meta:
        unknown = EXCLUDE

    reasons = fields.text(
        "Pourquoi annulez-vous\N{NARROW NO-BREAK SPACE}? (facultatif)",
        longest=TEXT_LIMIT,
        kind="long_text",
        rows=3,
        hint="Le service lira ce mot.",
    )
