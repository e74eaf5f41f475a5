"""The read model: its tables made, fed in order with one position, rebuilt beside and swapped while in use."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier

from espace_citoyen.aggregates.events import Event
from espace_citoyen.application import Portal
from espace_citoyen.projections import SLICES
from espace_citoyen.projections.changes import Change, together
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement
from espace_citoyen.store.roles import grant_read
from espace_citoyen.store.subscription import BATCH
from espace_citoyen.store.view import position_of

Handler: TypeAlias = Callable[[RecordedEvent], Iterable[Change | Statement]]
"""Says what an event changes; when `event.event` is None (erased) only the envelope is left to go by."""

PROJECTOR_LOCK = 0x45_43_50_52_4A  # "ECPRJ"
"""Held for a transaction by whoever moves the read model's position, and by the swap."""

REBUILD_LOCK = 0x45_43_52_42_4C  # "ECRBL"
"""Held for the whole of a rebuild: of two asked for at once, the second waits for the first."""

_log = structlog.get_logger()


def handlers() -> Mapping[type[Event], Sequence[Handler]]:
    """Return every handler of every slice, by the class of event it is for."""
    found: dict[type[Event], list[Handler]] = {}
    for module in SLICES:
        for kind, handler in module.HANDLERS.items():
            found.setdefault(kind, []).append(handler)
    return found


_HANDLERS = handlers()


def create(connection: Connection[Any], schema: str) -> None:
    """Make the empty tables of the read model in a schema of their own, at position 0."""
    with connection.transaction():
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        make_tables(connection)
        grant_read(connection, schema)


def make_tables(connection: Connection[Any]) -> None:
    """Make the empty tables in the first schema of the search path."""
    connection.execute(
        "CREATE TABLE tracking"
        " (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), position bigint NOT NULL)"
    )
    connection.execute("INSERT INTO tracking (position) VALUES (0)")
    for module in SLICES:
        connection.execute(module.TABLES.encode())


def project(connection: Connection[Any], events: Sequence[RecordedEvent]) -> int:
    """Apply a batch to the tables of the search path and move the position, in one transaction.

    Events the model already has are left out, so that two projectors, or one that comes back, do no harm.
    Return how many were applied.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (PROJECTOR_LOCK,), prepare=True)
        return _apply(connection, events)


# The tables start empty and the plans made then are kept: left to itself, the planner would go on reading whole
# tables that have become large.
_BY_INDEX = (
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true)"
)


def _apply(connection: Connection[Any], events: Sequence[RecordedEvent]) -> int:
    position = position_of(connection)
    new = [event for event in events if event.position > position]
    if new:
        with connection.pipeline(), connection.cursor() as cursor:
            cursor.execute(_BY_INDEX, prepare=True)
            for query, parameters in together(_changes(new)):
                cursor.execute(query, parameters, prepare=True)
            cursor.execute("UPDATE tracking SET position = %s", (new[-1].position,), prepare=True)
    return len(new)


def _changes(events: Iterable[RecordedEvent]) -> Iterator[tuple[UUID, Change | Statement]]:
    for event in events:
        for handler in _HANDLERS.get(event.kind, ()):
            for change in handler(event):
                yield event.stream_id, change


def catch_up(portal: Portal, connection: Connection[Any]) -> int:
    """Project everything recorded so far, in batches; return the position reached."""
    while events := portal.after(position_of(connection), BATCH):
        project(connection, events)
    return position_of(connection)


def exists(connection: Connection[Any], schema: str) -> bool:
    """Tell whether a read model of that name is there."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL AS there", (f"{schema}.tracking",)).fetchone()
    return bool(row and row["there"])


def prepare(portal: Portal) -> None:
    """Make this version's read model when it is not there, whole before it is seen; drop what is left over."""
    with portal.connect() as connection:
        if exists(connection, portal.read_schema):
            return
        connection.execute("SELECT pg_advisory_lock(%s)", (REBUILD_LOCK,))
        if not exists(connection, portal.read_schema):
            _rebuild(portal)


def rebuild(portal: Portal) -> int:
    """Build the read model anew beside the present one, swap them in one transaction; return its position.

    Readers and writers go on meanwhile: the log is only read, the swap renames two schemas, and the live
    projector waits for the last batch alone.
    """
    with portal.connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (REBUILD_LOCK,))
        return _rebuild(portal)


def _rebuild(portal: Portal) -> int:
    building = f"{portal.read_schema}_building"
    with portal.connect() as connection:
        for left_over in (building, f"{portal.read_schema}_former"):
            connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(left_over)))
        create(connection, building)
        connection.execute(SQL("SET search_path = {}, plain, log").format(Identifier(building)))
        catch_up_apart(portal, connection)
        if position_of(connection):
            _tidy(connection, building)
        position = _swap(portal, connection, building)
        _log.info("read model rebuilt", schema=portal.read_schema, position=position)
    drop_leftovers(portal)
    return position


def catch_up_apart(portal: Portal, connection: Connection[Any], *, upto: int | None = None) -> None:
    """Fill the model on the connection's search path, to a position or to the end, and hold up no projector."""
    while events := portal.after(position_of(connection), BATCH):
        wanted = [event for event in events if upto is None or event.position <= upto]
        if not wanted:
            return
        with connection.transaction():
            _apply(connection, wanted)


def _tidy(connection: Connection[Any], schema: str) -> None:
    """Let the planner know the tables, and indexes answer alone, before anybody reads them."""
    for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall():
        connection.execute(SQL("VACUUM (ANALYZE) {}").format(Identifier(schema, row["tablename"])))


def _swap(portal: Portal, connection: Connection[Any], building: str) -> int:
    present, former = portal.read_schema, f"{portal.read_schema}_former"
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (PROJECTOR_LOCK,))
        while events := portal.after(position_of(connection), BATCH):
            _apply(connection, events)
        position = position_of(connection)
        if exists(connection, present):
            _rename(connection, present, former)
        _rename(connection, building, present)
    return position


def _rename(connection: Connection[Any], old: str, new: str) -> None:
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(old), Identifier(new)))


def drop_leftovers(portal: Portal) -> None:
    """Drop the read model that was just replaced, when no reader holds it; else the next rebuild does."""
    former = f"{portal.read_schema}_former"
    with portal.connect() as connection:
        connection.execute("SET lock_timeout = '2s'")
        try:
            connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(former)))
        except errors.LockNotAvailable:
            _log.warning("former read model still in use", schema=former)
