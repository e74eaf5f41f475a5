"""The outbox: mails to send, named by the event they tell, with how each attempt ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import class_row

LONGEST_PAUSE = timedelta(hours=4)
TRIES = 36
"""After as many tries, about five days, a mail that is still put off has failed."""


class State(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    """Its address is one of the demonstration's, which end in `.invalid`: it is never sent."""
    TO_PRINT = "to_print"
    """Its addressee wants paper: the department prints and posts it (S45)."""
    PRINTED = "printed"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A row of `plain.outbox`. It holds nothing personal and no secret, whatever backup it ends up in.

    Address and words are read from the stream at the moment of sending (`letters.write`): once the stream's key
    is gone there is nothing left to send, even before the row is deleted. `recipient` is a part played in the
    request (`applicant`), `reply` the code of the last answer, never its text, which may quote an address.
    """

    mail_id: UUID
    stream_id: UUID
    version: int
    recipient: str
    template: str
    state: State
    queued_at: datetime
    tries: int
    next_try_at: datetime
    settled_at: datetime | None
    reply: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


def queue(
    connection: Connection[Any],
    *,
    stream_id: UUID,
    version: int,
    recipient: str,
    template: str,
    state: State = State.WAITING,
) -> None:
    """Queue the mail that tells an event to a recipient, once; its id is also its Message-ID."""
    connection.execute(
        "INSERT INTO plain.outbox (mail_id, stream_id, version, recipient, template, state)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            uuid5(stream_id, f"mail {version} {recipient} {template}"),
            stream_id,
            version,
            recipient,
            template,
            state.value,
        ),
    )


def take_due(connection: Connection[Any], at: datetime) -> Mail | None:
    """Lock the mail that has waited longest and is due, for the caller's transaction; skip those being sent."""
    query = (
        "SELECT * FROM plain.outbox WHERE state = 'waiting' AND next_try_at <= %s"
        " ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    with connection.cursor(row_factory=class_row(Mail)) as cursor:
        return cursor.execute(query, (at,)).fetchone()


def settle(connection: Connection[Any], mail: Mail, state: State, *, at: datetime, reply: str = "") -> None:
    """Say how a mail ended."""
    connection.execute(
        "UPDATE plain.outbox SET state = %s, settled_at = %s, reply = %s, tries = tries + 1 WHERE mail_id = %s",
        (state.value, at, reply, mail.mail_id),
    )


def put_off(connection: Connection[Any], mail: Mail, *, at: datetime, reply: str) -> None:
    """Try again later, after one minute, two, four…; after `TRIES` it has failed."""
    if mail.tries + 1 >= TRIES:
        settle(connection, mail, State.FAILED, at=at, reply=reply)
        return
    pause = min(timedelta(minutes=2**mail.tries), LONGEST_PAUSE)
    connection.execute(
        "UPDATE plain.outbox SET next_try_at = %s, reply = %s, tries = tries + 1 WHERE mail_id = %s",
        (at + pause, reply, mail.mail_id),
    )


def note(connection: Connection[Any], mail: Mail, *, reply: str) -> None:
    """Remember why a mail could not even be tried; it keeps its turn."""
    connection.execute("UPDATE plain.outbox SET reply = %s WHERE mail_id = %s", (reply, mail.mail_id))


def drop(connection: Connection[Any], stream_id: UUID) -> None:
    """Delete every mail about a stream."""
    connection.execute("DELETE FROM plain.outbox WHERE stream_id = %s", (stream_id,))


def counts(connection: Connection[Any]) -> dict[State, int]:
    """Return how many mails there are in each state."""
    found = dict.fromkeys(State, 0)
    for row in connection.execute("SELECT state, count(*) AS mails FROM plain.outbox GROUP BY state"):
        found[State(row["state"])] = row["mails"]
    return found


def page(connection: Connection[Any], state: State, *, page: int = 1, size: int = 50) -> Sequence[Mail]:
    """Return a page (from 1) of the mails in a state, the last queued first."""
    query = "SELECT * FROM plain.outbox WHERE state = %s ORDER BY queued_at DESC, mail_id LIMIT %s OFFSET %s"
    with connection.cursor(row_factory=class_row(Mail)) as cursor:
        return cursor.execute(query, (state.value, size, size * (max(page, 1) - 1))).fetchall()


def find(connection: Connection[Any], mail_id: UUID) -> Mail | None:
    """Return a mail by its id."""
    with connection.cursor(row_factory=class_row(Mail)) as cursor:
        return cursor.execute("SELECT * FROM plain.outbox WHERE mail_id = %s", (mail_id,)).fetchone()


def printed(connection: Connection[Any], mail_id: UUID, *, at: datetime) -> bool:
    """Note that a letter is on paper, one that no mailbox would take included; return whether there was one."""
    changed = connection.execute(
        "UPDATE plain.outbox SET state = 'printed', settled_at = %s"
        " WHERE mail_id = %s AND state IN ('to_print', 'failed')",
        (at, mail_id),
    )
    return changed.rowcount == 1


def try_again(connection: Connection[Any], mail_id: UUID, *, at: datetime) -> bool:
    """Make a mail that failed, or waits, due now; return whether there was one."""
    changed = connection.execute(
        "UPDATE plain.outbox SET state = 'waiting', next_try_at = %s, tries = 0, settled_at = NULL, reply = ''"
        " WHERE mail_id = %s AND state IN ('failed', 'waiting')",
        (at, mail_id),
    )
    return changed.rowcount == 1
