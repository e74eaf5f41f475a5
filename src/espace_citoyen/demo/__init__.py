"""The invented town of the demo, made through commands only: its people, departments, procedures, requests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel
from espace_citoyen.aggregates.procedures import NO_APPOINTMENT, ProcedureVersion
from espace_citoyen.aggregates.staff import StaffProfile
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import actor_of, open_account
from espace_citoyen.commands.appointments import open_agenda
from espace_citoyen.commands.procedures import open_procedure
from espace_citoyen.commands.requests import Filing, deposit_request
from espace_citoyen.commands.staff import open_department, register_staff
from espace_citoyen.demo import procedures as forms
from espace_citoyen.demo.agendas import AGENDAS, APPOINTMENTS
from espace_citoyen.demo.cast import CITIZENS, DEPARTMENTS, PASSWORD, STAFF, WITHOUT_ACCOUNT
from espace_citoyen.demo.deeds import Deed, Scene
from espace_citoyen.demo.papers import PAPERS, Cabinet, Paper
from espace_citoyen.demo.stories import STORIES, Story


@dataclass(frozen=True)
class Town:
    """Who and what the demo made, by the names used below; `requests` by the name of their story."""

    departments: dict[str, UUID]
    people: dict[str, Actor]
    agendas: dict[str, UUID]
    procedures: dict[str, UUID]
    requests: dict[str, UUID] = field(default_factory=dict)


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
    agendas = _agendas(portal, departments, long_ago)
    procedures = {
        slug: open_procedure(
            portal, at=long_ago, actor=SYSTEM, slug=slug, version=_version(departments, agendas, slug)
        )
        for slug in forms.PROCEDURES
    }
    town = Town(departments, _people(portal, departments, long_ago), agendas, procedures)
    for told in STORIES:
        town.requests[told.name] = _tell(portal, town, told, at, files_root)
    return town


def _agendas(portal: Portal, departments: dict[str, UUID], at: datetime) -> dict[str, UUID]:
    return {
        name: open_agenda(
            portal, at=at, actor=SYSTEM, name=name, department_id=departments[department], receives=receives
        )
        for name, (department, receives) in AGENDAS.items()
    }


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


def _tell(portal: Portal, town: Town, story: Story, today: datetime, files_root: Path | None) -> UUID:
    """File the request of a story and do what was done to it, in the order of the days."""
    request_id = uuid4()
    people = town.people | _without_account(request_id)
    person = (CITIZENS | WITHOUT_ACCOUNT)[story.who]
    filing = Filing(request_id, town.procedures[story.slug], 1, person, story.answers)
    deposit_request(portal, at=today - timedelta(days=story.days_ago), actor=people[story.who], filing=filing)
    deeds = [*story.deeds, *_papers(story, files_root, people, today)]
    for days_ago, who, deed in sorted(deeds, key=lambda told: -told[0]):
        deed(
            Scene(
                portal=portal,
                at=today - timedelta(days=days_ago),
                actor=people[who],
                request_id=request_id,
                people=people,
                agendas=town.agendas,
                today=today,
            )
        )
    return request_id


def _without_account(request_id: UUID) -> dict[str, Actor]:
    return {
        name: Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_id, name=person.full_name)
        for name, person in WITHOUT_ACCOUNT.items()
    }


def _papers(
    story: Story, files_root: Path | None, people: dict[str, Actor], today: datetime
) -> Iterator[tuple[float, str, Deed]]:
    if files_root:
        cabinet = Cabinet(root=files_root, people=people, today=today)
        for paper in PAPERS.get(story.name, ()):
            yield paper.days_ago, paper.who, partial(_put, cabinet, paper)


def _put(cabinet: Cabinet, paper: Paper, scene: Scene) -> None:
    cabinet.put(scene.portal, scene.request_id, paper)


def _version(departments: dict[str, UUID], agendas: dict[str, UUID], slug: str) -> ProcedureVersion:
    title, department, summary, fields, exchanges = forms.PROCEDURES[slug]
    appointments, agenda = APPOINTMENTS.get(slug, (NO_APPOINTMENT, ""))
    return ProcedureVersion(
        number=1,
        title=title,
        area=department,
        summary=summary,
        department_id=departments[department],
        fields=tuple(fields),
        exchanges=exchanges,
        account_required=slug not in forms.WITHOUT_ACCOUNT,
        appointments=appointments,
        agenda_id=agendas.get(agenda),
    )
