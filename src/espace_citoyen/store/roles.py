"""What each process may do in the database, when it has a role of its own; with one role for all, nothing to do.

The web appends events, keys and lines of the access log and can change or delete none; the worker writes the read
model and seals, and alone deletes keys, and lines of the access log that have had their time. Both are groups
without login: the operator puts the users of the processes into them.
"""

from typing import Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier

WEB = "espace_citoyen_web"
WORKER = "espace_citoyen_worker"

_MAKE: LiteralString = """
DO $$ BEGIN
    IF (SELECT rolcreaterole AND NOT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        CREATE ROLE {web} NOLOGIN;
        CREATE ROLE {worker} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another start, or another database, did
END $$
"""
_LOG_AND_PLAIN: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA log, plain TO {web}, {worker}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA log TO {web}, {worker}",
    "GRANT INSERT ON log.portal_events, log.stream_key TO {web}, {worker}",
    "GRANT UPDATE (born_at) ON log.stream_key TO {web}, {worker}",
    "GRANT USAGE ON SEQUENCE log.portal_events_notification_id_seq TO {web}, {worker}",
    "GRANT DELETE ON log.stream_key TO {worker}",
    "GRANT INSERT ON log.seal TO {worker}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA plain TO {web}, {worker}",
    "REVOKE INSERT, UPDATE, DELETE ON plain.migration FROM {web}, {worker}",
    "REVOKE UPDATE, DELETE ON plain.access_log FROM {web}",
    "REVOKE UPDATE ON plain.access_log FROM {worker}",
    "REVOKE UPDATE, DELETE ON plain.erasure_order FROM {web}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA plain TO {web}, {worker}",
)
_READ_MODEL: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA {schema} TO {web}, {worker}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {web}, {worker}",
    "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {worker}",
)


def make(connection: Connection[Any]) -> None:
    """Make the two roles if this one may; a superuser is not presumed to want them."""
    names = {"web": Identifier(WEB), "worker": Identifier(WORKER)}
    connection.execute(SQL(_MAKE).format(**names))


def grant(connection: Connection[Any]) -> None:
    """Give the roles, if there are any, their rights on the log and the plain tables."""
    _grant(connection, _LOG_AND_PLAIN)


def grant_read(connection: Connection[Any], schema: str) -> None:
    """Give the roles, if there are any, their rights on a read model."""
    _grant(connection, _READ_MODEL, schema=Identifier(schema))


def _grant(connection: Connection[Any], statements: tuple[LiteralString, ...], **names: Composable) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname IN (%s, %s)", (WEB, WORKER)).fetchall()
    if len(known) == 2:
        names |= {"web": Identifier(WEB), "worker": Identifier(WORKER)}
        for statement in statements:
            connection.execute(SQL(statement).format(**names))
