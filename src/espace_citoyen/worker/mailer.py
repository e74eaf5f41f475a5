"""Sends the mails of the outbox: at least once each, under the same Message-ID every time."""

import smtplib
from contextlib import ExitStack
from email.message import EmailMessage
from threading import Event
from time import monotonic
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import psycopg
import structlog
from psycopg import Connection

from espace_citoyen import letters, links, outbox
from espace_citoyen import mail as mails
from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.outbox import Mail, State
from espace_citoyen.worker.pauses import Pauses
from espace_citoyen.worker.pulse import Pulse, utc_now

LOOK_SECONDS = 1.0
FIRST_RESPITE, LONGEST_RESPITE = 5.0, 300.0
"""How long a mail server that could not be reached is left alone, in seconds, doubling each time."""

_log = structlog.get_logger()


class Mailer:
    """The loop of the mailer. Without a mail server in the settings mails stay where they are.

    A mail is locked while it is sent and marked in the same transaction: a crash in between sends it again, and
    the receiving side tells the twin by its Message-ID.
    """

    name = "mailer"

    def __init__(self, portal: Portal, settings: Settings, stop: Event) -> None:
        self._portal = portal
        self._smtp_url = settings.smtp_url
        self._base_url = settings.base_url
        self._reply_address = settings.reply_address
        self._host = urlsplit(settings.base_url).hostname or "localhost"
        self._stop = stop
        self._pulse = Pulse(self.name)
        self._respite = FIRST_RESPITE
        self._not_before = 0.0

    def run(self) -> None:
        """Send what is due until told to stop; a mail server or a database that is away is waited for."""
        lost = Pauses(0.1, 2.0, self._stop)
        while not self._stop.is_set():
            try:
                with self._portal.connect() as connection:
                    while not self._stop.is_set():
                        self._look(connection)
                        lost.reset()
                        self._stop.wait(LOOK_SECONDS)
            except psycopg.Error as error:
                _log.warning("database away", follower=self.name, error=type(error).__name__)
                lost.take()

    def _look(self, connection: Connection[Any]) -> None:
        """Send what is due, unless the mail server was away a moment ago."""
        if monotonic() >= self._not_before:
            try:
                self.send_due(connection)
                self._respite = FIRST_RESPITE
            except mails.Unreachable as error:
                _log.warning("mail server away", error=str(error))
                self._not_before = monotonic() + self._respite
                self._respite = min(self._respite * 2, LONGEST_RESPITE)
        self._pulse.well(connection, lambda: self._detail(connection))

    def send_due(self, connection: Connection[Any]) -> int:
        """Send everything that is due and return how many mails were dealt with; raise Unreachable."""
        if self._smtp_url is None:
            return 0
        done = 0
        with Line(self._smtp_url, self._host) as line:
            while not self._stop.is_set() and self._send_next(connection, line):
                done += 1
        return done

    def _send_next(self, connection: Connection[Any], line: "Line") -> bool:
        unreachable: mails.Unreachable | None = None
        with connection.transaction():
            due = outbox.take_due(connection, utc_now())
            if due is None:
                return False
            try:
                self._send(connection, line, due)
            except mails.Unreachable as error:
                outbox.note(connection, due, reply=str(error))
                unreachable = error
        if unreachable:
            raise unreachable
        return True

    def _send(self, connection: Connection[Any], line: "Line", due: Mail) -> None:
        written = letters.write(self._portal, due)
        if written is None:
            outbox.drop(connection, due.stream_id)
            return
        if mails.is_withheld(written.address):
            outbox.settle(connection, due, State.WITHHELD, at=utc_now())
            return
        try:
            line.send(self._message(due, written))
        except mails.Unsendable as error:
            outbox.settle(connection, due, State.FAILED, at=utc_now(), reply=str(error))
        except mails.Refused as error:
            if error.for_now:
                outbox.put_off(connection, due, at=utc_now(), reply=str(error))
            else:
                outbox.settle(connection, due, State.FAILED, at=utc_now(), reply=str(error))
        else:
            outbox.settle(connection, due, State.SENT, at=utc_now())

    def _message(self, due: Mail, written: letters.Written) -> EmailMessage:
        replied = self._reply_address is not None and written.answerable
        envelope = mails.Envelope(
            sender=sender_of(self._smtp_url or "", self._host),
            recipient=written.address,
            reply_to=self._reply_to(due, written),
            message_id=f"{due.mail_id}@{self._host}",
            date=due.queued_at,
        )
        letter = written.letter.marked() if replied else written.letter
        return mails.message(envelope, letter, self._base_url + written.path)

    def _reply_to(self, due: Mail, written: letters.Written) -> str:
        """Return where an answer goes: into the request where that can be, else to the department's mailbox."""
        if self._reply_address is not None and written.answerable:
            return mails.below(self._reply_address, links.reply_token(self._portal, due.stream_id))
        return "" if mails.is_withheld(written.reply_to) else written.reply_to

    def _detail(self, connection: Connection[Any]) -> dict[str, Any]:
        counted = outbox.counts(connection)
        return {"smtp": self._smtp_url is not None} | {state.value: number for state, number in counted.items()}


class Line:
    """A line to the mail server, opened with the first mail and kept for the next ones."""

    def __init__(self, smtp_url: str, local_name: str) -> None:
        self._smtp_url = smtp_url
        self._local_name = local_name
        self._closing = ExitStack()
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._closing.close()

    def send(self, mail: EmailMessage) -> None:
        """Send a mail; raise as `mail.send` does."""
        if self._line is None:
            self._line = self._closing.enter_context(mails.server(self._smtp_url, local_name=self._local_name))
        mails.send(self._line, mail)


def sender_of(smtp_url: str, host: str) -> str:
    """Return the sender's address: the name we sign in with when it is one, else one of the portal's host."""
    user = unquote(urlsplit(smtp_url).username or "")
    return user if "@" in user else f"ne-pas-repondre@{host}"
