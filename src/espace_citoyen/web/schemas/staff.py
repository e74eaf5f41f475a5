"""What is typed at the desk: who looks after a request, what is asked, decided, noted, erased."""

from typing import Any

from marshmallow import EXCLUDE, Schema
from marshmallow.fields import Field, String

from espace_citoyen.aggregates.requests import TEXT_LIMIT
from espace_citoyen.labels import ERASURE_REASON
from espace_citoyen.web.schemas import fields

OUTCOMES = {
    "Accepter": "accepted",
    "Refuser": "refused",
    "Classer sans suite": "closed_without_action",
}
"""What can be decided, by the word of the screen."""
REASONS = {said[:1].upper() + said[1:]: code for code, said in ERASURE_REASON.items()}
"""Why something is erased, by the word of the screen."""
ME = "Moi-même"
"""Oneself, among those a request can be entrusted to."""
LONGEST_LIST = 5_000


def _long_text(label: str, *, missing: str = "", hint: str = "", rows: int = 5) -> String:
    return fields.text(
        label,
        missing=missing,
        longest=TEXT_LIMIT,
        kind="counted_text",
        maxlength=TEXT_LIMIT,
        rows=rows,
        hint=hint,
    )


class CorrectionAsked(Schema):
    """« Demander un complément »: in words, as a list, by a day."""

    class Meta:
        unknown = EXCLUDE

    text = _long_text("Ce qu’il faut compléter ou corriger", missing="Dites ce qu’il faut compléter ou corriger.")
    missing = fields.text(
        "Ce qui manque, une chose par ligne",
        longest=LONGEST_LIST,
        kind="long_text",
        rows=4,
        hint="L’usager y verra une liste. Laissez vide si votre texte suffit.",
    )
    due_on = fields.day("À renvoyer au plus tard le", hint="Laissez vide s’il n’y a pas de délai.")


class Ruling(Schema):
    """« Décider »: an outcome and its reasons."""

    class Meta:
        unknown = EXCLUDE

    outcome = fields.choice("Décision", tuple(OUTCOMES), missing="Choisissez la décision.")
    reasons = _long_text(
        "Motifs",
        hint="L’usager les lira. Obligatoires pour refuser ou classer, en fait et en droit.",
        rows=7,
    )


class Reopening(Schema):
    """« Rouvrir »: why."""

    class Meta:
        unknown = EXCLUDE

    reasons = _long_text("Pourquoi rouvrir cette demande", missing="Dites pourquoi la demande est rouverte.")


class Note(Schema):
    """« Noter »: for the services alone."""

    class Meta:
        unknown = EXCLUDE

    text = _long_text("Votre note", missing="Écrivez votre note.", rows=4)


class Erasing(Schema):
    """What an administrator orders to be erased, why, and under which visa."""

    class Meta:
        unknown = EXCLUDE

    reference = fields.text(
        "Référence de la demande",
        missing="Donnez la référence de la demande à effacer.",
        longest=40,
        hint="Par exemple 7K3F-9QX2. L’identifiant d’un espace ou d’un agent est accepté aussi.",
        spellcheck=False,
    )
    reason = fields.choice("Motif", tuple(REASONS), missing="Choisissez un motif.")
    visa = fields.text(
        "Référence du visa",
        missing="Donnez la référence du visa, par exemple «\N{NO-BREAK SPACE}DPO-2026-014\N{NO-BREAK SPACE}».",
        longest=40,
        hint="La décision qui autorise l’effacement, sans espace ni nom de personne\N{NO-BREAK SPACE}:"
        " cette référence reste au registre.",
    )


def assignment(colleagues: tuple[str, ...]) -> Schema:
    """« Confier à… »: one of these colleagues."""
    asked = fields.choice("Confier la demande à", colleagues, missing="Choisissez un agent de votre service.")
    return Schema.from_dict({"assignee": asked}, name="Assignment")(unknown=EXCLUDE)


def transfer(departments: tuple[str, ...]) -> Schema:
    """« Transmettre à un autre service »: one of these, with a word for it."""
    asked: dict[str, Field[Any]] = {
        "department": fields.choice(
            "Service qui reçoit la demande", departments, missing="Choisissez le service."
        ),
        "reasons": _long_text(
            "Un mot pour ce service", missing="Dites pourquoi au service qui reçoit la demande.", rows=3
        ),
    }
    return Schema.from_dict(asked, name="Transfer")(unknown=EXCLUDE)
