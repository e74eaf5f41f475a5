"""What an erasure would take with it, for whoever has to confirm it: counted, nothing of it shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.labels import LABELS
from espace_citoyen.projections import tabs
from espace_citoyen.store.log import RecordedEvent


@dataclass(frozen=True, kw_only=True)
class AtStake:
    """What goes with a stream: its events, counted by their sentence, and what a request has besides."""

    kind: str
    events: int
    sentences: Sequence[tuple[str, int]]
    messages: int = 0
    attachments: int = 0
    files: int = 0
    appointments: int = 0
    mails: int = 0


def at_stake(connection: Connection[Any], events: Sequence[RecordedEvent]) -> AtStake:
    """Count what would be unreadable without the key of this stream, which must not be erased yet."""
    kind = events[0].topic.partition(":")[0]
    told = Counter(LABELS[event.topic].told("quelqu’un") for event in events)
    found: dict[str, int] = {"mails": _mails(connection, events[0].stream_id)}
    if kind == ServiceRequest.TOPIC:
        papers = tabs.attachments(events, side=Side.TOWN)
        found |= {
            "messages": len(tabs.exchanges(events, side=Side.TOWN)),
            "attachments": len(papers),
            "files": sum(len(paper.files) for paper in papers),
            "appointments": len(tabs.appointments(events)),
        }
    return AtStake(kind=kind, events=len(events), sentences=list(told.items()), **found)


def _mails(connection: Connection[Any], stream_id: UUID) -> int:
    row = connection.execute(
        "SELECT count(*) AS mails FROM plain.outbox WHERE stream_id = %s", (stream_id,)
    ).fetchone()
    return row["mails"] if row else 0
