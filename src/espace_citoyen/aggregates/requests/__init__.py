"""A citizen's request (demande), cut the way the screen is; `request.py` puts the parts together."""

from espace_citoyen.aggregates.requests.deposit import Deposit
from espace_citoyen.aggregates.requests.exchanges import SENT_ALREADY
from espace_citoyen.aggregates.requests.request import ServiceRequest
from espace_citoyen.aggregates.requests.values import (
    DECIDED,
    TAKEN_UP,
    TEXT_LIMIT,
    Appointment,
    AttachedFile,
    Attachment,
    AttachmentContent,
    BookedSlot,
    Correction,
    Decision,
    Kind,
    Side,
    Status,
)

__all__ = [
    "DECIDED",
    "SENT_ALREADY",
    "TAKEN_UP",
    "TEXT_LIMIT",
    "Appointment",
    "AttachedFile",
    "Attachment",
    "AttachmentContent",
    "BookedSlot",
    "Correction",
    "Decision",
    "Deposit",
    "Kind",
    "ServiceRequest",
    "Side",
    "Status",
]
