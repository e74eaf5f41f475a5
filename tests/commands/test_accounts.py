"""Opening a space and telling who signs in."""

from dataclasses import replace

import psycopg
import pytest

from espace_citoyen.aggregates.actor import ActorKind, Role
from espace_citoyen.aggregates.refusals import AlreadyTaken, Invalid
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import authenticate, open_account
from people import CAMILLE_PERSON, MONDAY, NADIA_PERSON, PASSWORD, SYSTEM, Town


@pytest.mark.parametrize(
    "typed", ["camille", "Camille", " CAMILLE ", "ｃａｍｉｌｌｅ"], ids=["same", "capital", "spaces", "wide"]
)
def test_somebody_signs_in_however_their_username_is_written(town: Town, typed: str) -> None:
    camille = town.camille
    actor = authenticate(town.portal, username=typed, password=PASSWORD)
    assert actor == camille
    assert actor
    assert (actor.kind, actor.name, actor.roles) == (ActorKind.CITIZEN, "Camille Rousseau", frozenset())


def test_staff_signs_in_at_the_same_door_with_roles_and_departments(town: Town) -> None:
    assert town.dominique
    actor = authenticate(town.portal, username="dominique", password=PASSWORD)
    assert actor
    assert (actor.kind, actor.capacity) == (ActorKind.STAFF, "Officier d’état civil")
    assert (actor.roles, actor.departments) == ({Role.AGENT}, {town.civil})


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("camille", "demonstration-2026!"),
        ("camille", f"{PASSWORD} "),
        ("camille", ""),
        ("personne", PASSWORD),
        ("", ""),
        ("camille", "\0"),
    ],
)
def test_nobody_signs_in_with_a_wrong_name_or_password(town: Town, username: str, password: str) -> None:
    assert town.camille
    assert authenticate(town.portal, username=username, password=password) is None


def test_a_username_is_had_once_and_the_second_who_wants_it_leaves_no_trace(town: Town, portal: Portal) -> None:
    assert town.camille
    before = portal.position()
    with pytest.raises(AlreadyTaken):
        open_account(portal, at=MONDAY, actor=SYSTEM, username="CAMILLE", password=PASSWORD, person=NADIA_PERSON)
    assert portal.position() == before
    with psycopg.connect(portal.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM plain.credential").fetchone() == (1,)


@pytest.mark.parametrize("username", ["", "   ", "x" * 101])
def test_an_impossible_username_is_refused_beside_its_field(portal: Portal, username: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_account(portal, at=MONDAY, actor=SYSTEM, username=username, password=PASSWORD, person=CAMILLE_PERSON)
    assert set(refused.value.fields) == {"username"}
    assert portal.position() == 0


def test_a_person_who_cannot_be_named_has_no_space_and_no_username(portal: Portal) -> None:
    with pytest.raises(Invalid):
        open_account(
            portal,
            at=MONDAY,
            actor=SYSTEM,
            username="camille",
            password=PASSWORD,
            person=replace(CAMILLE_PERSON, last_name=""),
        )
    assert portal.position() == 0


def test_a_password_is_in_no_event_and_in_no_row_but_as_its_argon2_hash(town: Town, portal: Portal) -> None:
    assert town.camille
    with psycopg.connect(portal.database_url) as connection:
        (kept,) = connection.execute("SELECT password_hash FROM plain.credential").fetchone() or ("",)
        whole = connection.execute(
            "SELECT string_agg(encode(state, 'escape'), '') FROM log.portal_events"
        ).fetchone()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert whole
    assert PASSWORD not in whole[0]
    assert all(PASSWORD not in str(vars(event.event)) for event in portal.after(0, 100))
