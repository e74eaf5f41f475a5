"""Marshmallow schemas as forms: one validation for pages and JSON, drawn with govuk-frontend's macros."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import flask
from markupsafe import Markup
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.web import parking, wording

DATE_PARTS = (("jour", "Jour", 2), ("mois", "Mois", 2), ("annee", "Année", 4))
MACRO_OF = {
    "text": "govukInput",
    "email": "govukInput",
    "telephone": "govukInput",
    "number": "govukInput",
    "password": "govukPasswordInput",
    "long_text": "govukTextarea",
    "counted_text": "govukCharacterCount",
    "date": "govukDateInput",
    "choice": "govukRadios",
    "long_choice": "govukSelect",
    "box": "govukCheckboxes",
    "files": "govukFileUpload",
}
INPUT_OF: Mapping[str, dict[str, Any]] = {
    "email": {"type": "email", "spellcheck": False},
    "telephone": {"type": "tel", "classes": "govuk-input--width-20"},
    "files": {"multiple": True},
    "number": {"inputmode": "numeric", "spellcheck": False, "classes": "govuk-input--width-10"},
    "password": {
        "showPasswordText": "Afficher",
        "hidePasswordText": "Masquer",
        "showPasswordAriaLabelText": "Afficher le mot de passe",
        "hidePasswordAriaLabelText": "Masquer le mot de passe",
        "passwordShownAnnouncementText": "Votre mot de passe est visible.",
        "passwordHiddenAnnouncementText": "Votre mot de passe est masqué.",
    },
    "counted_text": {
        "charactersUnderLimitText": {
            "one": "Il vous reste %{count} caractère.",
            "other": "Il vous reste %{count} caractères.",
        },
        "charactersAtLimitText": "Il ne vous reste aucun caractère.",
        "charactersOverLimitText": {
            "one": "Il y a %{count} caractère de trop.",
            "other": "Il y a %{count} caractères de trop.",
        },
    },
}


@dataclass(frozen=True, kw_only=True)
class Form:
    """A schema, what was typed into it, what came out of it, and the sentences about what is wrong."""

    schema: Schema
    typed: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def refused(self, refusal: Invalid) -> "Form":
        """The same form with what an aggregate found wrong in it."""
        return replace(self, errors=refusal.fields or {"": [str(refusal)]})

    def with_error(self, sentence: str, name: str = "") -> "Form":
        """The same form with one more sentence, about a field or about the whole."""
        return replace(self, errors={**self.errors, name: [*self.errors.get(name, []), sentence]})

    def field(self, name: str) -> Markup:
        """Draw one field: `{{ form.field("username") }}`."""
        kind = self.schema.fields[name].metadata.get("kind", "text")
        macro = cast("Callable[[dict[str, Any]], Markup]", flask.current_app.jinja_env.globals[MACRO_OF[kind]])
        return macro(_params(self, name, kind))

    @property
    def fields(self) -> list[Markup]:
        """Every field, drawn, in the order of the schema."""
        return [self.field(name) for name in self.schema.fields]

    @property
    def problems(self) -> list[dict[str, str]]:
        """The lines of the error summary, each leading to its field."""
        return [
            {"text": sentence} | ({"href": f"#{self._target(name)}"} if name in self.schema.fields else {})
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _target(self, name: str) -> str:
        kind = self.schema.fields[name].metadata.get("kind", "text")
        return f"{name}-{DATE_PARTS[0][0]}" if kind == "date" else name


def blank(schema: Schema, **values: Any) -> Form:
    """A form to be filled in: with the text parked for this page if there is some, else with `values`."""
    parked = parking.parked_here()
    return Form(schema=schema, typed=values if parked is None else _gathered(schema, parked))


def sent(schema: Schema) -> Form:
    """The form just sent: `data` is what can be accepted; `errors`, when it must be drawn again with 422."""
    return _checked(schema, flask.request.form)


def asked(schema: Schema) -> Form:
    """The form that an address asks with, checked: pages that are found rather than written."""
    return _checked(schema, flask.request.args)


def _checked(schema: Schema, given_by: MultiDict[str, str]) -> Form:
    typed = _gathered(schema, given_by)
    given = {name: value for name, value in typed.items() if value != ""}
    try:
        return Form(schema=schema, typed=typed, data=schema.load(given))
    except ValidationError as error:
        errors = cast("dict[str, list[str]]", error.messages)
        return Form(schema=schema, typed=typed, data=cast("dict[str, Any]", error.valid_data), errors=errors)


def _gathered(schema: Schema, form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, one value per field: the three parts of a date become one text."""
    kinds = {name: known.metadata.get("kind", "text") for name, known in schema.fields.items()}
    return {name: _value(form, name, kind) for name, kind in kinds.items()}


