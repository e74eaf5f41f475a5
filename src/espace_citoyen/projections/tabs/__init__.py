"""What the tabs of « Suivi de la demande » show, folded from the request's own stream; no table, no query."""

from espace_citoyen.projections.tabs.appointments import Meeting, appointments
from espace_citoyen.projections.tabs.attachments import Paper, attachments, file_of
from espace_citoyen.projections.tabs.exchanges import Message, exchanges
from espace_citoyen.projections.tabs.history import Line, history
from espace_citoyen.projections.tabs.standing import (
    Asked,
    AskedBack,
    Caretaker,
    Ruling,
    SentBack,
    Word,
    archived_at,
    asked,
    asked_back,
    cancelled,
    corrections,
    in_charge,
    is_erased,
    notes,
    recorded_by,
    rulings,
    state,
)

__all__ = [
    "Asked",
    "AskedBack",
    "Caretaker",
    "Line",
    "Meeting",
    "Message",
    "Paper",
    "Ruling",
    "SentBack",
    "Word",
    "appointments",
    "archived_at",
    "asked",
    "asked_back",
    "attachments",
    "cancelled",
    "corrections",
    "exchanges",
    "file_of",
    "history",
    "in_charge",
    "is_erased",
    "notes",
    "recorded_by",
    "rulings",
    "state",
]
