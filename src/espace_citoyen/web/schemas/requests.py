"""What is typed to find a request."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.web.schemas import fields


class Lookup(Schema):
    """The one field of the auditor's first page."""

    class Meta:
        unknown = EXCLUDE

    reference = fields.text("Référence de la demande", hint="Par exemple 7K3F-9QX2.", longest=20)
