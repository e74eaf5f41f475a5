"""The worker's heartbeats, as whoever watches over the portal reads them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

STALE = timedelta(seconds=20)


def states(connection: Connection[Any], now: datetime) -> Mapping[str, str]:
    """Return each loop of the worker with `ok`, `en panne`, or `en retard` after 20 s without a beat."""
    rows = connection.execute("SELECT name, beat_at, well FROM plain.worker_heartbeat ORDER BY name")
    return {row["name"]: _state(row["well"], now - row["beat_at"]) for row in rows}


def _state(well: bool, since: timedelta) -> str:
    if since >= STALE:
        return "en retard"
    return "ok" if well else "en panne"
