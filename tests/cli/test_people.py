"""`espace-citoyen staff add` and `account add`: somebody more who can sign in, and nobody by halves."""

import re

import pytest

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.commands.accounts import authenticate
from fix_cli import Espace, Said
from people import PASSWORD, Town

BOB = ("staff", "add", "bob", "--name", "Bob Martin", "--capacity", "Agent d’accueil")
EVE = ("account", "add", "eve", "--title", "Mme", "--first-name", "Ève", "--last-name", "Petit")
EMAIL = ("--email", "eve@exemple.invalid")


def shown_password(said: Said) -> str:
    found = re.search(r"Mot de passe, montré cette seule fois : (\S{20})\n", said.out)
    assert found, said
    return found[1]


def test_an_agent_is_added_to_a_department_by_its_name_with_a_password_shown_once(
    espace: Espace, town: Town
) -> None:
    assert town.civil
    said = espace(*BOB, "--department", "État civil", "--role", "agent", "--role", "manager")
    assert said.status == 0
    bob = authenticate(town.portal, username="bob", password=shown_password(said))
    assert bob
    assert (bob.name, bob.capacity, bob.roles) == ("Bob Martin", "Agent d’accueil", {Role.AGENT, Role.MANAGER})
    assert bob.works_for(town.civil)


def test_the_first_administrator_needs_no_department(espace: Espace, town: Town) -> None:
    said = espace(*BOB, "--role", "administrator", "--password-stdin", typed=f"{PASSWORD}\n")
    assert said.status == 0
    assert PASSWORD not in said.out
    assert authenticate(town.portal, username="bob", password=PASSWORD)


def test_a_space_is_opened_with_a_password_given(espace: Espace, town: Town) -> None:
    assert espace(*EVE, *EMAIL, "--password-stdin", typed=f"{PASSWORD}\n").status == 0
    eve = authenticate(town.portal, username="EVE", password=PASSWORD)
    assert eve
    assert eve.name == "Ève Petit"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((*BOB, "--role", "agent"), 1, "departments : Choisissez au moins un service."),
        (BOB, 1, "roles : Choisissez au moins un rôle."),
        ((*BOB, "--role", "maire"), 2, "--role"),
        (
            (*BOB, "--role", "agent", "--department", "Voirie"),
            1,
            "« Voirie » n’existe pas. Services connus : aucun.",
        ),
        (EVE, 2, "--email"),
        ((*EVE, "--email", "eve"), 1, "email : Écrivez une adresse électronique"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    espace: Espace, town: Town, words: tuple[str, ...], status: int, said: str
) -> None:
    refused = espace(*words)
    assert refused.status == status
    assert said in refused.err
    assert town.portal.position() == 0


@pytest.mark.parametrize("weak", ["", "court", "douze-lettre", "abcdefgh1234", "x" * 40])
def test_a_weak_password_is_refused(espace: Espace, town: Town, weak: str) -> None:
    refused = espace(*EVE, *EMAIL, "--password-stdin", typed=f"{weak}\n")
    assert refused.status == 1
    assert "Choisissez au moins 12 caractères" in refused.err
    assert town.portal.position() == 0


@pytest.mark.parametrize(
    "enough", ["Demo-2026!ab", "Demonstration2026", "sept petits mots suffisent à faire beaucoup"]
)
def test_four_classes_a_long_one_or_a_phrase_are_enough(espace: Espace, enough: str) -> None:
    assert espace(*EVE, *EMAIL, "--password-stdin", typed=f"{enough}\n").status == 0


def test_a_username_that_is_taken_is_refused_whatever_its_case(espace: Espace, town: Town) -> None:
    assert town.camille
    before = town.portal.position()
    refused = espace("account", "add", " CAMILLE ", *EVE[3:], *EMAIL)
    assert refused.status == 1
    assert "déjà pris" in refused.err
    assert town.portal.position() == before
