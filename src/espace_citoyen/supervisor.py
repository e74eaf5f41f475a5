"""Keeps several processes alive together: restarts one that dies, ends them all in order, in time."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from espace_citoyen import processes
from espace_citoyen.postgres import EmbeddedServer

_ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_TICK = 0.1
_A_MINUTE = 60.0
_PATIENCE = 4.0
log = structlog.get_logger()


class Child(Protocol):
    """Something that runs, may die, and can be stopped; without one that is `vital` nothing is worth keeping."""

    name: str
    vital: bool

    def start(self) -> None:
        """Start it, or start it again."""

    def dead(self) -> bool:
        """Tell whether it has ended by itself; nothing of it is left then."""

    def ask_to_stop(self) -> None:
        """Ask it to stop, without waiting."""

    def stop(self, seconds: float) -> None:
        """Wait for its end that long, then force it."""


@dataclass
class Program:
    """A child that is a command, with whatever processes it starts in turn."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    vital: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the command, away from the terminal: Ctrl-C is for us, and we pass it on."""
        self.process = processes.start(self.command, environ=self.environ)

    def dead(self) -> bool:
        """Tell whether the command ended; before its number is free again, what it had started is ended too."""
        if self.process is None or self.process.returncode is not None:
            return True
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        processes.kill_group(self.process.pid)
        self.process.wait()
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM, unless it is over."""
        if self.process is not None:
            self.process.terminate()

    def stop(self, seconds: float) -> None:
        """Wait for its end that long, then kill it with all it had started."""
        if self.process is None:
            return
        end = time.monotonic() + seconds
        while not self.dead():
            if time.monotonic() > end:
                log.warning("child killed", child=self.name)
                processes.kill_group(self.process.pid)
            time.sleep(0.02)
        self.process = None


@dataclass
class Database:
    """The embedded server as a child; the first to start and the last to stop."""

    server: EmbeddedServer
    name: str = "database"
    vital: bool = True

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server.start()

    def dead(self) -> bool:
        """Tell whether its master process has ended."""
        return self.server.process is None or self.server.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Nothing yet: the others still need it."""

    def stop(self, seconds: float) -> None:
        """Stop it; it knows by itself how long to wait."""
        del seconds
        self.server.stop()


class Supervisor:
    """Starts children in order, keeps them alive, stops them in reverse order.

    A child that dies is started again; a second death of the same one within a minute ends everything. One that
    is not vital is left alone for the rest of that minute instead.
    """

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._deaths: dict[str, float] = {}
        self.ending = False
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS | {signal.SIGCHLD})

    def start(self, child: Child) -> None:
        """Start a child and keep it from now on."""
        self._children.append(child)
        child.start()

    def complete(self, program: Program) -> bool:
        """Run a command to its end; return whether it succeeded and nobody asked us to end meanwhile.

        It is let finish all the same, if it is quick: half a migration or half a town would be worse.
        """
        program.start()
        while not program.dead():
            if self._asked_to_end():
                program.stop(_PATIENCE)
                return False
        return program.process is not None and program.process.returncode == 0

    def keep(self, each_time: Callable[[], None]) -> int:
        """Keep the children until a signal ends us (0) or one of them dies twice within a minute (1)."""
        while not self._asked_to_end():
            for child in self._children:
                if child.dead() and not self._revive(child):
                    return 1
            each_time()
        return 0

    def end(self) -> None:
        """Stop every child, the last one started first; all but the database hear of it at once."""
        for child in reversed(self._children):
            child.ask_to_stop()
        end = time.monotonic() + _PATIENCE
        for child in reversed(self._children):
            child.stop(max(0.0, end - time.monotonic()))

    def _asked_to_end(self) -> bool:
        """Sleep until something happens, a tick at most; tell whether it is a signal to end."""
        heard = signal.sigtimedwait(_ENDINGS | {signal.SIGCHLD}, _TICK)
        self.ending = self.ending or (heard is not None and heard.si_signo in _ENDINGS)
        return self.ending

    def _revive(self, child: Child) -> bool:
        now = time.monotonic()
        last = self._deaths.get(child.name)
        if last is not None and now - last < _A_MINUTE:
            if child.vital:
                log.error("child died twice within a minute", child=child.name)
            return not child.vital
        self._deaths[child.name] = now
        log.warning("child died, started again", child=child.name)
        child.start()
        return True
