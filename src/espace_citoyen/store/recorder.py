"""Appends events and the rows that must stand or fall with them, in one order, without a table lock."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Cursor
from psycopg.rows import DictRow

CHANNEL = "portal_events"
"""What is notified of each append; the library names it after the table."""

APPEND_LOCK = 0x45_43_4C_4F_47  # "ECLOG"
"""Advisory lock that makes the order of positions the order of commits."""

Statement: TypeAlias = tuple[str, Sequence[Any]]

_INSERT = (
    "INSERT INTO log.portal_events (originator_id, originator_version, topic, state)"
    " SELECT id, version, topic, state"
    " FROM {first} unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[]) AS e (id, version, topic, state)"
    " RETURNING notification_id"
)
# Positions are drawn as rows come out of the join, hence once the lock is held.
_APPEND = (
    f"WITH first AS MATERIALIZED (SELECT pg_advisory_xact_lock({APPEND_LOCK}), pg_notify('{CHANNEL}', '')) "
    + _INSERT.format(first="first,")
)


class _NoTypes(set[str]):
    """The composite types that the library looks up as soon as a recorder is made: none."""

    def add(self, name: str) -> None:
        """Leave it out: a process must be able to start while the database is away, or not migrated yet."""


_TOGETHER = PostgresApplicationRecorder.insert_events.__wrapped__


class Recorder(PostgresApplicationRecorder):
    """The library's recorder, with an advisory lock instead of LOCK TABLE, and without its stubborn retries.

    `LOCK TABLE … EXCLUSIVE` makes appends wait for any ANALYZE or VACUUM (seconds at millions of events); the
    advisory lock gives the same order. The library tries ten times over two seconds when the database is away:
    here the first failure is the answer, since connections are checked before use (see `store.pool`).
    """

    select_events = PostgresApplicationRecorder.select_events.__wrapped__
    select_notifications = PostgresApplicationRecorder.select_notifications.__wrapped__
    max_notification_id = PostgresApplicationRecorder.max_notification_id.__wrapped__

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str) -> None:
        datastore.db_type_names = _NoTypes()
        super().__init__(datastore, events_table_name=events_table_name)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append events and return their positions: one statement, hence one transaction and one round trip.

        With statements `alongside` it takes the library's own way, a transaction around both.
        """
        if not stored_events or kwargs.get("alongside"):
            positions: Sequence[int] | None = _TOGETHER(self, stored_events, **kwargs)
            return positions
        with self.datastore.get_connection() as connection:
            rows = connection.execute(_APPEND, _columns(stored_events), prepare=True).fetchall()
        return [row["notification_id"] for row in rows]

    def _lock_table(self, curs: Cursor[DictRow]) -> None:
        curs.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,), prepare=True)

    def _insert_stored_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],
        **_: Any,
    ) -> None:
        """Insert the events as four arrays, which need no type of ours to be known."""
        self._lock_table(curs)
        self._notify_channel(curs)
        curs.execute(_INSERT.format(first=""), _columns(stored_events), prepare=True)

    def _insert_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],  # noqa: ARG002 - the library gives it
        **kwargs: Any,
    ) -> None:
        """Run the statements given as `alongside` in the transaction of the events."""
        alongside: Sequence[Statement] = kwargs.get("alongside", ())
        for query, parameters in alongside:
            curs.execute(query, parameters)
        if alongside:
            # Sync now, so that a violated constraint is named here instead of surfacing later as an aborted
            # pipeline, which looks like a lost connection.
            with curs.connection.pipeline() as pipeline:
                pipeline.sync()


def _columns(stored_events: Sequence[StoredEvent]) -> list[list[Any]]:
    rows = ((e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events)
    return [list(column) for column in zip(*rows, strict=True)]
