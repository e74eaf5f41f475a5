"""The form of a procedure, made from the questions of one of its versions."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.procedures import ProcedureVersion
from espace_citoyen.web.schemas import fields


def form_of(version: ProcedureVersion) -> Schema:
    """The schema of a version: one field per question, in its order."""
    made = Schema.from_dict({question.name: fields.asked(question) for question in version.fields})
    return made(unknown=EXCLUDE)
