"""What each mail says and to which address, read from the stream of the request it is about."""

from dataclasses import dataclass
from uuid import UUID

from espace_citoyen import links
from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.refusals import Erased, Forbidden, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.letters.mailings import APPLICANT, MAILINGS, UNTOLD, Mailing
from espace_citoyen.letters.story import Story, is_by_post, postal_address
from espace_citoyen.letters.writers import WRITERS, letter
from espace_citoyen.mail import Letter
from espace_citoyen.outbox import Mail, State, find, page

__all__ = [
    "APPLICANT",
    "MAILINGS",
    "UNTOLD",
    "WRITERS",
    "Listed",
    "Mailing",
    "Written",
    "is_by_post",
    "listed",
    "to_be_printed",
    "write",
]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mail as it can be sent: `path` is what `{lien}` in its text stands for, below the portal's address.

    `private` when whoever has that link may act: the applicant alone. `postal` holds the lines of an envelope;
    `answerable` says whether an answer by mail would be an exchange.
    """

    address: str
    reply_to: str
    letter: Letter
    path: str
    private: bool
    answerable: bool
    postal: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A mail of a list; nothing is left to show of one whose request was erased."""

    mail: Mail
    written: Written | None


def write(portal: Portal, mail: Mail) -> Written | None:
    """Write a mail from its stream, or return None when that was erased."""
    events = [each for each in portal.stream(mail.stream_id) if each.version <= mail.version]
    if not events or events[-1].version != mail.version or events[-1].event is None:
        return None
    try:
        request = portal.get(ServiceRequest, mail.stream_id)
    except Erased:  # in between
        return None
    story = Story(portal, events)
    return Written(
        address=str(story.applicant["email"]),
        reply_to=story.department.contact.email,
        letter=letter(story, mail.template),
        path=_path(portal, request, WRITERS[mail.template].tab),
        private=request.citizen_id is None,
        answerable=request.has_exchanges and request.is_open,
        postal=(story.name, *postal_address(story.applicant)),
    )


def _path(portal: Portal, request: ServiceRequest, tab: str) -> str:
    if request.citizen_id is None:
        return f"/suivi/{links.tracking_token(portal, request)}"
    return f"/demandes/{request.reference}/{tab}"


def listed(portal: Portal, *, viewer: Actor, state: State, number: int = 1) -> list[Listed]:
    """Return a page of the outbox with addresses and words; raise Forbidden for all but the administrator."""
    if Role.ADMINISTRATOR not in viewer.roles:
        raise Forbidden("The outbox is the administrator's")
    with portal.connection() as connection:
        mails = page(connection, state, page=number)
    return [Listed(mail, write(portal, mail)) for mail in mails]


def to_be_printed(portal: Portal, *, viewer: Actor, mail_id: UUID) -> Listed:
    """Return a letter for the department that prints it; raise NotFound, Erased, or Forbidden to any other."""
    with portal.connection() as connection:
        mail = find(connection, mail_id)
    if mail is None:
        raise NotFound("No such letter")
    if not viewer.works_for(portal.get(ServiceRequest, mail.stream_id).department_id):
        raise Forbidden("The letters of a department are its own")
    return Listed(mail, write(portal, mail))
