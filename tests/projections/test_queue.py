"""Every page of a queue, from wherever one comes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import Status
from espace_citoyen.commands.requests import take_up
from espace_citoyen.projections import requests
from people import Town

SIZE = 2
MANY = 11


@pytest.fixture
def both(town: Town) -> Actor:
    """Somebody who works for two departments, with eleven requests; some have no message, some are taken up."""
    both = replace(town.dominique, departments=frozenset({town.civil, town.education}))
    for number in range(MANY):
        who = (town.camille, town.nadia)[number % 2]
        filed = town.files(who, (town.birth_certificate, town.school)[number % 3 == 0], at=town.at)
        if number % 4 != 1:
            town.writes(who, filed.request_id, at=town.at + timedelta(days=number % 3))
        if number % 5 == 0:
            take_up(town.portal, at=town.at, actor=both, request_id=filed.request_id)
    town.drain()
    return both


@pytest.fixture
def connection(town: Town, both: Actor) -> Iterator[Connection[Any]]:
    with town.portal.connection() as connection:
        yield connection


def key_of(sort: str, row: requests.QueueRow) -> Any:
    if sort == "status":
        return list(Status).index(Status(row.status))
    columns = {"applicant": "applicant_name", "procedure": "procedure_title"}
    return getattr(row, columns.get(sort, sort))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", requests.SORTS)
def test_every_page_is_the_same_from_wherever_one_comes(
    connection: Connection[Any], both: Actor, sort: str, *, descending: bool
) -> None:
    def page(number: int, mark: requests.Mark | None = None, size: int = SIZE) -> requests.QueuePage:
        return requests.queue(
            connection, viewer=both, sort=sort, descending=descending, page=number, size=size, mark=mark
        )

    whole = page(1, size=100)
    assert len(whole.rows) == whole.total == MANY
    values = [key_of(sort, row) for row in whole.rows]
    written = [value for value in values if value is not None]
    assert values == written + [None] * (MANY - len(written))
    if sort != "applicant":  # sorted by last name
        assert written == sorted(written, reverse=descending)
    pages = [page(number) for number in range(1, 8)]
    assert [row for each in pages for row in each.rows] == whole.rows
    assert pages[-1] == requests.QueuePage(rows=[], total=MANY, by_state=pages[0].by_state)
    for here in pages[:-1]:
        for number, there in enumerate(pages, start=1):
            assert page(number, here.mark) == there


def test_a_page_that_one_turns_to_goes_on_where_the_former_ended(
    town: Town, connection: Connection[Any], both: Actor
) -> None:
    def page(number: int, mark: requests.Mark | None = None) -> requests.QueuePage:
        return requests.queue(
            connection, viewer=both, sort="submitted_at", descending=True, page=number, size=SIZE, mark=mark
        )

    third, fourth = page(3), page(4)
    town.files(town.camille, at=town.at + timedelta(days=1))
    town.drain()
    assert page(4, third.mark).rows == fourth.rows
    assert page(4).rows != fourth.rows


def test_a_mark_of_a_request_that_is_gone_or_anothers_is_no_help_and_no_harm(
    town: Town, connection: Connection[Any], both: Actor
) -> None:
    strange = requests.Mark(page=3, request_id=uuid4())
    pages = [
        requests.queue(connection, viewer=both, sort="status", descending=True, page=3, size=SIZE, mark=mark).rows
        for mark in (None, strange)
    ]
    assert pages[0] == pages[1]


def test_a_mark_is_written_into_an_address_and_read_back() -> None:
    mark = requests.Mark(page=12, request_id=uuid4())
    assert requests.Mark.parse(str(mark)) == mark
    for nonsense in ("", "1", "x.y", f"1.{'9' * 40}", f"{'9' * 5000}", "1.", f".{uuid4()}"):
        assert requests.Mark.parse(nonsense) is None


def test_a_state_is_counted_and_sorted_by_any_column(connection: Connection[Any], both: Actor) -> None:
    counted = requests.by_state(connection, viewer=both)
    assert sum(counted.values()) == MANY
    for sort in requests.SORTS:
        for state, number in counted.items():
            page = requests.queue(
                connection, viewer=both, sort=sort, descending=False, page=1, size=100, state=state
            )
            assert {row.status for row in page.rows} == {state}
            assert len(page.rows) == page.total == number
