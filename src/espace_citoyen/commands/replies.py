"""An answer by mail becomes a message of its request, with its files; what may not is refused in French (S45)."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid5

import structlog

from espace_citoyen import files, links, mail
from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.refusals import Erased, Invalid, NotFound, NotNow, Refusal
from espace_citoyen.aggregates.requests import TEXT_LIMIT, AttachedFile, ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Chosen, Message, attach_files, send_exchange
from espace_citoyen.commands.requests.uploads import MOST_BYTES
from espace_citoyen.mail import Enclosed, Incoming

MOST_MAIL_BYTES = 45 * 1024 * 1024
"""Longest mail that is read: four of the largest files, as mail encodes them, do not fit; three do."""
MOST_ENCLOSED = 20
"""As many files of one mail are kept."""

UNKNOWN = "Cette adresse de réponse n’existe pas. Reprenez celle de notre courriel, sans la changer."
STRANGER = (
    "Cette adresse de réponse est réservée à la personne qui suit la demande."
    " Écrivez depuis l’adresse où vous recevez nos courriels."
)
GONE = "Cette demande n’existe plus."
NO_EXCHANGES = "Cette démarche ne prévoit pas d’échanges. Adressez-vous au service par téléphone ou au guichet."
EMPTY = "Votre message est vide. Écrivez au-dessus de la ligne prévue pour la réponse, sans effacer celle-ci."
NO_SUCH_FILES = "Vos pièces n’ont pas pu être gardées. Envoyez des fichiers PDF, JPEG ou PNG de 10 Mo au plus."
UNREADABLE = "Votre message n’a pas pu être lu. Écrivez-le de nouveau, ou passez par l’espace citoyen."
TOO_LARGE = "Votre message est trop lourd (45 Mo au plus). Envoyez vos pièces en plusieurs fois."

_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
"""The part before the host in the Message-ID of each mail of ours."""

_log = structlog.get_logger()


class NotFiled(Refusal):
    """A mail that does not become a message: the text is a French sentence, `code` what RFC 3463 calls it."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Mailroom:
    """Where answers come in: the address they are sent to, our own host, and where files are kept."""

    address: str
    host: str
    files_root: Path


@dataclass(frozen=True)
class Arrived:
    """A mail as it came, with what the mail server knows of it: where it was sent to and who sent it."""

    content: bytes
    recipients: tuple[str, ...] = ()
    return_path: str | None = None


def file_mail(portal: Portal, *, at: datetime, room: Mailroom, arrived: Arrived) -> int | None:
    """Read a mail and file it as `file_reply` does; raise NotFiled also for one that cannot be read."""
    try:
        incoming = mail.read(arrived.content, recipients=arrived.recipients, return_path=arrived.return_path)
    except mail.Unreadable:
        raise NotFiled(UNREADABLE, "5.6.0") from None
    return file_reply(portal, at=at, room=room, incoming=incoming)


def file_reply(portal: Portal, *, at: datetime, room: Mailroom, incoming: Incoming) -> int | None:
    """File a mail as a message of the applicant's and return the position; the same mail again is no news.

    Return None for what a program wrote, our own mails included: it is dropped, since answering a robot makes
    two. Raise NotFiled for an address that is not ours, a sender who is not the applicant, a request without
    exchanges, cancelled, archived or erased, and a mail in which nothing can be kept.
    """
    if cause := incoming.automatic or _loop(room, incoming):
        _log.info("automatic mail dropped", cause=cause)
        return None
    request = _request(portal, room, incoming)
    actor = _author(portal, request, incoming)
    if not request.has_exchanges:
        raise NotFiled(NO_EXCHANGES, "5.7.1")
    chosen, lost = _sorted(incoming.files[:MOST_ENCLOSED])
    lost += [file.name for file in incoming.files[MOST_ENCLOSED:]]
    text = _text(incoming, kept=len(chosen), lost=lost)
    exchange_id = uuid5(request.id, f"mail {incoming.message_id}")

    def send(attached: tuple[AttachedFile, ...]) -> int:
        message = Message(exchange_id=exchange_id, text=text, files=attached)
        return send_exchange(portal, at=at, actor=actor, request_id=request.id, message=message)

    with _told():
        return attach_files(portal, root=room.files_root, request_id=request.id, chosen=chosen, deed=send)


