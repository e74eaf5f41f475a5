"""Requests as citizens list them and as departments queue them; no answer and no message is copied here."""

from espace_citoyen.projections.requests.lists import TO_DO, RequestRow, find, latest, mine, to_do
from espace_citoyen.projections.requests.queue import SORTS, QueuePage, QueueRow, archive, by_state, queue
from espace_citoyen.projections.requests.tables import HANDLERS, TABLES
from espace_citoyen.projections.requests.walk import Mark

__all__ = [
    "HANDLERS",
    "SORTS",
    "TABLES",
    "TO_DO",
    "Mark",
    "QueuePage",
    "QueueRow",
    "RequestRow",
    "archive",
    "by_state",
    "find",
    "latest",
    "mine",
    "queue",
    "to_do",
]
