"""`mail-in --lmtp`: the mail server of the town hands answers over on a line that stays open (RFC 2033)."""

import asyncio
import logging
import signal
import unicodedata
from asyncio import AbstractServer
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from espace_citoyen import mail
from espace_citoyen.application import Portal
from espace_citoyen.commands.replies import (
    MOST_MAIL_BYTES,
    TOO_LARGE,
    UNKNOWN,
    Arrived,
    Mailroom,
    NotFiled,
    file_mail,
)
from espace_citoyen.config import ConfigurationError

LONGEST_LINE = 64 * 1024
"""Longest line that is read, in bytes: programs that break the rule of 998 exist."""
UNIX = "unix:"
LAST_WORDS = 5.0
"""How long a mail that is being filed may hold up the end, in seconds."""
MOST_RECIPIENTS = 10
"""Of one mail, each of which is read for each of them: the server brings the others with the next one."""
LATER = "451 4.3.0 Le portail ne repond pas, reessayez plus tard"

_log = structlog.get_logger()


class Line(LMTP):
    """A line from the mail server: one answer per recipient, also to a mail that is too large."""

    line_length_limit = LONGEST_LINE

    async def push(self, status: Any) -> None:
        """Answer; the library says once what this protocol says to each recipient."""
        if isinstance(status, str) and status.startswith("552") and self.envelope and self.envelope.rcpt_tos:
            status = "\r\n".join([_answer(552, "5.3.4", TOO_LARGE)] * len(self.envelope.rcpt_tos))
        await super().push(status)


class Clerk:
    """Files what comes in, one mail at a time: of the largest ones no two are in memory at once."""

    def __init__(self, portal: Portal, room: Mailroom) -> None:
        self._portal = portal
        self._room = room
        self._desk = ThreadPoolExecutor(max_workers=1)
        self._answering = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _line: Line, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address below ours; whether its token is good, the mail itself will tell."""
        if mail.token_of(self._room.address, address) is None:
            return _answer(550, "5.1.1", UNKNOWN)
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Trop de destinataires pour un seul message"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _line: Line, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer for each recipient in turn."""
        self._answering += 1
        try:
            loop = asyncio.get_running_loop()
            answers = [
                await loop.run_in_executor(self._desk, self._file, envelope, address)
                for address in envelope.rcpt_tos
            ]
        finally:
            self._answering -= 1
        return "\r\n".join(answers)

    async def handle_exception(self, error: Exception) -> str:
        """Have the mail kept and tried again, whatever went wrong here."""
        _log.error("mail line failed", error=type(error).__name__)
        return LATER

    async def finish(self) -> None:
        """Wait until what is being filed is filed and answered."""
        end = asyncio.get_running_loop().time() + LAST_WORDS
        while self._answering and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        self._desk.shutdown(wait=False)

    def _file(self, envelope: Envelope, address: str) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        arrived = Arrived(content, recipients=(address,), return_path=envelope.mail_from or "<>")
        try:
            position = file_mail(self._portal, at=datetime.now(UTC), room=self._room, arrived=arrived)
        except NotFiled as refusal:
            _log.info("mail refused", code=refusal.code)
            return _answer(550, refusal.code, str(refusal))
        except Exception:
            _log.exception("mail put off")
            return LATER
        return "250 2.0.0 Message transmis" if position is not None else "250 2.0.0 Message automatique ignore"


def serve(portal: Portal, room: Mailroom, where: str) -> int:
    """Listen until a signal ends it, and return 0."""
    if not where:
        raise ConfigurationError("ESPACE_CITOYEN_LMTP : à définir, ou donnez l’adresse après « --lmtp ».")
    stop = asyncio.Event()

    async def until_told() -> None:
        for sent in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sent, stop.set)
        await listen(portal, room, where, stop)

    asyncio.run(until_told())
    return 0


async def listen(portal: Portal, room: Mailroom, where: str, stop: asyncio.Event) -> None:
    """Listen at `host:port` or `unix:/path` until `stop`; what is being filed then is filed to the end."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # below it tells addresses, which are secrets here
    clerk = Clerk(portal, room)
    loop = asyncio.get_running_loop()

    def line() -> Line:
        return Line(clerk, data_size_limit=MOST_MAIL_BYTES, hostname=room.host, ident="LMTP", loop=loop)

    server = await _open(loop, line, where)
    _log.info("listening for mail", where=where)
    await stop.wait()
    server.close()
    await clerk.finish()


async def _open(loop: asyncio.AbstractEventLoop, line: Callable[[], Line], where: str) -> AbstractServer:
    if where.startswith(UNIX):
        path = Path(where.removeprefix(UNIX))
        server = await loop.create_unix_server(line, path)
        path.chmod(0o660)
        return server
    host, _, port = where.rpartition(":")
    return await loop.create_server(line, host.strip("[]"), int(port))


def _answer(status: int, code: str, sentence: str) -> str:
    """Return an answer in ASCII, on one line: not every mail server between here and the citizen speaks UTF-8."""
    bare = unicodedata.normalize("NFKD", sentence.replace("’", "'").replace("œ", "oe"))
    said = bare.encode("ascii", "ignore").decode().replace("\n", " ")
    return f"{status} {code} {said}"[:500]
