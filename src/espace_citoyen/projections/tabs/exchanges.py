"""« Échanges »: the messages of a request, as one side sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.projections.tabs.attachments import Paper, attachments
from espace_citoyen.store.log import RecordedEvent

SENT, READ = ServiceRequest.ExchangeSent.TOPIC, ServiceRequest.ExchangeRead.TOPIC
OPENING = 60
"""How much of an unread message is shown, in characters; nothing of one not twice as long."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of « Échanges » as one side sees it: `mine` when that side wrote it."""

    exchange_id: UUID
    mine: bool
    author: str
    capacity: str
    sent_at: datetime
    text: str
    read_at: datetime | None
    papers: tuple[Paper, ...] = ()

    @property
    def unread(self) -> bool:
        """Whether it waits for the side that looks."""
        return not self.mine and self.read_at is None

    @property
    def opening(self) -> str:
        """The first words of a long message, to tell it from the others before it is opened."""
        if len(self.text) < 2 * OPENING:
            return ""
        return " ".join(self.text[:OPENING].split()[:-1])


def exchanges(events: Sequence[RecordedEvent], *, side: Side) -> list[Message]:
    """Return the messages in order, each with the instant at which it was opened; erased ones are left out."""
    read_at = {
        said.exchange_id: said.timestamp for event in events if event.topic == READ and (said := event.event)
    }
    papers = attachments(events, side=side)
    return [
        Message(
            exchange_id=said.exchange_id,
            mine=said.side == side.value,
            author=said.actor_name,
            capacity=said.actor_capacity,
            sent_at=said.timestamp,
            text=said.text,
            read_at=read_at.get(said.exchange_id),
            papers=tuple(paper for paper in papers if paper.exchange_id == said.exchange_id),
        )
        for event in events
        if event.topic == SENT and (said := event.event)
    ]
