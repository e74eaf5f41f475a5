"""Procedures: what a form asks, which answers it takes, and how its versions follow each other."""

from collections.abc import Callable
from uuid import UUID

import pytest

from espace_citoyen.aggregates.procedures import Answer, FormField, Procedure, ProcedureVersion
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from people import ALEX, MONDAY, birth_certificate
from scenario import Scenario

ANSWER_IT, INCOMPLETE = (
    "Répondez à cette question.",
    "La question «\N{NO-BREAK SPACE}Nom\N{NO-BREAK SPACE}» est incomplète.",
)
A_NUMBER, A_DATE, A_CHOICE = (
    "Écrivez un nombre entier, en chiffres.",
    "Écrivez une date qui existe.",
    "Choisissez une des réponses proposées.",
)


def opened() -> Procedure:
    return Procedure.open(id=UUID(int=2001), at=MONDAY, actor=ALEX, slug="acte-de-naissance")


def published(version: ProcedureVersion) -> Callable[[Procedure], object]:
    return lambda procedure: procedure.publish(at=MONDAY, actor=ALEX, version=version)


def field(kind: str = "text", *, required: bool = False, **more: object) -> FormField:
    return FormField(name="nom", label="Nom", kind=kind, required=required, **more)  # type: ignore[arg-type]


# Versions


def test_a_procedure_is_opened_at_an_address_and_cannot_be_filed_before_a_version_is_published() -> None:
    Scenario(Procedure).when(opened).then(Procedure.Opened, slug="acte-de-naissance")
    with pytest.raises(NotFound):
        _ = opened().current


def test_versions_follow_each_other_and_the_last_is_the_one_to_file() -> None:
    first, second = birth_certificate(number=1), birth_certificate(number=2, exchanges=False)
    Scenario(Procedure).given(opened, published(first)).when(published(second)).then(
        Procedure.VersionPublished, number=2, exchanges=False
    )
    procedure = opened()
    published(first)(procedure)
    published(second)(procedure)
    assert (procedure.current, procedure.versions[1]) == (second, first)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_version_takes_the_next_number_and_no_other(number: int) -> None:
    Scenario(Procedure).given(opened, published(birth_certificate())).when(
        published(birth_certificate(number=number))
    ).then_refused(Forbidden)


def test_two_questions_of_the_same_name_are_refused() -> None:
    Scenario(Procedure).given(opened).when(published(birth_certificate(fields=(field(), field())))).then_refused(
        Invalid, fields="Deux questions portent le même nom."
    )


@pytest.mark.parametrize("incomplete", [field("choice"), field("riddle")])
def test_a_choice_without_choices_and_an_unknown_kind_of_question_are_refused(incomplete: FormField) -> None:
    Scenario(Procedure).given(opened).when(published(birth_certificate(fields=(incomplete,)))).then_refused(
        Invalid, fields=INCOMPLETE
    )


# Answers


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (field(required=True), "Rousseau"),
        (field(), ""),
        (field(), None),
        (field("long_text"), "une ligne\nune autre"),
        (field("number", required=True), 0),
        (field("number"), -3),
        (field("date"), "2028-02-29"),
        (field("choice", choices=("Oui", "Non")), "Non"),
        (field("email"), "nom@exemple.invalid"),
        (field("telephone"), "+33 4 99 00 00 01"),
        (field("box"), False),
        (field("box", required=True), True),
    ],
)
def test_a_form_takes(asked: FormField, answer: Answer) -> None:
    assert birth_certificate(fields=(asked,)).check({"nom": answer}) == {"nom": answer}


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        (field(required=True), None, ANSWER_IT),
        (field(required=True), "", ANSWER_IT),
        (field(required=True), " \N{NO-BREAK SPACE}\n", ANSWER_IT),
        (field("number", required=True), None, ANSWER_IT),
        (field("box", required=True), False, ANSWER_IT),
        (field(), 3, "Écrivez un texte."),
        (field(), False, "Écrivez un texte."),
        (field(), "une ligne\nune autre", "Écrivez sur une seule ligne."),
        (
            field("long_text"),
            "\0",
            "Ce texte contient un caractère illisible\N{NO-BREAK SPACE}: effacez-le et recommencez.",
        ),
        (field(max_length=3), "Rousseau", "Écrivez 3 caractères au plus."),
        (field("number"), "3", A_NUMBER),
        (field("number"), True, A_NUMBER),
        (field("number"), False, A_NUMBER),
        (field("number"), 10**15, "Écrivez un nombre plus petit."),
        (field("date"), "2027-02-29", A_DATE),
        (field("date"), "29/02/2028", A_DATE),
        (field("date"), "20280229", A_DATE),
        (field("choice", choices=("Oui", "Non")), "Peut-être", A_CHOICE),
        (field("email"), "nom", "Écrivez une adresse électronique complète, comme nom@exemple.fr."),
        (field("telephone"), "appelez-moi", "Écrivez un numéro de téléphone, en chiffres."),
        (field("box"), "on", "Cochez la case ou laissez-la vide."),
    ],
)
def test_a_form_refuses_beside_the_question(asked: FormField, answer: Answer, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        birth_certificate(fields=(asked,)).check({"nom": answer})
    assert refused.value.fields == {"nom": [said]}


def test_a_form_refuses_an_answer_to_a_question_it_does_not_ask() -> None:
    with pytest.raises(Invalid, match="statut"):
        birth_certificate().check({"nom": "Rousseau", "statut": "accepted"})


def test_answers_come_out_in_the_order_of_the_form_with_a_place_for_each_question() -> None:
    form = birth_certificate(fields=(FormField(name="b", label="B"), FormField(name="a", label="A")))
    assert list(form.check({"a": "1"}).items()) == [("b", None), ("a", "1")]