def _value(form: MultiDict[str, str], name: str, kind: str) -> Any:
    if kind == "date":
        day, month, year = (form.get(f"{name}-{part}", "").strip() for part, _, _ in DATE_PARTS)
        return f"{year}-{month:0>2}-{day:0>2}" if day or month or year else ""
    if kind == "box":
        return name in form
    value = "" if kind == "files" else form.get(name, "")
    return value if kind == "password" else value.strip().replace("\r\n", "\n")


def _params(form: Form, name: str, kind: str) -> dict[str, Any]:
    """What a macro of govuk-frontend wants to know about a field."""
    known, errors = form.schema.fields[name], form.errors.get(name)
    meta, value = known.metadata, "" if kind == "password" else form.typed.get(name, "")
    params: dict[str, Any] = {"id": name, "name": name, "value": value, **INPUT_OF.get(kind, {})}
    required = known.required or meta.get("required", False)
    params["label"] = {"text": meta["label"], "classes": "required" if required else ""}
    params["attributes"] = {"required": {"value": required, "optional": True}}
    if "maxlength" in meta:
        params["textareaDescriptionText"] = f"{wording.grouped(meta['maxlength'])} caractères au plus."
    params |= {key: meta[key] for key in ("autocomplete", "rows", "maxlength", "classes") if key in meta}
    if meta.get("hint"):
        params["hint"] = {"text": meta["hint"]}
    if errors:
        params["errorMessage"] = {"text": " ".join(errors), "visuallyHiddenText": "Erreur\N{NO-BREAK SPACE}"}
    return params | _several(kind, name, params, meta.get("choices", ()))


def _several(kind: str, name: str, params: dict[str, Any], choices: Any) -> dict[str, Any]:
    """What the components made of several inputs want besides."""
    label, value = params["label"], params["value"]
    legend = {"text": label["text"], "classes": f"govuk-fieldset__legend--s {label['classes']}"}
    several = {"idPrefix": name, "namePrefix": name, "fieldset": {"legend": legend}, "attributes": {}}
    each = {"attributes": params["attributes"]}
    if kind == "date":
        return several | {"items": [item | each for item in _date_items(name, str(value))]}
    if kind == "box":
        box = {"value": "oui", "text": label["text"], "checked": value is True, "id": name} | each
        return several | {"fieldset": None, "items": [box | {"label": {"classes": label["classes"]}}]}
    items = [_choice_item(choice, chosen=choice == value) for choice in choices]
    if kind == "choice":
        return several | {"items": [item | each for item in items]}
    if kind == "long_choice":
        return {"items": [{"value": "", "text": "Choisissez"}, *items]}
    return {}


def _choice_item(choice: str, *, chosen: bool) -> dict[str, Any]:
    return {"value": choice, "text": choice, "checked": chosen, "selected": chosen}


def _date_items(name: str, typed: str) -> list[dict[str, str]]:
    """The three inputs of a date, the French way round."""
    texts = reversed(typed.split("-", 2)) if typed else ("", "", "")
    return [
        {
            "name": part,
            "id": f"{name}-{part}",
            "label": label,
            "value": text.lstrip("0"),
            "classes": f"govuk-input--width-{width}",
        }
        for (part, label, width), text in zip(DATE_PARTS, texts, strict=True)
    ]
