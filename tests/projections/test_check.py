"""The read model compared with the log, and old ones dropped."""

from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest

from espace_citoyen.projections import former
from espace_citoyen.projections.check import Difference, differences
from espace_citoyen.projections.exchanges import unread_count
from people import Town
from worker.posting import erase


def execute(town: Town, statement: str, *parameters: object) -> None:
    with town.portal.connection() as connection:
        connection.execute(statement.encode(), parameters)


@pytest.fixture
def filed(town: Town) -> UUID:
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id)
    town.drain()
    return filed.request_id


def test_a_healthy_read_model_does_not_differ(town: Town, filed: UUID) -> None:
    assert differences(town.portal) == []


def test_the_check_brings_a_late_read_model_up_to_date_first(town: Town, filed: UUID) -> None:
    town.writes(town.dominique, filed)
    assert differences(town.portal) == []
    with town.portal.connection() as connection:
        assert unread_count(connection, viewer=town.camille) == 2


def test_a_row_changed_lost_or_slipped_in_is_told_with_its_key(town: Town, filed: UUID) -> None:
    execute(town, "UPDATE request SET status = 'refused'")
    execute(town, "DELETE FROM exchange")
    execute(town, "INSERT INTO filed_by_month VALUES ('2020-01-01', %s, %s, 3)", filed, filed)
    found = {each.table: each for each in differences(town.portal)}
    assert found["request"] == Difference(table="request", missing=1, extra=1, keys=[str(filed)])
    assert (found["exchange"].missing, found["exchange"].extra) == (1, 0)
    assert found["exchange"].keys[0].startswith(str(filed))
    assert found["filed_by_month"].keys == [f"2020-01-01 {filed} {filed}"]
    assert set(found) == {"request", "exchange", "filed_by_month"}


def test_a_check_while_people_write_and_are_erased_finds_nothing(town: Town, tmp_path: Path) -> None:
    requests = [town.files(town.camille).request_id for _ in range(10)]
    town.drain()
    done = Event()

    def live() -> None:
        for request_id in requests:
            town.writes(town.dominique, request_id)
            erase(town, request_id, tmp_path / "register")
        done.set()

    living = Thread(target=live)
    living.start()
    rounds = 0
    while not done.is_set() or rounds < 2:
        assert differences(town.portal) == []
        rounds += 1
    living.join()


def test_a_read_model_that_nobody_writes_any_more_is_dropped(town: Town, filed: UUID) -> None:
    own = town.portal.read_schema
    for name, position in (("read_old", 1), ("read_live", 10_000)):
        execute(town, f"CREATE SCHEMA {name}")
        execute(town, f"CREATE TABLE {name}.tracking AS SELECT true AS only_one, {position}::bigint AS position")
    execute(town, f"CREATE SCHEMA {own}_building")
    execute(town, "CREATE SCHEMA reading")
    execute(town, "UPDATE log.portal_events SET recorded_at = now() - interval '1 hour'")
    with town.portal.connection() as connection:
        schemas = [row["id"] for row in connection.execute(former.FORMER, {})]
        former.drop(connection, schemas)
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read%'").fetchall()
    assert {row["nspname"] for row in rows} == {own, "read_live", "reading"}
