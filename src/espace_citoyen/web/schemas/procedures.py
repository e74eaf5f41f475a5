"""The form by which a procedure is filed: who asks, then the questions of one of its versions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.procedures import ProcedureVersion
from espace_citoyen.aggregates.requests import TEXT_LIMIT
from espace_citoyen.web.schemas import fields
from espace_citoyen.web.wording import CONTACTS

QUESTION = "question-"
"""Set before the name of a question, so that none is taken for a field of the applicant."""


class Applicant(Schema):
    """« Mes informations »: what the town needs to know about whoever files."""

    class Meta:
        unknown = EXCLUDE

    title = fields.choice("Civilité", ("Mme", "M."), missing="Choisissez votre civilité.")
    first_name = fields.text("Prénom", missing="Écrivez votre prénom.", longest=100, autocomplete="given-name")
    last_name = fields.text("Nom", missing="Écrivez votre nom.", longest=100, autocomplete="family-name")
    address = fields.text("Adresse", longest=300, autocomplete="street-address")
    postcode = fields.text("Code postal", longest=20, autocomplete="postal-code")
    town = fields.text("Commune", longest=100, autocomplete="address-level2")
    email = fields.text(
        "Courriel",
        missing="Écrivez votre adresse électronique.",
        longest=254,
        kind="email",
        autocomplete="email",
        hint="L’accusé de réception y sera envoyé.",
    )
    mobile = fields.text("Téléphone mobile", longest=30, kind="telephone", autocomplete="tel")
    telephone = fields.text("Autre téléphone", longest=30, kind="telephone")
    preferred_contact = fields.choice(
        "Moyen de contact préféré", tuple(CONTACTS.values()), missing="Choisissez comment vous joindre."
    )


APPLICANT = tuple(Applicant().fields)


def filing_form(version: ProcedureVersion) -> Schema:
    """The schema of a version: the applicant's fields, then one per question, in their order."""
    questions = {QUESTION + question.name: fields.asked(question) for question in version.fields}
    return Applicant.from_dict(questions)()


class Completion(Schema):
    """What goes with the corrected answers."""

    class Meta:
        unknown = EXCLUDE

    text = fields.text(
        "Un mot pour le service (facultatif)",
        longest=TEXT_LIMIT,
        kind="long_text",
        rows=4,
        hint="Par exemple, ce que vous avez corrigé ou joint.",
    )


def correction_form(version: ProcedureVersion) -> Schema:
    """The schema by which a request is sent back completed: the questions of its version, and a word."""
    questions = {QUESTION + question.name: fields.asked(question) for question in version.fields}
    return Completion.from_dict(questions)()


def answers_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers among what was typed, by the names of their questions."""
    return {name.removeprefix(QUESTION): value for name, value in data.items() if name.startswith(QUESTION)}
