"""Mails: what they say, how they leave, and how an answer to one is read."""

from espace_citoyen.mail.cutting import without_quotation
from espace_citoyen.mail.reading import Enclosed, Incoming, Unreadable, read
from espace_citoyen.mail.replying import below, token_of
from espace_citoyen.mail.sending import (
    SMTP_SECONDS,
    Envelope,
    Refused,
    Unreachable,
    Unsendable,
    is_withheld,
    message,
    send,
    server,
)
from espace_citoyen.mail.writing import LINK, MARKER, Letter, as_html, compose

__all__ = [
    "LINK",
    "MARKER",
    "SMTP_SECONDS",
    "Enclosed",
    "Envelope",
    "Incoming",
    "Letter",
    "Refused",
    "Unreachable",
    "Unreadable",
    "Unsendable",
    "as_html",
    "below",
    "compose",
    "is_withheld",
    "message",
    "read",
    "send",
    "server",
    "token_of",
    "without_quotation",
]
