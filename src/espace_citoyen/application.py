"""The portal: one store of everything the town hall decided. `get` an aggregate, ask it, `record` it."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from time import sleep
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, EnvType, get_topic
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from espace_citoyen import aggregates as _registers_every_topic  # noqa: F401 - topics resolve once it is imported
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, NotFound
from espace_citoyen.store.keys import KeyRing
from espace_citoyen.store.log import RecordedEvent, read_after, read_stream
from espace_citoyen.store.mapper import SealingMapper, keys_at_hand
from espace_citoyen.store.pool import be_quick_to_tell_a_lost_server
from espace_citoyen.store.recorder import Recorder, Statement
from espace_citoyen.store.subscription import Subscription
from espace_citoyen.store.view import View, read_schema

A = TypeVar("A", bound=Aggregate)
P = ParamSpec("P")
R = TypeVar("R")

FIRST_PAUSE = 0.002
"""Longest pause of who was second, in seconds, doubled at each loss; or the same ones might lose again."""

_EVENTS_KEY = "portal_events_pkey"


class Portal(Application[UUID]):
    """The application over one PostgreSQL database; to be made after fork, one per process.

    Every connection is autocommit and finds, in this order, the read model of this version, `plain` and `log`.
    """

    name = "Portal"

    def __init__(
        self, database_url: str, master_key: bytes, *, pool_size: int = 4, read: str | None = None
    ) -> None:
        self.database_url = database_url
        self.read_schema = read or read_schema()
        self._pool_size = pool_size
        super().__init__()
        self.keys = KeyRing(self.connection, master_key)
        self._view = View(self.connection)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Set the library up from here only: nothing of it is read from the process environment."""
        del env
        return Environment(
            name,
            {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "MAPPER_TOPIC": get_topic(SealingMapper),
                "APPLICATION_RECORDER_TOPIC": get_topic(Recorder),
                "POSTGRES_DBNAME": "as in the URL",
                "POSTGRES_HOST": "as in the URL",
                "POSTGRES_USER": "as in the URL",
                "POSTGRES_PASSWORD": "as in the URL",
                "POSTGRES_SCHEMA": "log",
                "POSTGRES_POOL_SIZE": "1",
                "POSTGRES_MAX_OVERFLOW": str(self._pool_size - 1),
                "CREATE_TABLE": "n",
            },
        )

    def construct_factory(self, env: Environment) -> Any:
        """Give the library's pool the whole URL, and a check that costs nothing while the server lives."""
        factory = PostgresFactory(env)
        self._pool = pool = factory.datastore.pool
        path = f"-c search_path={self.read_schema},plain,log"
        given = conninfo_to_dict(self.database_url)
        options = f"{given.get('options', '')} {path}".strip()
        pool.kwargs = {"row_factory": dict_row, "connect_timeout": 2} | given | {"options": options}
        be_quick_to_tell_a_lost_server(pool)
        return factory

    def connection(self) -> AbstractContextManager[Connection[DictRow]]:
        """Lend a connection of the pool, for reads and for plain tables."""
        self._pool.open()
        return self._pool.connection()

    def get(self, kind: type[A], id: UUID) -> A:  # noqa: A002 - the library's own word
        """Load an aggregate; raise NotFound, or Erased when its key is gone."""
        with self.connection() as connection:
            recorded = read_stream(connection, self.keys, self._sealing, id, None)
        key = recorded[0].key if recorded else None
        aggregate: Any = None
        with keys_at_hand({id: key} if key else {}):
            for each in recorded:
                event: Any = self.mapper.to_domain_event(each.stored)
                aggregate = event.mutate(aggregate)
        if not isinstance(aggregate, kind):
            raise NotFound(f"No {kind.__name__} {id}")
        found: A = aggregate
        found.data_key = key
        return found

    def record(self, *recorded: Aggregate, alongside: Sequence[Statement] = ()) -> int:
        """Append what the aggregates decided, all of it or nothing, and return the position reached.

        `alongside` holds SQL statements for the same transaction. Raise ChangedMeanwhile when another writer
        was first; nothing to record is no news, and returns the present end of the log.
        """
        for aggregate in recorded:
            if aggregate.data_key is None and aggregate.Event.SEALED:
                aggregate.data_key = self.keys.create(aggregate.id)
        keys = {aggregate.id: aggregate.data_key for aggregate in recorded if aggregate.data_key}
        try:
            with keys_at_hand(keys):
                recordings = self.save(*recorded, alongside=alongside)
        except IntegrityError as error:
            if _constraint(error) == _EVENTS_KEY:
                raise ChangedMeanwhile("Somebody else wrote first") from error
            raise
        return recordings[-1].notification.id if recordings else self.position()

    def position(self) -> int:
        """Return the position of the last event recorded, 0 when there is none."""
        return self.recorder.max_notification_id() or 0

    def stream(self, id: UUID, *, until: datetime | None = None) -> list[RecordedEvent]:  # noqa: A002 - the library’s own word
        """Return the events of a stream in order, as of `until` (aware, inclusive, by `recorded_at`)."""
        with self.connection() as connection:
            return read_stream(connection, self.keys, self._sealing, id, until)

    def after(self, position: int, limit: int) -> list[RecordedEvent]:
        """Return at most `limit` events after a position."""
        with self.connection() as connection:
            return read_after(connection, self.keys, self._sealing, position, limit)

    def subscribe(self, listener: Connection[Any], *, after: int) -> Subscription:
        """Follow the log after a position, listening on a connection given for that alone."""
        return Subscription(listener, self.after, after=after)

    def connect(self) -> Connection[DictRow]:
        """Open a connection outside the pool, for whoever needs one for long (listening, leading)."""
        path = f"-c search_path={self.read_schema},plain,log"
        return psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row, options=path)

    def wait(self, position: int, timeout: float = 2.0) -> bool:
        """Return whether the read model has reached a position, waiting at most `timeout` seconds."""
        return self._view.wait(position, timeout)

    @property
    def _sealing(self) -> SealingMapper:
        mapper: Mapper[UUID] = self.mapper
        assert isinstance(mapper, SealingMapper)
        return mapper


def decide_again(times: int = 3) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a whole command again when another writer was first: reload all, decide again, `times` at most."""

    def decorate(command: Callable[P, R]) -> Callable[P, R]:
        @wraps(command)
        def deciding(*args: P.args, **kwargs: P.kwargs) -> R:
            for lost in range(times - 1):
                try:
                    return command(*args, **kwargs)
                except ChangedMeanwhile:
                    sleep(random.uniform(0, FIRST_PAUSE * 2**lost))  # noqa: S311 - it only spreads the losers out
            return command(*args, **kwargs)

        return deciding

    return decorate


def _constraint(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
