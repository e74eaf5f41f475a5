"""The invented town of the demo, made through commands only: its people, departments, procedures, requests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import SYSTEM, Actor
from espace_citoyen.aggregates.procedures import FormField, ProcedureVersion
from espace_citoyen.aggregates.staff import StaffProfile
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import actor_of, open_account
from espace_citoyen.commands.procedures import open_procedure
from espace_citoyen.commands.requests import Filing, Message, deposit_request, read_exchange, send_exchange
from espace_citoyen.commands.staff import open_department, register_staff
from espace_citoyen.demo.cast import CITIZENS, DEPARTMENTS, PASSWORD, STAFF
from espace_citoyen.demo.papers import PAPERS, Cabinet
from espace_citoyen.demo.procedures import PROCEDURES, WITHOUT_ACCOUNT
from espace_citoyen.demo.stories import AGENTS, STORIES, Story


@dataclass(frozen=True)
class Town:
    """Who and what the demo made, by the names used below."""

    departments: dict[str, UUID]
    people: dict[str, Actor]
    procedures: dict[str, UUID]


def is_empty(portal: Portal) -> bool:
    """Tell whether nothing was ever recorded."""
    return portal.position() == 0


def invent(portal: Portal, *, at: datetime, files_root: Path | None = None) -> Town:
    """Make the town as it stands on `at` (aware): what is said to be past is dated in the days before.

    Its papers are drawn into `files_root`; without it, nobody attached any.
    """
    long_ago = at - timedelta(days=60)
    departments = {
        name: open_department(portal, at=long_ago, actor=SYSTEM, name=name, contact=contact)
        for name, contact in DEPARTMENTS.items()
    }
    procedures = {
        slug: open_procedure(
            portal,
            at=long_ago,
            actor=SYSTEM,
            slug=slug,
            version=replace(_version(departments, said), account_required=slug not in WITHOUT_ACCOUNT),
        )
        for slug, said in PROCEDURES.items()
    }
    town = Town(departments, _people(portal, departments, long_ago), procedures)
    for told in STORIES:
        request_id = _tell(portal, town, told, at)
        if files_root:
            cabinet = Cabinet(root=files_root, people=town.people, today=at)
            cabinet.put(portal, request_id, PAPERS.get(told.slug, ()))
    return town


def _people(portal: Portal, departments: dict[str, UUID], at: datetime) -> dict[str, Actor]:
    people = {}
    for username, person in CITIZENS.items():
        account_id = open_account(portal, at=at, actor=SYSTEM, username=username, password=PASSWORD, person=person)
        people[username] = actor_of(portal, kind="account", holder_id=account_id)
    for username, (name, capacity, works_for, roles) in STAFF.items():
        profile = StaffProfile(
            name=name,
            capacity=capacity,
            email=f"{username}@valombre.invalid",
            departments=frozenset(departments[each] for each in works_for),
            roles=frozenset(roles),
        )
        member_id = register_staff(
            portal, at=at, actor=SYSTEM, username=username, password=PASSWORD, profile=profile
        )
        people[username] = actor_of(portal, kind="staff", holder_id=member_id)
    return people


def _tell(portal: Portal, town: Town, story: Story, today: datetime) -> UUID:
    camille = town.people["camille"]
    filing = Filing(uuid4(), town.procedures[story.slug], 1, CITIZENS["camille"], story.answers)
    filed = deposit_request(portal, at=today - timedelta(days=story.days_ago), actor=camille, filing=filing)
    for days_ago, who, text, read in story.messages:
        at, exchange_id, writer = today - timedelta(days=days_ago), uuid4(), town.people[who]
        message = Message(exchange_id=exchange_id, text=text)
        send_exchange(portal, at=at, actor=writer, request_id=filed.request_id, message=message)
        if read:
            reader = camille if writer is not camille else town.people[AGENTS[story.slug]]
            read_exchange(
                portal,
                at=at + timedelta(hours=3),
                actor=reader,
                request_id=filed.request_id,
                exchange_id=exchange_id,
            )
    return filed.request_id


def _version(
    departments: dict[str, UUID], said: tuple[str, str, str, Sequence[FormField], bool]
) -> ProcedureVersion:
    title, department, summary, fields, exchanges = said
    return ProcedureVersion(
        number=1,
        title=title,
        area=department,
        summary=summary,
        department_id=departments[department],
        fields=tuple(fields),
        exchanges=exchanges,
        account_required=True,
    )
