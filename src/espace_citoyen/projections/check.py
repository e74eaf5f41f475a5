"""Compares the read model with what the log gives today: built apart, table by table, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from espace_citoyen.application import Portal
from espace_citoyen.projections import model
from espace_citoyen.store.view import position_of

ROUNDS = 3
SAMPLE = 5
_APART = "pg_temp"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A table that differs: how many rows of the log's it lacks, how many it has beside, and which (some keys)."""

    table: str
    missing: int
    extra: int
    keys: Sequence[str]


def differences(portal: Portal) -> list[Difference]:
    """Build the model again, in tables that go with the connection, and say where the present one differs.

    Both are brought to one position and compared as of that instant; the projector waits for the first only. A
    stream erased meanwhile can differ for a moment: what differs is compared again before it is said.
    """
    with portal.connect() as apart, portal.connect() as present:
        apart.execute(f"SET search_path = {_APART}, plain, log")
        model.make_tables(apart)
        model.catch_up_apart(portal, apart)
        for _ in range(ROUNDS):
            found = _compare(portal, apart, present)
            if not found:
                break
    return found


def _compare(portal: Portal, apart: Connection[Any], present: Connection[Any]) -> list[Difference]:
    present.execute("SELECT pg_advisory_lock(%s)", (model.PROJECTOR_LOCK,))
    try:
        position = model.catch_up(portal, present)
        model.catch_up_apart(portal, apart, upto=position)
        with apart.transaction():
            apart.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            position_of(apart)  # the first query fixes the instant
            present.execute("SELECT pg_advisory_unlock(%s)", (model.PROJECTOR_LOCK,))
            tables = _tables(apart)
            found = [_difference(apart, portal.read_schema, table) for table in tables]
    finally:
        present.execute("SELECT pg_advisory_unlock_all()")
    return [each for each in found if each.missing or each.extra]


def _tables(apart: Connection[Any]) -> list[str]:
    rows = apart.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' ORDER BY relname"
    )
    return [row["relname"] for row in rows]


def _difference(apart: Connection[Any], schema: str, table: str) -> Difference:
    built, kept = Identifier(_APART, table), Identifier(schema, table)
    key = _key(apart, table)
    missing = SQL("SELECT {} FROM (TABLE {} EXCEPT ALL TABLE {}) AS d").format(key, built, kept)
    extra = SQL("SELECT {} FROM (TABLE {} EXCEPT ALL TABLE {}) AS d").format(key, kept, built)
    lacking, beside = _keys(apart, missing), _keys(apart, extra)
    some = list(dict.fromkeys(lacking + beside))[:SAMPLE]
    return Difference(table=table, missing=len(lacking), extra=len(beside), keys=some)


def _keys(apart: Connection[Any], query: Composed) -> list[str]:
    return [" ".join(row["key"]) for row in apart.execute(query)]


def _key(apart: Connection[Any], table: str) -> Composed:
    """Return the columns of the primary key, as an array of texts: they hold ids and dates, nothing personal."""
    rows = apart.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
        " WHERE indisprimary AND indrelid = %s::regclass ORDER BY array_position(indkey::int[], attnum::int)",
        (f"{_APART}.{table}",),
    )
    columns = [SQL("{}::text").format(Identifier(row["attname"])) for row in rows]
    return SQL("ARRAY[{}] AS key").format(SQL(", ").join(columns))
