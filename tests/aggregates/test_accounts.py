"""A citizen's space: what it needs to be opened, and what ends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from espace_citoyen.aggregates.accounts import Account, Person
from espace_citoyen.aggregates.refusals import Invalid
from people import ALEX, CAMILLE_PERSON, MONDAY, SYSTEM
from scenario import Scenario

ACCOUNT, CLAIM = UUID(int=1), UUID(int=4001)

FILL_IN, ONE_LINE = "Remplissez ce champ.", "Écrivez sur une seule ligne."
NOT_A_NAME = "Écrivez un nom sur une seule ligne, sans adresse de site ni de courriel."
NO_EMAIL = "Écrivez une adresse électronique complète, comme nom@exemple.fr."
NO_PHONE = "Écrivez un numéro de téléphone, en chiffres."


def opened(person: Person = CAMILLE_PERSON, at: datetime = MONDAY) -> Callable[[], Account]:
    return lambda: Account.open(id=ACCOUNT, at=at, actor=SYSTEM, username_claim=CLAIM, person=person)


def test_a_space_is_opened_for_a_person_and_says_nothing_of_a_username_or_a_password() -> None:
    Scenario(Account).when(opened()).then(Account.Opened, username_claim=CLAIM, person=vars(CAMILLE_PERSON))


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("title", "", FILL_IN),
        ("first_name", "  ", FILL_IN),
        ("last_name", "", FILL_IN),
        ("last_name", "Rousseau\r\nBcc: tous@exemple.invalid", NOT_A_NAME),
        ("last_name", "R" * 201, "Écrivez 200 caractères au plus."),
        ("email", "", FILL_IN),
        ("email", "camille@mairie", NO_EMAIL),
        ("email", "camille@exemple.invalid,tous@exemple.invalid", NO_EMAIL),
        ("email", "camille@exemple.invalid\nBcc: tous@exemple.invalid", NO_EMAIL),
        ("mobile", "zéro six", NO_PHONE),
        ("telephone", "12", NO_PHONE),
        (
            "address",
            "8 rue des Tilleuls\0",
            "Ce texte contient un caractère illisible\N{NO-BREAK SPACE}: effacez-le et recommencez.",
        ),
        ("birth_date", "1984-02-30", "Écrivez une date qui existe."),
        ("birth_date", "20260101", "Écrivez une date qui existe."),
        ("birth_date", "2026-03-03", "La date de naissance est dans le futur."),
        ("preferred_contact", "pigeon", "Choisissez un moyen de contact."),
    ],
)
def test_a_space_is_refused_beside_the_field_that_is_wrong(field: str, given: str, said: str) -> None:
    Scenario(Account).when(opened(replace(CAMILLE_PERSON, **{field: given}))).then_refused(
        Invalid, **{field: said}
    )


def test_everything_that_is_wrong_is_said_at_once() -> None:
    blank = Person(title="", first_name="", last_name="", email="")
    Scenario(Account).when(opened(blank)).then_refused(
        Invalid, title=FILL_IN, first_name=FILL_IN, last_name=FILL_IN, email=FILL_IN
    )


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("address", "Bâtiment B\n8 rue des Tilleuls"),
        ("mobile", "+33 (0)6 99 00 00 10"),
        ("telephone", "04.99.00.00.01"),
        ("email", "camille.rousseau+mairie@exemple.invalid"),
        ("birth_date", None),
        ("birth_date", ""),
        ("last_name", "d’Arc-N’Diaye"),
        ("first_name", "J.-P. St. John"),
    ],
)
def test_a_space_takes_people_as_they_are(field: str, given: str | None) -> None:
    Scenario(Account).when(opened(replace(CAMILLE_PERSON, **{field: given}))).then(Account.Opened)


def test_a_child_born_today_in_paris_is_born() -> None:
    just_after_midnight = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    born_today = replace(CAMILLE_PERSON, birth_date="2026-03-02")
    Scenario(Account).when(opened(born_today, at=just_after_midnight)).then(Account.Opened)


def test_a_space_is_erased_for_a_reason_by_code_under_a_visa() -> None:
    Scenario(Account).given(opened()).when(
        lambda account: account.erase(at=MONDAY, actor=ALEX, reason="person", visa="DPO-2026-014")
    ).then(Account.Erased, reason="person", visa="DPO-2026-014")
    Scenario(Account).given(opened()).when(
        lambda account: account.erase(at=MONDAY, actor=ALEX, reason="Camille le veut", visa="DPO-2026-014")
    ).then_refused(Invalid, reason="Choisissez un des motifs proposés.")
