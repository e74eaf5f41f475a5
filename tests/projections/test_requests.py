"""What citizens list and departments queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from espace_citoyen.projections import requests
from people import Town


@contextmanager
def projected(town: Town) -> Iterator[Connection[Any]]:
    town.drain()
    with town.portal.connection() as connection:
        yield connection


def test_the_tile_shows_the_last_four_requests_latest_first(town: Town) -> None:
    filed = [town.files(town.camille, at=town.at + timedelta(days=day)) for day in range(6)]
    with projected(town) as connection:
        latest = requests.latest(connection, viewer=town.camille)
    assert [row.reference for row in latest] == [each.reference for each in reversed(filed[2:])]


def test_a_request_filed_late_by_post_takes_its_place_by_filing_date(town: Town) -> None:
    today = town.files(town.camille, at=town.at)
    before = town.files(town.camille, at=town.at - timedelta(days=3))
    with projected(town) as connection:
        mine = requests.mine(connection, viewer=town.camille)
    assert [row.reference for row in mine] == [today.reference, before.reference]


def test_a_row_tells_the_procedure_the_department_and_the_status(town: Town) -> None:
    filed = town.files(town.camille, town.family_book)
    with projected(town) as connection:
        [row] = requests.mine(connection, viewer=town.camille)
    assert row == requests.RequestRow(
        request_id=filed.request_id,
        reference=filed.reference,
        procedure_title="Demande d’acte de naissance",
        department_name="État civil",
        status="submitted",
        submitted_at=town.at,
        archived_at=None,
        has_exchanges=False,
        unread=0,
    )


def test_nobody_lists_the_requests_of_another(town: Town) -> None:
    filed = town.files(town.camille)
    with projected(town) as connection:
        for viewer in (town.nadia, town.dominique, town.alex, town.ines):
            assert requests.latest(connection, viewer=viewer) == []
            assert requests.mine(connection, viewer=viewer) == []
        assert requests.mine(connection, viewer=town.camille, archived=True) == []
        assert requests.find(connection, filed.reference, viewer=town.nadia) is None


@pytest.mark.parametrize(
    ("name", "sees"),
    [("camille", True), ("nadia", False), ("dominique", True), ("samir", False), ("alex", False), ("ines", True)],
)
def test_a_reference_leads_only_those_concerned_to_the_request(town: Town, name: str, *, sees: bool) -> None:
    filed = town.files(town.camille)
    viewer = getattr(town, name)
    with projected(town) as connection:
        found = requests.find(connection, filed.reference, viewer=viewer)
        assert (found is not None) is sees
        assert requests.find(connection, "1111-1111", viewer=viewer) is None


def test_each_side_counts_the_messages_that_wait_for_it(town: Town) -> None:
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id)
    town.writes(town.dominique, filed.request_id)
    read = town.writes(town.dominique, filed.request_id)
    town.reads(town.camille, filed.request_id, read)
    unread = {}
    with projected(town) as connection:
        for name in ("camille", "dominique", "ines"):
            row = requests.find(connection, filed.reference, viewer=getattr(town, name))
            assert row is not None
            unread[name] = row.unread
    assert unread == {"camille": 1, "dominique": 1, "ines": 0}


def test_the_queue_holds_the_requests_of_ones_departments(town: Town) -> None:
    civil = town.files(town.camille)
    town.files(town.nadia, town.school)
    with projected(town) as connection:
        page = requests.queue(connection, viewer=town.dominique, sort="submitted_at", descending=False, page=1)
        assert [row.reference for row in page.rows] == [civil.reference]
        assert (page.total, page.rows[0].applicant_name) == (1, "Camille Rousseau")
        for outsider in (town.camille, town.alex, town.ines):
            shown = requests.queue(connection, viewer=outsider, sort="submitted_at", descending=False, page=1)
            assert shown == requests.QueuePage(rows=[], total=0, by_state={})


@pytest.mark.parametrize("sort", requests.SORTS)
def test_the_queue_sorts_by_any_of_its_columns_both_ways(town: Town, sort: str) -> None:
    for day in range(5):
        filed = town.files(town.camille if day % 2 else town.nadia, at=town.at + timedelta(days=day))
        town.writes(
            town.camille if day % 2 else town.nadia, filed.request_id, at=town.at + timedelta(days=30 - day)
        )
    with projected(town) as connection:
        up, down = (
            requests.queue(connection, viewer=town.dominique, sort=sort, descending=descending, page=1).rows
            for descending in (False, True)
        )
    column = {"applicant": "applicant_name", "procedure": "procedure_title"}.get(sort, sort)
    values = [getattr(row, column) for row in up]
    expected = sorted(values, key=lambda name: name.split()[1]) if sort == "applicant" else sorted(values)
    if sort == "applicant":
        assert [name.split()[1] for name in values] == [name.split()[1] for name in expected]
    else:
        assert values == expected
    assert [getattr(row, column) for row in down] == values[::-1]


def test_the_queue_comes_in_pages(town: Town) -> None:
    filed = [town.files(town.camille, at=town.at + timedelta(hours=hour)).reference for hour in range(5)]
    seen: list[str] = []
    with projected(town) as connection:
        for number in (1, 2, 3, 4):
            page = requests.queue(
                connection, viewer=town.dominique, sort="submitted_at", descending=True, page=number, size=2
            )
            assert page.total == 5
            seen += [row.reference for row in page.rows]
    assert seen == filed[::-1]


def test_the_queue_tells_when_the_last_message_came(town: Town) -> None:
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id, at=town.at + timedelta(hours=2))
    with projected(town) as connection:
        [row] = requests.queue(
            connection, viewer=town.dominique, sort="last_message_at", descending=True, page=1
        ).rows
    assert row.last_message_at == town.at + timedelta(hours=2)
    assert isinstance(row.request_id, UUID)
