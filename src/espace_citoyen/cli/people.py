"""`staff add` and `account add`: people who can sign in, with a password given or drawn."""

import argparse
import secrets
import string
import sys
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.staff import StaffProfile
from espace_citoyen.application import Portal
from espace_citoyen.cli.operator import operator
from espace_citoyen.commands.accounts import open_account, refuse_weak
from espace_citoyen.commands.staff import register_staff
from espace_citoyen.config import Settings
from espace_citoyen.projections import model, staff

_DRAWN_FROM = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_+=.!?")


def add_staff(settings: Settings, arguments: argparse.Namespace) -> int:
    """Register a member of staff who signs in; departments are given by name."""
    password = _password(arguments)
    with closing(Portal(settings.database, settings.master_key)) as portal:
        profile = StaffProfile(
            name=arguments.name,
            capacity=arguments.capacity,
            email=arguments.email,
            departments=frozenset(_departments(portal, arguments.department)),
            roles=frozenset(Role(role) for role in arguments.role),
        )
        member_id = register_staff(
            portal,
            at=datetime.now(UTC),
            actor=operator(),
            username=arguments.username,
            password=password,
            profile=profile,
        )
    return _announce(arguments, member_id, password)


def add_account(settings: Settings, arguments: argparse.Namespace) -> int:
    """Open a citizen's space."""
    password = _password(arguments)
    with closing(Portal(settings.database, settings.master_key)) as portal:
        person = Person(
            title=arguments.title,
            first_name=arguments.first_name,
            last_name=arguments.last_name,
            email=arguments.email,
        )
        account_id = open_account(
            portal,
            at=datetime.now(UTC),
            actor=operator(),
            username=arguments.username,
            password=password,
            person=person,
        )
    return _announce(arguments, account_id, password)


def _departments(portal: Portal, names: list[str]) -> list[UUID]:
    with portal.connection() as connection:
        model.catch_up(portal, connection)
        known = {row.name: row.department_id for row in staff.departments(connection)}
    if unknown := [name for name in names if name not in known]:
        said = f"« {unknown[0]} » n’existe pas. Services connus : {', '.join(known) or 'aucun'}."
        raise Invalid("Unknown department", {"--department": [said]})
    return [known[name] for name in names]


def _password(arguments: argparse.Namespace) -> str:
    if not arguments.password_stdin:
        return _drawn()
    password = sys.stdin.readline().rstrip("\n")
    refuse_weak(password)
    return password


def _drawn() -> str:
    """Draw 20 characters of the four classes: about 125 bits."""
    drawn = [secrets.choice(alphabet) for alphabet in _DRAWN_FROM]
    drawn += [secrets.choice("".join(_DRAWN_FROM)) for _ in range(16)]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _announce(arguments: argparse.Namespace, holder_id: UUID, password: str) -> int:
    print(f"{arguments.username} peut se connecter (identifiant interne {holder_id}).")
    if not arguments.password_stdin:
        print(f"Mot de passe, montré cette seule fois : {password}")
    return 0
