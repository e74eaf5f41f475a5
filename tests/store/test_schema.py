"""The tables of the log are the library's, made once however many processes ask, with rights by role."""

import subprocess
import sys
from typing import Any

import psycopg
import pytest
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from espace_citoyen.store.migrate import migrate

MIGRATE = """
import sys
from espace_citoyen.store.migrate import migrate
print("ready", flush=True)
sys.stdin.readline()
print("steps", *migrate(sys.argv[1], bytes.fromhex(sys.argv[2])))
"""


def shape(connection: psycopg.Connection[dict[str, Any]], schema: str, table: str) -> dict[str, Any]:
    """Everything that makes a table what it is, less the names of its schema and of itself."""
    place = {"schema": schema, "table": table}
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, column_default IS NOT NULL AS filled"
        " FROM information_schema.columns WHERE table_schema = %(schema)s AND table_name = %(table)s",
        place,
    ).fetchall()
    indexes = connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = %(schema)s AND tablename = %(table)s", place
    ).fetchall()
    options = connection.execute(
        "SELECT reloptions FROM pg_class WHERE oid = to_regclass(%s)", (f"{schema}.{table}",)
    ).fetchone()
    assert options is not None
    return {
        "columns": {row["column_name"]: (row["data_type"], row["is_nullable"], row["filled"]) for row in columns},
        "indexes": sorted(row["indexdef"].replace(table, "T").replace(f"{schema}.", "") for row in indexes),
        "options": options["reloptions"],
    }


def composite(connection: psycopg.Connection[dict[str, Any]], schema: str) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT attribute_name AS name, data_type AS type FROM information_schema.attributes"
        " WHERE udt_schema = %s AND udt_name = 'stored_event_uuid' ORDER BY ordinal_position",
        (schema,),
    ).fetchall()
    return [(row["name"], row["type"]) for row in rows]


def make_the_librarys_own_tables(database_url: str) -> None:
    place = conninfo_to_dict(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stock")
    stock = Application[Any](
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(place["dbname"]),
            "POSTGRES_HOST": str(place["host"]),
            "POSTGRES_USER": str(place["user"]),
            "POSTGRES_PASSWORD": "unused",
            "POSTGRES_SCHEMA": "stock",
        }
    )
    stock.close()


def test_the_table_of_events_is_the_librarys_and_recorded_at(each_database_url: str) -> None:
    make_the_librarys_own_tables(each_database_url)
    with psycopg.connect(each_database_url, row_factory=dict_row) as connection:
        ours = shape(connection, "log", "portal_events")
        theirs = shape(connection, "stock", "application_events")
        assert ours["columns"].pop("recorded_at") == ("timestamp with time zone", "NO", True)
        assert ours == theirs
        assert composite(connection, "log") == composite(connection, "stock") != []


def test_of_eight_processes_that_migrate_at_once_one_works_and_none_fails(
    empty_database_url: str, master_key: bytes
) -> None:
    command = [sys.executable, "-c", MIGRATE, empty_database_url, master_key.hex()]
    pipe = subprocess.PIPE
    at_once = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(8)]
    for process in at_once:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in at_once:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [(*process.communicate(timeout=60), process.returncode) for process in at_once]
    assert [code for _, _, code in ended] == [0] * 8, [said for _, said, _ in ended]
    assert sum("0001_log.sql" in out.splitlines()[-1] for out, _, _ in ended) == 1


def test_migrating_again_finds_nothing_to_do(database_url: str, master_key: bytes) -> None:
    assert migrate(database_url, master_key) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_database_url: str, master_key: bytes) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE SCHEMA log CREATE TABLE server_key (stranger int)")
    with pytest.raises(psycopg.errors.DuplicateTable):
        migrate(empty_database_url, master_key)
    with psycopg.connect(empty_database_url) as connection:
        made = connection.execute("SELECT to_regclass('log.portal_events'), to_regclass('plain.migration')")
        assert made.fetchone() == (None, None)
