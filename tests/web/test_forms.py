"""A schema drawn as a form: one validation for pages and JSON, nothing typed lost."""

from collections.abc import Iterator

import flask
import pytest
from marshmallow import EXCLUDE, Schema

from espace_citoyen.aggregates.procedures import FIELD_KINDS, FormField
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.web import forms
from espace_citoyen.web.schemas import fields

QUESTIONS = (
    FormField(name="nom", label="Nom de naissance", required=True, max_length=20),
    FormField(name="message", label="Votre message", kind="long_text", hint="Quelques lignes."),
    FormField(name="enfants", label="Nombre d’enfants", kind="number"),
    FormField(name="naissance", label="Date de naissance", kind="date", required=True),
    FormField(name="envoi", label="Mode d’envoi", kind="choice", choices=("Courrier", "Guichet"), required=True),
    FormField(name="adresse", label="Courriel", kind="email"),
    FormField(name="portable", label="Téléphone", kind="telephone"),
    FormField(name="accord", label="J’accepte", kind="box"),
)
ANSWERS = {
    "nom": " Rousseau ",
    "message": "Deux\r\nlignes",
    "enfants": "3",
    "naissance-jour": "7",
    "naissance-mois": "12",
    "naissance-annee": "2019",
    "envoi": "Guichet",
    "accord": "oui",
}


@pytest.fixture
def schema() -> Schema:
    """The form of a procedure that asks one question of each kind."""
    return Schema.from_dict({question.name: fields.asked(question) for question in QUESTIONS})(unknown=EXCLUDE)


@pytest.fixture
def posting(app: flask.Flask) -> Iterator[None]:
    """A request in which answers were sent."""
    with app.test_request_context("/", method="POST", data=ANSWERS):
        yield


def drawn(app: flask.Flask, schema: Schema, data: dict[str, str]) -> forms.Form:
    with app.test_request_context("/", method="POST", data=data):
        return forms.sent(schema)


def test_every_kind_of_question_is_covered() -> None:
    assert {question.kind for question in QUESTIONS} == FIELD_KINDS


@pytest.mark.usefixtures("posting")
def test_answers_come_out_typed_and_tidy(schema: Schema) -> None:
    form = forms.sent(schema)
    assert not form.errors
    assert form.data == {
        "nom": "Rousseau",
        "message": "Deux\nlignes",
        "enfants": 3,
        "naissance": "2019-12-07",
        "envoi": "Guichet",
        "accord": True,
    }


@pytest.mark.usefixtures("posting")
def test_what_was_typed_is_drawn_again(schema: Schema) -> None:
    form = forms.sent(schema)
    page = "".join(form.fields)
    for kept in ('value="Rousseau"', "Deux\nlignes", 'value="3"', 'value="7"', 'value="12"', 'value="2019"'):
        assert kept in page
    assert page.count(" checked") == 2


def test_absent_answers_are_asked_for_and_lead_to_their_field(app: flask.Flask, schema: Schema) -> None:
    form = drawn(app, schema, {"nom": "   "})
    assert {problem["href"] for problem in form.problems} == {"#nom", "#naissance-jour", "#envoi"}
    assert len(form.problems) == 3
    assert all(problem["text"].startswith("Répondez à la question «") for problem in form.problems)


def test_each_line_of_the_summary_leads_to_something_on_the_page(app: flask.Flask, schema: Schema) -> None:
    with app.test_request_context("/", method="POST", data={"enfants": "beaucoup", "nom": "x" * 21}):
        form = forms.sent(schema)
        page = "".join(form.fields)
    said = {problem["text"].partition(" «")[0] for problem in form.problems}
    assert said == {
        "Écrivez un nombre entier, en chiffres.",
        "Écrivez 20 caractères au plus.",
        "Répondez à la question",
    }
    for problem in form.problems:
        assert f'id="{problem["href"][1:]}"' in page
    assert 'value="beaucoup"' in page


def test_an_impossible_date_stays_as_it_was_typed(app: flask.Flask, schema: Schema) -> None:
    data = {**ANSWERS, "naissance-jour": "31", "naissance-mois": "2", "naissance-annee": "20 19"}
    with app.test_request_context("/", method="POST", data=data):
        page = forms.sent(schema).field("naissance")
    assert 'value="31"' in page
    assert 'value="20 19"' in page


def test_what_an_aggregate_refuses_stands_beside_the_field(app: flask.Flask, schema: Schema) -> None:
    form = drawn(app, schema, ANSWERS).refused(Invalid("no", {"nom": ["Ce nom est incomplet."]}))
    with app.test_request_context("/"):
        assert "Ce nom est incomplet." in form.field("nom")
    assert form.problems == [{"text": "Ce nom est incomplet.", "href": "#nom"}]


def test_words_typed_by_somebody_are_never_markup(app: flask.Flask, schema: Schema) -> None:
    attack = '"><script>alert(1)</script>{{ 7 * 7 }}'
    with app.test_request_context("/", method="POST", data={**ANSWERS, "nom": attack, "message": attack}):
        page = "".join(forms.sent(schema).fields)
    assert "<script>" not in page
    assert "49" not in page
    assert "&lt;script&gt;" in page


def test_a_choice_that_was_not_offered_is_refused(app: flask.Flask, schema: Schema) -> None:
    assert drawn(app, schema, {**ANSWERS, "envoi": "Pigeon"}).errors == {
        "envoi": ["Choisissez une des réponses proposées."]
    }


def test_required_fields_say_so_to_everybody(app: flask.Flask, schema: Schema) -> None:
    with app.test_request_context("/"):
        form = forms.Form(schema=schema)
        assert " required" in form.field("nom")
        assert " required" not in form.field("message")
        assert form.field("naissance").count(" required>") == 3
        assert form.field("envoi").count(" required>") == 2
        assert "Nom de naissance" in form.field("nom")
