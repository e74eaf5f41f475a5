"""Departments and those who work for them."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from espace_citoyen.aggregates.actor import ActorKind, Channel, Role
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.staff import Contact, Department, StaffMember, StaffProfile
from espace_citoyen.demo.cast import CIVIL, EDUCATION
from people import ALEX, DEPARTMENT_IDS, DOMINIQUE, INES, MONDAY, SAMIR, SYSTEM
from scenario import Scenario

CONTACT = Contact(address="1 place de la Mairie", email="mairie@valombre.invalid", telephone="04 99 00 00 01")
PROFILE = StaffProfile(
    name="Dominique Morel",
    capacity="Officier d’état civil",
    email="dominique@valombre.invalid",
    departments=frozenset({DEPARTMENT_IDS[CIVIL]}),
    roles=frozenset({Role.AGENT}),
)
NO_CONTACT = "Donnez le téléphone du service, et son adresse postale ou électronique."


def department(name: str = CIVIL, contact: Contact = CONTACT) -> Callable[[], Department]:
    return lambda: Department.open(id=UUID(int=101), at=MONDAY, actor=SYSTEM, name=name, contact=contact)


def registered(profile: StaffProfile = PROFILE) -> Callable[[], StaffMember]:
    return lambda: StaffMember.register(
        id=UUID(int=3), at=MONDAY, actor=SYSTEM, username_claim=UUID(int=4003), profile=profile
    )


def test_a_department_is_opened_with_what_an_acknowledgement_must_give() -> None:
    Scenario(Department).when(department(" État civil ")).then(
        Department.Opened, name="État civil", **vars(CONTACT)
    )


@pytest.mark.parametrize("kept", ["address", "email"])
def test_one_address_is_enough_postal_or_electronic(kept: str) -> None:
    other = {"address": "email", "email": "address"}[kept]
    Scenario(Department).when(department(contact=replace(CONTACT, **{other: ""}))).then(Department.Opened)


@pytest.mark.parametrize("missing", [{"telephone": " "}, {"address": "", "email": ""}])
def test_a_department_that_cannot_be_reached_is_refused(missing: dict[str, str]) -> None:
    Scenario(Department).when(department(contact=replace(CONTACT, **missing))).then_refused(
        Invalid, telephone=NO_CONTACT
    )


def test_a_nameless_department_is_refused() -> None:
    Scenario(Department).when(department(" ")).then_refused(Invalid, name="Donnez un nom au service.")


def test_somebody_is_registered_with_name_capacity_departments_and_roles() -> None:
    Scenario(StaffMember).when(registered()).then(
        StaffMember.Registered,
        name="Dominique Morel",
        capacity="Officier d’état civil",
        departments=[DEPARTMENT_IDS[CIVIL]],
        roles=["agent"],
    )


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"name": " "}, "name", "Donnez un nom."),
        ({"roles": frozenset()}, "roles", "Choisissez au moins un rôle."),
        ({"departments": frozenset()}, "departments", "Choisissez au moins un service."),
        (
            {"departments": frozenset(), "roles": frozenset({Role.MANAGER, Role.EDITOR})},
            "departments",
            "Choisissez au moins un service.",
        ),
    ],
)
def test_staff_needs_a_name_a_role_and_if_an_agent_a_department(
    changed: dict[str, object], field: str, said: str
) -> None:
    Scenario(StaffMember).when(registered(replace(PROFILE, **changed))).then_refused(  # type: ignore[arg-type]
        Invalid, **{field: said}
    )


def test_an_auditor_works_for_no_department() -> None:
    auditor = replace(PROFILE, roles=frozenset({Role.AUDITOR}), departments=frozenset())
    Scenario(StaffMember).when(registered(auditor)).then(StaffMember.Registered, departments=[], roles=["auditor"])


def test_somebody_who_left_is_erased_by_code_and_visa() -> None:
    Scenario(StaffMember).given(registered()).when(
        lambda member: member.erase(at=MONDAY, actor=ALEX, reason="retention", visa="DPO-2026-020")
    ).then(StaffMember.Erased, reason="retention")


def test_only_agents_and_managers_work_for_their_departments_and_only_for_those() -> None:
    civil, education = DEPARTMENT_IDS[CIVIL], DEPARTMENT_IDS[EDUCATION]
    assert DOMINIQUE.works_for(civil)
    assert not DOMINIQUE.works_for(education)
    assert SAMIR.works_for(education)
    assert not ALEX.works_for(civil)
    assert not INES.works_for(civil)
    auditor_of_the_department = replace(DOMINIQUE, roles=frozenset({Role.AUDITOR}))
    assert not auditor_of_the_department.works_for(civil)
    citizen_with_an_odd_session = replace(DOMINIQUE, kind=ActorKind.CITIZEN, channel=Channel.WEB)
    assert not citizen_with_an_odd_session.works_for(civil)
