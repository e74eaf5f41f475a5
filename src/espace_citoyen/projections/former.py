"""Read models that no version uses any more: no erasure reaches them, so that they must not stay."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from espace_citoyen.projections import model

FORMER = (
    "SELECT nspname AS id FROM pg_namespace WHERE nspname LIKE 'read\\_%%' AND nspname <> current_schema()"
    " AND pg_has_role(nspowner, 'USAGE')"
)
"""Selects the read models beside the present one that we may drop."""


def drop(connection: Connection[Any], schemas: Sequence[str]) -> None:
    """Drop those that nobody writes: left half built, or ten minutes behind the log; none during a rebuild."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s) AS taken", (model.REBUILD_LOCK,)).fetchone()
    if row is None or not row["taken"]:
        return
    try:
        for schema in schemas:
            if schema.endswith(("_building", "_former")) or _is_behind(connection, schema):
                connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (model.REBUILD_LOCK,))


def _is_behind(connection: Connection[Any], schema: str) -> bool:
    if not model.exists(connection, schema):
        return False
    query = SQL(
        "SELECT position < coalesce((SELECT notification_id FROM log.portal_events"
        " WHERE recorded_at < now() - interval '10 minutes' ORDER BY notification_id DESC LIMIT 1), 0) AS behind"
        " FROM {}"
    )
    row = connection.execute(query.format(Identifier(schema, "tracking"))).fetchone()
    return bool(row and row["behind"])
