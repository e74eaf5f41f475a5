"""The kinds of field that forms and the JSON interface share, with their French sentences."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from espace_citoyen.aggregates.procedures import FormField
from espace_citoyen.aggregates.typed import NOT_AN_EMAIL
from espace_citoyen.web.wording import grouped

NOT_A_NUMBER = "Écrivez un nombre entier, en chiffres."
NOT_A_DAY = "Écrivez un jour qui existe, par exemple 14 3 2027."
DAYS = (date(1800, 1, 1), date(2999, 12, 31))
"""The first and the last day that can be typed: one can reckon with those around them."""


def text(label: str, *, missing: str = "", longest: int = 500, kind: str = "text", **meta: Any) -> fields.String:
    """A text; required when `missing` says what to do about its absence."""
    checks: list[validate.Validator] = [
        validate.Length(max=longest, error=f"Écrivez {grouped(longest)} caractères au plus.")
    ]
    if kind == "email":
        checks.append(validate.Email(error=NOT_AN_EMAIL))
    return fields.String(
        required=bool(missing),
        validate=checks,
        error_messages={"required": missing, "null": missing, "invalid": "Écrivez un texte."},
        metadata={"label": label, "kind": kind, **meta},
    )


def password(label: str, *, missing: str, **meta: Any) -> fields.String:
    """A password: never drawn again, its spaces kept."""
    return text(label, missing=missing, longest=1000, kind="password", **meta)


def box(label: str, **meta: Any) -> fields.Boolean:
    """A box to tick; `required` when nothing goes on without it."""
    ticked = validate.Equal(True, error=f"Cochez «\N{NO-BREAK SPACE}{label}\N{NO-BREAK SPACE}» pour continuer.")
    checks = [ticked] if meta.get("required") else []
    return fields.Boolean(load_default=False, validate=checks, metadata={"label": label, "kind": "box", **meta})


def choice(label: str, choices: tuple[str, ...], *, missing: str = "", **meta: Any) -> fields.String:
    """One of several answers: radio buttons up to seven, a list beyond."""
    kind = "choice" if len(choices) <= 7 else "long_choice"
    return fields.String(
        required=bool(missing),
        validate=validate.OneOf(choices, error="Choisissez une des réponses proposées."),
        error_messages={"required": missing, "null": missing},
        metadata={"label": label, "kind": kind, "choices": choices, **meta},
    )


def number(label: str, *, missing: str = "", **meta: Any) -> fields.Integer:
    """A whole number."""
    return fields.Integer(
        required=bool(missing),
        error_messages={"required": missing, "null": missing, "invalid": NOT_A_NUMBER},
        metadata={"label": label, "kind": "number", **meta},
    )


def day(label: str, *, missing: str = "", **meta: Any) -> fields.Date:
    """A day of the calendar, typed in three parts; no form asks for one at either end of all calendars."""
    return fields.Date(
        required=bool(missing),
        validate=validate.Range(*DAYS, error=NOT_A_DAY),
        error_messages={"required": missing, "null": missing, "invalid": NOT_A_DAY},
        metadata={"label": label, "kind": "date", **meta},
    )


def files(label: str, **meta: Any) -> fields.Raw:
    """Files sent with a form: drawn as a field, read by `web.uploads`."""
    return fields.Raw(metadata={"label": label, "kind": "files", **meta})


def asked(question: FormField) -> fields.Field[Any]:
    """The field of a procedure's question: its type is checked here, the rest by the procedure itself."""
    answer = f"Répondez à la question «\N{NO-BREAK SPACE}{question.label}\N{NO-BREAK SPACE}»."
    missing = answer if question.required else ""
    hint = {"hint": question.hint}
    if question.kind == "box":
        return box(question.label, required=question.required, **hint)
    if question.kind == "number":
        return number(question.label, missing=missing, **hint)
    if question.kind == "choice":
        return choice(question.label, question.choices, missing=missing, **hint)
    return text(question.label, missing=missing, longest=question.max_length, kind=question.kind, **hint)
