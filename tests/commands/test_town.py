"""Opening departments and procedures, registering staff, and the demo's town that does all of it."""

from pathlib import Path

import pytest

from espace_citoyen.aggregates.procedures import APPOINTMENTS, Procedure
from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest, Status
from espace_citoyen.aggregates.staff import Department, StaffMember
from espace_citoyen.application import Portal
from espace_citoyen.commands import procedures
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.commands.staff import register_staff
from espace_citoyen.demo import invent, is_empty
from people import MONDAY, PASSWORD, Town, birth_certificate


def test_a_department_and_its_agent_know_each_other(town: Town, portal: Portal) -> None:
    assert portal.get(Department, town.civil).name == "État civil"
    assert town.dominique.id
    assert portal.get(StaffMember, town.dominique.id).profile.departments == {town.civil}


def test_a_citizen_and_an_agent_do_not_share_a_username(town: Town, portal: Portal) -> None:
    assert town.camille
    profile = portal.get(StaffMember, town.alex.id or town.civil).profile
    before = portal.position()
    with pytest.raises(AlreadyTaken):
        register_staff(portal, at=MONDAY, actor=town.alex, username="Camille", password=PASSWORD, profile=profile)
    assert portal.position() == before


def test_an_address_is_one_procedures(town: Town, portal: Portal) -> None:
    first = town.birth_certificate
    assert procedures.procedure_id(portal, "acte-de-naissance") == first
    with pytest.raises(AlreadyTaken):
        procedures.open_procedure(
            portal,
            at=MONDAY,
            actor=town.alex,
            slug="acte-de-naissance",
            version=birth_certificate(town.civil, exchanges=False),
        )
    assert portal.get(Procedure, first).current.exchanges


def test_a_version_takes_the_next_number_of_its_own_procedure(town: Town, portal: Portal) -> None:
    procedure = town.birth_certificate
    for number in (2, 3):
        procedures.publish_version(
            portal,
            at=MONDAY,
            actor=town.alex,
            procedure_id=procedure,
            version=birth_certificate(town.civil, number=number),
        )
    assert portal.get(Procedure, procedure).current.number == 3
    with pytest.raises(Forbidden):
        procedures.publish_version(
            portal, at=MONDAY, actor=town.alex, procedure_id=procedure, version=birth_certificate(town.civil)
        )
    with pytest.raises(NotFound):
        procedures.publish_version(
            portal, at=MONDAY, actor=town.alex, procedure_id=town.civil, version=birth_certificate(town.civil)
        )


def test_the_demo_is_a_town_in_which_everybody_signs_in_and_camille_has_requests(portal: Portal) -> None:
    assert is_empty(portal)
    town = invent(portal, at=MONDAY)
    assert not is_empty(portal)
    for username in ("camille", "nadia", "dominique", "samir", "alex", "ines"):
        assert authenticate(portal, username=username, password=PASSWORD) == town.people[username]
    events = portal.after(0, 1000)
    kinds = [event.topic for event in events]
    assert kinds.count("request:exchange-sent") > kinds.count("request:exchange-read") > 0
    assert {event.envelope["at"] <= MONDAY.isoformat() for event in events} == {True}
    told = {name: portal.get(ServiceRequest, request_id) for name, request_id in town.requests.items()}
    assert {each.status for each in told.values()} == set(Status) - {Status.DRAFT, Status.CLOSED}
    assert {name for name, each in told.items() if each.archived} == {"archived", "cancelled"}
    assert {name for name, each in told.items() if each.upcoming(MONDAY)} == {"meeting", "followed"}
    assert {name for name, each in told.items() if each.citizen_id is None} == {"followed"}
    assert not any(each.attachments for each in told.values())


def test_the_demo_has_procedures_of_every_kind_and_papers_that_can_be_opened(
    portal: Portal, tmp_path: Path
) -> None:
    town = invent(portal, at=MONDAY, files_root=tmp_path)
    versions = [portal.get(Procedure, each).current for each in town.procedures.values()]
    assert {each.appointments for each in versions} == APPOINTMENTS
    assert {each.account_required for each in versions} == {each.exchanges for each in versions} == {True, False}
    decided = portal.get(ServiceRequest, town.requests["decided"])
    kept = [file for each in decided.attachments.values() if not each.removed for file in each.content.files]
    assert {file.media_type for file in kept} == {"application/pdf", "image/png"}
    stored = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert {str(file.file_id) for file in kept} <= stored
