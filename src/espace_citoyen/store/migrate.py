"""Brings a database to the shape this version needs, however many processes ask for it at once."""

from importlib import resources
from typing import Any

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from espace_citoyen.store import roles
from espace_citoyen.store.keys import make_server_key

MIGRATION_LOCK = 0x45_43_4D_49_47  # "ECMIG"
MINIMUM_VERSION = 15_00_00

_log = structlog.get_logger()


class UnsupportedServer(Exception):
    """The PostgreSQL server is older than what the portal is tested on."""


def migrate(database_url: str, master_key: bytes) -> list[str]:
    """Create what is missing and return the names of the steps taken; refuse a wrong master key.

    One transaction under an advisory lock: of eight processes that migrate at once one works and seven find
    nothing left to do. The read model is not made here (see `projections.model`).
    """
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        if connection.info.server_version < MINIMUM_VERSION:
            raise UnsupportedServer(f"PostgreSQL 15 or later is needed, not {connection.info.server_version}")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        for schema in ("log", "plain"):
            connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema)))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS plain.migration"
            " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        taken = [name for name in _pending(connection) if _apply(connection, name)]
        make_server_key(connection, master_key)
        roles.make(connection)
        roles.grant(connection)
    return taken


def _pending(connection: Connection[Any]) -> list[str]:
    applied = {row["name"] for row in connection.execute("SELECT name FROM plain.migration")}
    files = resources.files("espace_citoyen.store").joinpath("migrations").iterdir()
    return sorted(file.name for file in files if file.name.endswith(".sql") and file.name not in applied)


def _apply(connection: Connection[Any], name: str) -> bool:
    script = resources.files("espace_citoyen.store").joinpath("migrations", name).read_text(encoding="utf-8")
    connection.execute(script.encode())
    connection.execute("INSERT INTO plain.migration (name) VALUES (%s)", (name,))
    _log.info("migration applied", name=name)
    return True
