"""The catalogue, the staff, the statistics, and what an erasure leaves of each."""

from datetime import date

import pytest

from espace_citoyen.aggregates.staff import StaffMember
from espace_citoyen.commands import erasure
from espace_citoyen.commands.procedures import publish_version
from espace_citoyen.projections import model, procedures, staff, statistics
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.erasure import Register, key_deletion
from people import SYSTEM, Town, birth_certificate


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("État civil", "etat civil"),
        ("Éducation", "education"),
        ("Œuvres  sociales", "oeuvres sociales"),
        ("\N{NO-BREAK SPACE}Noël", "noel"),
        ("", ""),
    ],
)
def test_accents_case_and_ligatures_do_not_change_the_order(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_catalogue_shows_the_last_version_of_each_procedure(town: Town) -> None:
    certificate = town.birth_certificate
    second = birth_certificate(town.civil, number=2)
    publish_version(town.portal, at=town.at, actor=SYSTEM, procedure_id=certificate, version=second)
    assert town.school
    town.drain()
    with town.portal.connection() as connection:
        shown = procedures.catalogue(connection)
        assert [(row.slug, row.version) for row in shown] == [
            ("acte-de-naissance", 2),
            ("inscription-scolaire", 1),
        ]
        assert procedures.by_slug(connection, "acte-de-naissance") == shown[0]
        assert procedures.by_slug(connection, "inconnue") is None
    assert shown[0].procedure_id == certificate
    assert shown[0].department_name == "État civil"


def test_departments_and_staff_are_listed_as_a_french_reader_sorts_them(town: Town) -> None:
    town.files(town.camille)
    assert town.school
    everyone = [town.samir, town.dominique, town.alex, town.ines]
    town.drain()
    with town.portal.connection() as connection:
        departments = staff.departments(connection)
        members = staff.members(connection)
        civil = staff.department(connection, town.civil)
    assert [row.name for row in departments] == ["Éducation et petite enfance", "État civil"]
    assert civil == departments[1]
    assert civil.telephone
    assert [row.name.split()[0] for row in members] == ["Alex", "Dominique", "Inès", "Samir"]
    assert {row.staff_id for row in members} == {member.id for member in everyone}


def test_statistics_count_by_month_department_and_procedure(town: Town) -> None:
    town.files(town.camille)
    town.files(town.nadia)
    town.files(town.nadia, town.school, at=town.at.replace(month=5))
    town.drain()
    with town.portal.connection() as connection:
        counted = statistics.filed(connection)
    assert [(row.month, row.department_id, row.filed) for row in counted] == [
        (date(2026, 3, 1), town.civil, 2),
        (date(2026, 5, 1), town.education, 1),
    ]


@pytest.mark.parametrize("projected_before", [True, False])
def test_an_erased_request_leaves_its_count_and_nothing_else(
    town: Town, tmp_path, *, projected_before: bool
) -> None:
    erased, kept = town.files(town.camille), town.files(town.camille)
    for filed in (erased, kept):
        town.writes(town.dominique, filed.request_id)
    if projected_before:
        town.drain()
    planned = erasure.planned(
        at=town.at, actor=SYSTEM, kind="request", stream_id=erased.request_id, motive=("person", "V-1")
    )
    erasure.erase(town.portal, actor=SYSTEM, register=Register(tmp_path / "register"), erasure=planned)
    town.drain()
    assert town.drain() == town.portal.position()
    with town.portal.connection() as connection:
        rows = connection.execute("SELECT request_id FROM request UNION ALL SELECT request_id FROM exchange")
        assert {row["request_id"] for row in rows} == {kept.request_id}
        assert [row.filed for row in statistics.filed(connection)] == [2]


def test_staff_who_are_erased_are_no_longer_listed(town: Town) -> None:
    member = town.portal.get(StaffMember, town.samir.id)
    member._record(StaffMember.Erased, at=town.at, actor=SYSTEM, reason="départ", visa="V-2")
    town.portal.record(member, alongside=[key_deletion(member.id)])
    town.drain()
    with town.portal.connection() as connection:
        assert staff.members(connection) == []
    with town.portal.connect() as connection:
        assert model.exists(connection, town.portal.read_schema)
