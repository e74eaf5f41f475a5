"""Hands letters over to a mail server: headers, addresses, encryption, and what the server answers."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from espace_citoyen.mail.writing import LINK, Letter, as_html

SMTP_SECONDS = 10.0
"""Longest wait for a mail server's answer."""

_ENHANCED = re.compile(rb"\d\.\d{1,3}\.\d{1,3}")
_BREAKS = re.compile(r"[\r\n\x00-\x08\x0b-\x1f\x7f]")


class Unsendable(Exception):
    """This mail can never be sent as it is: its address, or a header, is not one."""


class Refused(Exception):
    """The server refused this mail, for good or only for now; the text is the code it gave."""

    def __init__(self, code: int, answer: bytes) -> None:
        enhanced = _ENHANCED.match(answer)
        super().__init__(f"{code} {enhanced[0].decode()}" if enhanced else str(code))
        self.for_now = code < 500


class Unreachable(Exception):
    """No server took the mail, which is no fault of this mail; the text is a code or the name of the failure."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What a mail bears outside: `message_id` is the same each time the same mail is sent."""

    sender: str
    recipient: str
    reply_to: str
    message_id: str
    date: datetime


def is_withheld(address: str) -> bool:
    """Tell whether an address is one of the demonstration's, to which nothing is ever sent (RFC 2606)."""
    return address.rpartition("@")[2].lower().rstrip(".").rpartition(".")[2] == "invalid"


def message(envelope: Envelope, letter: Letter, link: str) -> EmailMessage:
    """Return the mail, as plain text and as simple HTML; raise Unsendable when a header would not be one."""
    made = EmailMessage(policy=SMTP)
    headers = {
        "From": _address(envelope.sender, "Espace citoyen"),
        "To": _address(envelope.recipient),
        "Reply-To": _address(envelope.reply_to) if envelope.reply_to else None,
        "Subject": letter.subject,
        "Date": format_datetime(envelope.date),
        "Message-ID": f"<{envelope.message_id}>",
        "Auto-Submitted": "auto-generated",
    }
    for name, value in headers.items():
        if value is not None:
            if _BREAKS.search(str(value)):
                raise Unsendable("header")
            made[name] = value
    made.set_content(letter.text.replace(LINK, link))
    made.add_alternative(as_html(letter, link), subtype="html")
    made["Content-Language"] = "fr"  # set before, it would have gone down to the plain text
    return made


@contextmanager
def server(smtp_url: str, *, local_name: str) -> Iterator[smtplib.SMTP]:
    """Open a line to the mail server of an address `smtp://user:pass@host:port?starttls=…` or `smtps://…`.

    `starttls=required` (the default) refuses a server that cannot encrypt; `optional` takes one as it is. A
    certificate that does not match is refused either way. Raise Unreachable.
    """
    try:
        line = _open(smtp_url, local_name)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_name(error)) from None
    try:
        yield line
    finally:
        try:
            line.quit()
        except (OSError, smtplib.SMTPException):
            line.close()


def send(line: smtplib.SMTP, mail: EmailMessage) -> None:
    """Hand over a mail; raise Refused, Unsendable or Unreachable."""
    try:
        line.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise Refused(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise Refused(error.smtp_code, _bytes(error.smtp_error)) from None
    except smtplib.SMTPNotSupportedError:
        raise Unsendable("address") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_name(error)) from None


def _open(smtp_url: str, local_name: str) -> smtplib.SMTP:
    url = urlsplit(smtp_url)
    starttls = parse_qs(url.query).get("starttls", ["required"])[-1]
    context = ssl.create_default_context()
    host = url.hostname or ""
    line: smtplib.SMTP
    if url.scheme == "smtps":
        line = smtplib.SMTP_SSL(host, url.port or 465, local_name, timeout=SMTP_SECONDS, context=context)
    else:
        line = smtplib.SMTP(host, url.port or 587, local_name, timeout=SMTP_SECONDS)
    try:
        if url.scheme == "smtp" and starttls != "no":
            line.ehlo()
            if starttls == "required" or line.has_extn("starttls"):
                line.starttls(context=context)
        if url.username:
            line.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        line.close()
        raise
    return line


def _address(text: str, name: str = "") -> Address:
    """Return the one mailbox that a text is; raise Unsendable when it is none, or several."""
    local, at, domain = text.strip().rpartition("@")
    try:
        if not (local and at) or _BREAKS.search(text):
            raise Unsendable("address")
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode('ascii')}")
    except (ValueError, IndexError, HeaderParseError):
        raise Unsendable("address") from None


def _name(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(Refused(error.smtp_code, _bytes(error.smtp_error)))
    return type(error).__name__


def _bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer
