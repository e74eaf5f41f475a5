"""What follows from an event, once: a mail to send, what an erasure leaves behind to delete. Never replayed."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from psycopg import Connection

from espace_citoyen import files, outbox
from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.claims import UsernameClaim
from espace_citoyen.aggregates.events import Event
from espace_citoyen.aggregates.refusals import Refusal
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import StaffMember
from espace_citoyen.application import Portal
from espace_citoyen.letters import MAILINGS, is_by_post
from espace_citoyen.outbox import State
from espace_citoyen.store.log import RecordedEvent

MAILS, ERASURES = "mails", "erasures"

_FORGET_TYPED = (
    "UPDATE plain.session SET data = data - 'parked' WHERE replace(data #>> '{parked,path}', '-', '') ILIKE %s"
)
"""What anybody typed into a page of an erased request and was refused: their session keeps it for a reload."""

Handler = Callable[[Connection[Any], RecordedEvent], None]

_log = structlog.get_logger()


class Reaction:
    """A follower of the log with a position of its own in `plain.reaction`.

    What it does and its position are one transaction. A refusal becomes a to-do of the staff and the position
    moves on; any other failure is the caller's to try again.
    """

    gather = 0.2

    def __init__(self, name: str, handlers: Mapping[type[Event], Handler]) -> None:
        self.name = name
        self._handlers = handlers

    def prepare(self, portal: Portal) -> None:
        """See to it that there is a position to go on from."""
        with portal.connection() as connection:
            place(connection)

    def position(self, connection: Connection[Any]) -> int:
        """Return the position of the last event reacted to."""
        return self._position(connection, "SELECT position FROM plain.reaction WHERE name = %s")

    def apply(self, connection: Connection[Any], events: Sequence[RecordedEvent]) -> None:
        """React to a batch in one transaction; two processes at once do no harm."""
        with connection.transaction():
            query = "SELECT position FROM plain.reaction WHERE name = %s FOR UPDATE"
            position = self._position(connection, query)
            for event in events:
                if event.position > position and (handler := self._handlers.get(event.kind)):
                    self._react(connection, handler, event)
            connection.execute(
                "UPDATE plain.reaction SET position = greatest(position, %s) WHERE name = %s",
                (events[-1].position, self.name),
            )

    def _position(self, connection: Connection[Any], query: str) -> int:
        row = connection.execute(query.encode(), (self.name,)).fetchone()
        assert row is not None
        position: int = row["position"]
        return position

    def _react(self, connection: Connection[Any], handler: Handler, event: RecordedEvent) -> None:
        try:
            with connection.transaction():
                handler(connection, event)
        except Refusal as refusal:
            _log.warning("reaction refused", reaction=self.name, position=event.position, topic=event.topic)
            connection.execute(
                "INSERT INTO plain.to_do (reaction, position, stream_id, refusal) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (self.name, event.position, event.stream_id, type(refusal).__name__),
            )


def place(connection: Connection[Any]) -> None:
    """Put each new reaction at the head of the log: what happened before it existed is none of its business."""
    connection.execute(
        "INSERT INTO plain.reaction (name, position)"
        " SELECT name, (SELECT coalesce(max(notification_id), 0) FROM log.portal_events)"
        " FROM unnest(%s::text[]) AS name ON CONFLICT DO NOTHING",
        ([MAILS, ERASURES],),
    )


def mails(portal: Portal) -> Reaction:
    """Return the reaction that queues a mail, or a letter to print, for each event of `MAILINGS` (S45)."""

    def queue(connection: Connection[Any], told: RecordedEvent) -> None:
        mailing = MAILINGS[told.kind]
        events = portal.stream(told.stream_id)
        if events[0].event is None or not mailing.concerns(events, told):  # erased meanwhile, or not to be told
            return
        by_post = is_by_post(events[0].event.applicant)
        outbox.queue(
            connection,
            stream_id=told.stream_id,
            version=told.version,
            recipient=mailing.recipient,
            template=mailing.template,
            state=State.TO_PRINT if by_post else State.WAITING,
        )

    return Reaction(MAILS, dict.fromkeys(MAILINGS, queue))


def erasures(files_root: Path) -> Reaction:
    """Return the reaction that deletes what an erased stream leaves outside the log and the read model."""

    def forget(connection: Connection[Any], event: RecordedEvent) -> None:
        outbox.drop(connection, event.stream_id)
        connection.execute("DELETE FROM plain.session WHERE person_id = %s", (event.stream_id,))
        connection.execute("DELETE FROM plain.credential WHERE holder_id = %s", (event.stream_id,))
        if reference := event.envelope.get("reference"):
            connection.execute(_FORGET_TYPED, (f"%/{reference.replace('-', '')}/%",))
        files.delete_all(files_root, event.stream_id)

    kinds = (ServiceRequest.Erased, Account.Erased, UsernameClaim.Erased, StaffMember.Erased)
    return Reaction(ERASURES, dict.fromkeys(kinds, forget))
