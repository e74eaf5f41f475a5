"""The read model seen from the log: which schema it lives in, how far it is, and how to wait for it."""

import ast
import hashlib
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from psycopg import Connection

from espace_citoyen.store.keys import Connect

FIRST_WAIT = 0.001
LONGEST_WAIT = 0.05
RESPITE = 5.0
"""After a wait that timed out, how long a process goes without waiting again, in seconds."""

_PROJECTIONS = Path(__file__).parent.parent / "projections"


@lru_cache(maxsize=1)
def read_schema() -> str:
    """Return `read_<hash>`, the schema of the read model that this version of the code writes and reads.

    The hash is over the syntax of everything in `projections/`: comments and layout do not change it.
    """
    digest = hashlib.sha256()
    for path in sorted(_PROJECTIONS.rglob("*.py")):
        digest.update(ast.dump(ast.parse(path.read_text(encoding="utf-8"))).encode())
    return f"read_{digest.hexdigest()[:10]}"


def position_of(connection: Connection[Any]) -> int:
    """Return the position up to which the read model on the connection's search path has come."""
    row = connection.execute("SELECT position FROM tracking", prepare=True).fetchone()
    assert row is not None
    position: int = row["position"]
    return position


class View:
    """Waits for the read model on behalf of one process, and gives up for a while when it is late."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._no_wait_before = 0.0

    def wait(self, position: int, timeout: float) -> bool:
        """Return whether the read model has reached `position`, having waited at most `timeout` seconds."""
        if self._reached(position):
            return True
        if monotonic() < self._no_wait_before:
            return False
        deadline = monotonic() + timeout
        pause = FIRST_WAIT
        while (left := deadline - monotonic()) > 0:
            sleep(min(pause, left))
            if self._reached(position):
                return True
            pause = min(pause * 2, LONGEST_WAIT)
        self._no_wait_before = monotonic() + RESPITE
        return False

    def _reached(self, position: int) -> bool:
        with self._connect() as connection:
            return position_of(connection) >= position
