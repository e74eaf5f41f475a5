"""One PostgreSQL server below a folder: made the first time, started, probed, stopped."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from espace_citoyen import processes
from espace_citoyen.postgres import cluster, strays
from espace_citoyen.postgres.account import account_for, open_tree, open_way, run_as

_SOCKETS = Path("/tmp")  # noqa: S108 a socket's path has 107 bytes at most; our folder there is 0700 and checked
_OPTIONS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # no personal data in its log: neither statements nor the values that violate a constraint
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
_LOG_LIMIT = 5_000_000
_RECOVERY_SECONDS = 300.0
_STOPS = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))


class AlreadyRunning(cluster.PostgresError):
    """Another process runs the server of this folder."""


class EmbeddedServer:
    """The PostgreSQL of `data_dir`, reached through a Unix socket by the account that starts it and no other.

    It ends with the thread that called `start`, whatever ends that one: `postgres` is run by us and not by
    `pg_ctl`, whose children cannot be tied to our life.
    """

    def __init__(
        self, data_dir: Path, *, binaries: Path | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.process: subprocess.Popen[bytes] | None = None
        self._cluster = self.data_dir / "postgres"
        self._log = self.data_dir / "postgres.log"
        self._binaries = binaries or cluster.wheel_binaries()
        self._options = _OPTIONS | dict(options or {})
        digest = hashlib.sha256(os.fsencode(self._cluster.resolve())).hexdigest()
        self._sockets = _SOCKETS / f"espace-citoyen-{digest[:12]}"
        self._lock: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the portal's database."""
        return self._url(cluster.DATABASE)

    def start(self) -> str:
        """Start the server, made first if need be, and return its address once it answers.

        Survives what a kill -9 left. Raises AlreadyRunning, or PostgresError with the end of the server's log.
        """
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        try:
            account = self._prepare()
            self._launch(account)
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server, cleanly or at all costs, within five seconds. Harmless when it is stopped."""
        if self.process is not None:
            for sent, seconds in _STOPS:
                self.process.send_signal(sent)
                try:
                    self.process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            self.process = None
            with contextlib.suppress(OSError):
                self._sockets.rmdir()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def probe(self) -> bool:
        """Whether the server answers, started by this process or by another."""
        try:
            with psycopg.connect(self._url("postgres"), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def _url(self, database: str) -> str:
        return f"postgresql://{cluster.ROLE}@/{database}?host={quote(str(self._sockets), safe='')}"

    def _take_lock(self) -> None:
        """One master per folder; the kernel gives the lock back when we die, however we die."""
        if self._lock is not None:
            return
        lock = (self.data_dir / "postgres.lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(f"La base de {self.data_dir} est déjà démarrée par un autre programme.") from None
        self._lock = lock

    def _prepare(self) -> pwd.struct_passwd | None:
        """Put every file in its place and return the account the server will run under, None for ours."""
        account = account_for(self._cluster)
        for tree in cluster.installation(self._binaries):
            open_tree(tree, account)
            open_way(tree, account)
        open_way(self._cluster, account)
        if not self._cluster.exists():
            cluster.make(self._cluster, self._binaries, account)
        strays.clear(self._cluster)
        cluster.write_access(self._cluster)
        cluster.own_socket_folder(self._sockets, account)
        return account

    def _launch(self, account: pwd.struct_passwd | None) -> None:
        options = self._options | {"unix_socket_directories": str(self._sockets)}
        with self._log.open("ab") as journal:
            if journal.tell() > _LOG_LIMIT:
                journal.truncate(0)
            self.process = processes.start(
                [self._binaries / "postgres", "-D", self._cluster, *(f"--{k}={v}" for k, v in options.items())],
                environ=cluster.ENVIRONMENT,
                output=journal,
                on_our_death=signal.SIGINT,  # its fast shutdown
                run_as=run_as(account),
            )
        self._wait_for_answer(self.process)

    def _wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _RECOVERY_SECONDS
        while not self.probe():
            if process.poll() is not None or time.monotonic() > end:
                tail = self._log.read_text(errors="replace")[-600:].strip()
                raise cluster.PostgresError(f"PostgreSQL n’a pas démarré. Fin de {self._log} :\n{tail}")
            time.sleep(0.02)

    def _make_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [cluster.DATABASE])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(cluster.DATABASE)))
