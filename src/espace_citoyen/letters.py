"""What each mail says and to which address, read from the stream of the request it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.refusals import Forbidden
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal
from espace_citoyen.mail import Letter, compose
from espace_citoyen.outbox import Mail, State, page
from espace_citoyen.store.log import RecordedEvent

APPLICANT = "applicant"


@dataclass(frozen=True)
class Written:
    """A mail as it can be sent: `path` is what `{lien}` in its text stands for, below the portal's address."""

    address: str
    reply_to: str
    letter: Letter
    path: str


@dataclass(frozen=True)
class Listed:
    """A mail of the administrator's list; nothing is left to show of one whose request was erased."""

    mail: Mail
    written: Written | None


def write(portal: Portal, mail: Mail) -> Written | None:
    """Write a mail from its stream, or return None when that was erased."""
    events = portal.stream(mail.stream_id)
    told = next((event for event in events if event.version == mail.version), None)
    if told is None or told.event is None:
        return None
    return WRITERS[mail.template](portal, events, told)


def listed(portal: Portal, *, viewer: Actor, state: State, number: int = 1) -> list[Listed]:
    """Return a page of the outbox with addresses and words; raise Forbidden for all but the administrator."""
    if Role.ADMINISTRATOR not in viewer.roles:
        raise Forbidden("The outbox is the administrator's")
    with portal.connection() as connection:
        mails = page(connection, state, page=number)
    return [Listed(mail, write(portal, mail)) for mail in mails]


def _acknowledgement(portal: Portal, _events: Sequence[RecordedEvent], told: RecordedEvent) -> Written:
    """Send the text that was recorded, word for word."""
    said = told.event
    return Written(
        address=said.recipient,
        reply_to=portal.get(Department, said.department_id).contact.email,
        letter=Letter(said.subject, said.text),
        path=f"/demandes/{said.reference}/historique",
    )


def _new_message(portal: Portal, events: Sequence[RecordedEvent], told: RecordedEvent) -> Written:
    said, applicant = told.event, events[0].event.applicant
    procedure = portal.get(Procedure, said.procedure_id).versions[said.procedure_version]
    letter = compose(
        "new_message",
        applicant=f"{applicant['first_name']} {applicant['last_name']}",
        reference=said.reference,
        title=procedure.title,
        author=said.actor_name,
        capacity=said.actor_capacity,
        text=said.text.strip(),
    )
    return Written(
        address=applicant["email"],
        reply_to=portal.get(Department, said.department_id).contact.email,
        letter=letter,
        path=f"/demandes/{said.reference}/echanges",
    )


Writer = Callable[[Portal, Sequence[RecordedEvent], RecordedEvent], Written]

WRITERS: Mapping[str, Writer] = {"acknowledgement": _acknowledgement, "new_message": _new_message}
"""By template, who writes it."""
