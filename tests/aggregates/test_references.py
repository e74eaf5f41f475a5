"""References said on the telephone (S46): whatever is misheard by one character is noticed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_citoyen.aggregates.references import ALPHABET, check_character, new_reference, parse_reference

REFERENCES = st.text(ALPHABET, min_size=7, max_size=7).map(lambda drawn: drawn + check_character(drawn))
ANY_CHARACTER = st.characters(codec="utf-8")


def shown(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:]}"


def test_a_new_reference_is_two_groups_of_four_without_a_letter_that_can_be_misread() -> None:
    drawn = {new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[1-9A-HJKMNP-TV-Z]{4}-[1-9A-HJKMNP-TV-Z]{4}", each) for each in drawn)
    assert all(parse_reference(each) == each for each in drawn)


@given(REFERENCES, st.integers(0, 7), ANY_CHARACTER)
def test_one_wrong_character_is_always_noticed(reference: str, place: int, wrong: str) -> None:
    typed = reference[:place] + wrong + reference[place + 1 :]
    assert parse_reference(typed) in (None, shown(reference))
    if wrong in ALPHABET and wrong != reference[place]:
        assert parse_reference(typed) is None


@given(REFERENCES, st.integers(0, 6))
def test_two_neighbours_swapped_are_always_noticed(reference: str, place: int) -> None:
    one, other = reference[place], reference[place + 1]
    typed = reference[:place] + other + one + reference[place + 2 :]
    assert (parse_reference(typed) is None) == (one != other)


@given(REFERENCES, st.integers(0, 7))
def test_a_character_left_out_or_said_twice_is_noticed(reference: str, place: int) -> None:
    assert parse_reference(reference[:place] + reference[place + 1 :]) is None
    assert parse_reference(reference[: place + 1] + reference[place:]) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "{0}-{1}",
        "{0}{1}",
        " {0} {1} ",
        "{0}\N{NON-BREAKING HYPHEN}{1}",
        "{0}\N{EN DASH}{1}",
        "{0}\N{NO-BREAK SPACE}{1}",
    ],
)
def test_a_reference_is_understood_however_it_is_typed(spelling: str) -> None:
    reference = new_reference()
    first, second = reference.split("-")
    assert parse_reference(spelling.format(first, second)) == reference
    assert parse_reference(spelling.format(first.lower(), second.lower())) == reference


def test_a_one_read_as_a_capital_i_or_l_is_understood() -> None:
    reference = shown("1111111" + check_character("1111111"))
    assert (
        parse_reference(reference.replace("1", "I")) == parse_reference(reference.replace("1", "l")) == reference
    )


@pytest.mark.parametrize(
    "typed", ["", "-", "bonjour", "7K3F", "7K3F-9QX2-7K3F-9QX2", "0000-0000", "'; --", "\0" * 8]
)
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert parse_reference(typed) is None
