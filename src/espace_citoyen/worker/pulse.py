"""The heartbeat of each loop, by which `/sante` knows that it lives and is well."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

BEAT_SECONDS = 5.0
LONG_SECONDS = 3600.0


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class Pulse:
    """Writes a loop's row of `plain.worker_heartbeat`: every five seconds, and at once when its state turns."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._last = -BEAT_SECONDS
        self._well: bool | None = None

    def well(self, connection: Connection[Any], detail: Callable[[], Mapping[str, Any]] = dict) -> None:
        """Say that all is well; `detail` (figures and ids only) is asked for when it is time to write."""
        if self._well is not True or monotonic() - self._last >= BEAT_SECONDS:
            self._write(connection, detail(), well=True)

    def ill(self, connection: Connection[Any], detail: Mapping[str, Any]) -> None:
        """Say what is wrong, in figures and ids: `/sante` turns red."""
        if self._well is not False or monotonic() - self._last >= BEAT_SECONDS:
            self._write(connection, detail, well=False)

    @contextmanager
    def meanwhile(self, connect: Callable[[], Connection[Any]]) -> Iterator[None]:
        """Go on beating while the loop is busy with one long thing, for an hour at most."""
        done = Event()

        def beat() -> None:
            for _ in range(round(LONG_SECONDS / BEAT_SECONDS)):
                if done.wait(BEAT_SECONDS):
                    return
                with suppress(psycopg.Error), connect() as connection:
                    self._write(connection, {"busy": True}, well=True)

        beating = Thread(target=beat)
        beating.start()
        try:
            yield
        finally:
            done.set()
            beating.join()

    def _write(self, connection: Connection[Any], detail: Mapping[str, Any], *, well: bool) -> None:
        connection.execute(
            "INSERT INTO plain.worker_heartbeat (name, beat_at, well, detail) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE"
            " SET beat_at = excluded.beat_at, well = excluded.well, detail = excluded.detail",
            (self.name, utc_now(), well, Jsonb(detail)),
        )
        self._last, self._well = monotonic(), well