@contextmanager
def _told() -> Iterator[None]:
    """Say in words what the rules refuse."""
    try:
        yield
    except NotNow as refusal:
        raise NotFiled(str(refusal), "5.2.1") from None
    except Invalid as refusal:
        raise NotFiled(" ".join(said for each in refusal.fields.values() for said in each), "5.6.0") from None
    except Erased:
        raise NotFiled(GONE, "5.1.1") from None


def _loop(room: Mailroom, incoming: Incoming) -> str:
    """Return what shows that a mail is one of ours that came back, or nothing."""
    name, _, host = incoming.message_id.rpartition("@")
    if host.lower() == room.host and _OWN.fullmatch(name):
        return "Message-ID"
    ours = room.address.lower()
    return "From" if any(each == ours or mail.token_of(ours, each) for each in incoming.authors) else ""


def _request(portal: Portal, room: Mailroom, incoming: Incoming) -> ServiceRequest:
    """Return the request of the first address below ours that the mail was sent to."""
    tokens = (mail.token_of(room.address, each) for each in incoming.recipients)
    token = next((each for each in tokens if each), None)
    if token is None:
        raise NotFiled(UNKNOWN, "5.1.1")
    try:
        return links.replied_to(portal, token)
    except NotFound:
        raise NotFiled(UNKNOWN, "5.1.1") from None
    except Erased:
        raise NotFiled(GONE, "5.1.1") from None


def _author(portal: Portal, request: ServiceRequest, incoming: Incoming) -> Actor:
    """Return the applicant, if every address that the mail is from is theirs."""
    known = {str(request.applicant["email"]).lower()}
    name = f"{request.applicant['first_name']} {request.applicant['last_name']}"
    actor = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.EMAIL, id=request.id, name=name)
    if request.citizen_id is not None:
        try:
            person = portal.get(Account, request.citizen_id).person
        except Erased:
            raise NotFiled(GONE, "5.1.1") from None
        known.add(person.email.lower())
        actor = replace(actor, kind=ActorKind.CITIZEN, id=request.citizen_id, name=person.full_name)
    if not incoming.authors or not known.issuperset(incoming.authors):
        raise NotFiled(STRANGER, "5.7.1")
    return actor


def _sorted(enclosed: Sequence[Enclosed]) -> tuple[list[Chosen], list[str]]:
    """Return the files that can be kept, recognised by their bytes, and the names of the others."""
    chosen, lost = [], []
    for each in enclosed:
        media_type = files.nature(each.content[: files.HEAD_BYTES])
        if media_type is None or len(each.content) > MOST_BYTES:
            lost.append(each.name)
        else:
            name = files.cleaned(each.name, media_type)
            chosen.append(Chosen(name=name, media_type=media_type, source=io.BytesIO(each.content)))
    return chosen, lost


def _text(incoming: Incoming, *, kept: int, lost: Sequence[str]) -> str:
    """Return what the message says: the words above the quotation, then the files that were not kept."""
    said = mail.without_quotation(incoming.text)
    if not said and not kept:
        raise NotFiled(NO_SUCH_FILES if lost else EMPTY, "5.6.0")
    named = "\n".join(f"Pièce non conservée\N{NO-BREAK SPACE}: {name}" for name in lost)
    text = "\n\n".join(part for part in (said or "(Message sans texte.)", named) if part)
    if len(text) > TEXT_LIMIT:
        sentence = (
            f"Votre message est trop long\N{NO-BREAK SPACE}: {len(text)} caractères, pour {TEXT_LIMIT} au plus."
        )
        raise NotFiled(sentence, "5.6.0")
    return text
