"""What can be asked of a request: one function per verb, each loads, calls, records."""

from espace_citoyen.commands.requests.appointments import book_appointment, cancel_appointment, move_appointment
from espace_citoyen.commands.requests.attachments import add_attachment, remove_attachment, replace_attachment
from espace_citoyen.commands.requests.corrections import request_correction, send_back
from espace_citoyen.commands.requests.decision import decide, reopen, settle_by_silence
from espace_citoyen.commands.requests.deposit import (
    Deposited,
    Filing,
    deposit_request,
    find_request,
    link_to_account,
)
from espace_citoyen.commands.requests.exchanges import Message, read_exchange, send_exchange
from espace_citoyen.commands.requests.operations import (
    add_note,
    archive_request,
    assign,
    cancel_request,
    pass_on,
    take_up,
)
from espace_citoyen.commands.requests.uploads import Chosen, attach_files, sweep_files

__all__ = [
    "Chosen",
    "Deposited",
    "Filing",
    "Message",
    "add_attachment",
    "add_note",
    "archive_request",
    "assign",
    "attach_files",
    "book_appointment",
    "cancel_appointment",
    "cancel_request",
    "decide",
    "deposit_request",
    "find_request",
    "link_to_account",
    "move_appointment",
    "pass_on",
    "read_exchange",
    "remove_attachment",
    "reopen",
    "replace_attachment",
    "request_correction",
    "send_back",
    "send_exchange",
    "settle_by_silence",
    "sweep_files",
    "take_up",
]
