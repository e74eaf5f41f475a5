"""What the tests of answers by mail share: where they come in, and mails as people's programs make them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from uuid import UUID, uuid4

from espace_citoyen import links, mail
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.requests import Side
from espace_citoyen.application import Portal
from espace_citoyen.commands import procedures, requests
from espace_citoyen.commands.replies import Arrived, Mailroom, file_mail
from espace_citoyen.commands.requests import Deposited, Filing
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import Message
from people import CAMILLE_PERSON, SYSTEM, Town, birth_certificate
from worker.posting import CAMILLE_AT

REPLIES = "reponse@demandes.exemple.fr"
PDF = b"%PDF-1.7\n% an act of birth\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0 a photograph"
QUOTED = f"""

Le lun. 2 mars 2026 à 10:00, Espace citoyen <ne-pas-repondre@espace.exemple.fr> a écrit :

> {mail.MARKER}
>
> Bonjour Camille Rousseau,
> venez lundi.
"""


@dataclass
class Answering:
    """A room where answers come in, and the requests that they are about."""

    town: Town
    room: Mailroom

    @property
    def portal(self) -> Portal:
        return self.town.portal

    def address(self, request_id: UUID) -> str:
        return mail.below(REPLIES, links.reply_token(self.portal, request_id))

    def files(self, content: bytes | EmailMessage, *recipients: str, return_path: str | None = None) -> int | None:
        """Hand over a mail as the town's mail server does."""
        whole = bytes(content) if isinstance(content, EmailMessage) else content
        arrived = Arrived(whole, recipients=recipients, return_path=return_path)
        return file_mail(self.portal, at=self.town.at, room=self.room, arrived=arrived)

    def messages(self, request_id: UUID) -> list[Message]:
        """The messages of a request as the town sees them."""
        return tabs.exchanges(self.portal.stream(request_id), side=Side.TOWN)


def room(folder: Path) -> Mailroom:
    return Mailroom(address=REPLIES, host="espace.exemple.fr", files_root=folder / "files")


def mail_of(
    to: str,
    text: str = "Bonjour,\n\nje viendrai lundi." + QUOTED,
    *,
    sender: str = f"Camille Rousseau <{CAMILLE_AT}>",
    files: Sequence[tuple[str, str, bytes]] = (),
) -> EmailMessage:
    """A mail as a person's program makes it; files are (name, type, bytes)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Re: votre demande"
    made["Message-ID"] = make_msgid(domain="exemple.fr")
    made.set_content(text)
    for name, kind, content in files:
        maintype, _, subtype = kind.partition("/")
        made.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return made


def files_without_account(town: Town) -> Deposited:
    """Somebody files a request without signing in, under Camille's name."""
    version = replace(birth_certificate(town.civil), account_required=False)
    procedure = procedures.open_procedure(
        town.portal, at=town.at, actor=SYSTEM, slug="sans-compte", version=version
    )
    request_id = uuid4()
    holder = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_id, name=CAMILLE_PERSON.full_name)
    applicant = replace(CAMILLE_PERSON, email=CAMILLE_AT)
    filing = Filing(request_id, procedure, 1, applicant, {"nom": "Rousseau"})
    return requests.deposit_request(town.portal, at=town.at, actor=holder, filing=filing)


def prefers_the_post(town: Town, **changed: str) -> UUID:
    """Camille files a request, and wants to be written to on paper."""
    coordinates = {"address": "3, rue du Lavoir", "postcode": "69999", "town": "Valombre"} | changed
    applicant = replace(CAMILLE_PERSON, **(coordinates | {"email": CAMILLE_AT, "preferred_contact": "post"}))
    filing = Filing(uuid4(), town.birth_certificate, 1, applicant, {"nom": "Rousseau"})
    return requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=filing).request_id
