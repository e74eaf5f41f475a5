"""Reads a mail that came in: who wrote it, to which addresses, what it says, what is enclosed."""

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from espace_citoyen.mail.hypertext import as_text

RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
"""Where the address that a mail was sent to may be found, the surest first."""
DEEPEST = 20
"""How many parts may lie one within the other; a person's mail has five at most."""
MOST_LINES, MOST_DASHED = 1_000_000, 5_000
"""Lines of a mail, and those that could begin a part: each one costs far more memory than its bytes."""
LONGEST_HEAD = 256 * 1024
"""Bytes of all the headers of a mail; those of a person's mail have ten thousand."""
LONGEST_FIELD = 8_000
"""Bytes of a header that describes a part; the library's reading of one grows with its square."""

_HEAD_END = re.compile(rb"(?:\A|\n)\r?\n")
_LONG_FIELD = re.compile(rb"(?:\A|\n)content-[a-z-]{1,30}:(?:[^\n]|\n[ \t]){%d}" % LONGEST_FIELD, re.IGNORECASE)

_SLOW = frozenset({"idna", "punycode"})
"""Codecs of names, not of texts: the time they take grows with the square of the length."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Unreadable(Exception):
    """What came in is not a mail that a program can read."""


@dataclass(frozen=True)
class Enclosed:
    """A file of a mail, under the name it was given: to be recognised by its bytes, whatever it says it is."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A mail as its sender meant it: addresses in lower case, the whole text, every file."""

    message_id: str
    authors: Sequence[str]
    recipients: Sequence[str]
    automatic: str
    text: str
    files: Sequence[Enclosed]


def read(content: bytes, *, recipients: Sequence[str] = (), return_path: str | None = None) -> Incoming:
    """Read a mail; `recipients` and `return_path` are what the mail server says, who knows better than headers.

    `automatic` names what shows that a program wrote it, or is empty. Raise Unreadable.
    """
    _refuse_bombs(content)
    try:
        return _read(content, recipients, return_path)
    except (RecursionError, AssertionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Unreadable(type(error).__name__) from None


def _refuse_bombs(content: bytes) -> None:
    """Refuse what nobody wrote, and what a few bytes of would cost a minute or all of the memory."""
    if content.count(b"\n") > MOST_LINES or content.count(b"\n--") > MOST_DASHED:
        raise Unreadable("too many parts")
    head = _HEAD_END.search(content)
    if (head.start() if head else len(content)) > LONGEST_HEAD or _LONG_FIELD.search(content):
        raise Unreadable("too long a header")


def _read(content: bytes, recipients: Sequence[str], return_path: str | None) -> Incoming:
    made = message_from_bytes(content, policy=policy.default)
    assert isinstance(made, EmailMessage)
    text, files = _body(made, 0)
    written_to = [address for name in RECIPIENTS for address in _addresses(made, name)]
    returned = return_path if return_path is not None else _header(made, "Return-Path")
    return Incoming(
        message_id=_header(made, "Message-ID").strip("<>") or hashlib.sha256(content).hexdigest(),
        authors=_addresses(made, "From"),
        recipients=[*(each.strip().lower() for each in recipients), *written_to],
        automatic=_automatic(made, returned),
        text=_clean(text),
        files=files,
    )


def _automatic(made: EmailMessage, return_path: str) -> str:
    """Return the header that shows a program at work (RFC 3834, 5), or nothing."""
    submitted = _header(made, "Auto-Submitted").partition(";")[0].strip().lower()
    shown = {
        "Auto-Submitted": submitted not in ("", "no"),
        "Precedence": _header(made, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"),
        "Return-Path": return_path.strip() == "<>",
        "Content-Type": made.get_content_type() == "multipart/report",
    }
    for name in ("X-Autoreply", "X-Autorespond", "X-Loop", "List-Id"):
        shown[name] = bool(_header(made, name))
    return next((name for name, is_so in shown.items() if is_so), "")


def _addresses(made: EmailMessage, name: str) -> list[str]:
    """Return the addresses of every header of a name, also what only stands where an address should."""
    return [address.strip().lower() for _, address in getaddresses(list(_headers(made, name))) if address.strip()]


def _header(made: EmailMessage, name: str) -> str:
    return next(_headers(made, name), "")


def _headers(made: EmailMessage, name: str) -> Iterator[str]:
    """Give the headers of a name as they were written: the library stumbles when it parses some broken ones."""
    for given, value in made.raw_items():
        if given.lower() == name.lower():
            yield _CONTROL.sub("", str(value).replace("\r", "").replace("\n", " ")).strip()


def _body(part: EmailMessage, depth: int) -> tuple[str, list[Enclosed]]:
    """Return the text of a part, in which plain text is preferred, and the files that lie anywhere in it."""
    if depth > DEEPEST:
        raise Unreadable("too deep")
    if part.get_content_maintype() == "message":
        return "", [Enclosed(_name(part, "message.eml"), part.as_bytes())]
    if part.is_multipart():
        return _bodies(part, depth)
    if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
        said = _decoded(part)
        if part.get_content_subtype() == "html":
            return as_text(said), []
        if part.get_content_subtype() == "plain" and not _filename(part):
            return said, []
    return "", [Enclosed(_name(part, "sans nom"), _bytes(part))]


def _bodies(part: EmailMessage, depth: int) -> tuple[str, list[Enclosed]]:
    inside = [_body(each, depth + 1) for each in part.iter_parts() if isinstance(each, EmailMessage)]
    files = [file for _, enclosed in inside for file in enclosed]
    texts = [text for text, _ in inside if text.strip()]
    if part.get_content_subtype() == "alternative":
        texts = texts[:1]
    return "\n\n".join(texts), files


def _decoded(part: EmailMessage) -> str:
    content = _bytes(part)
    for charset in (part.get_content_charset("utf-8"), "utf-8"):
        try:
            if codecs.lookup(charset).name not in _SLOW:
                return content.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _bytes(part: EmailMessage) -> bytes:
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: EmailMessage, otherwise: str) -> str:
    """Return the last part of the name a file was given, on one line: never a path."""
    name = _CONTROL.sub("", _filename(part)).replace("\n", " ").replace("\t", " ")
    return re.split(r"[\\/]", name)[-1].strip()[:200] or otherwise


def _filename(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        return ""


def _clean(text: str) -> str:
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() if line.rstrip() != "--" else line for line in lines).strip("\n")
