"""Filing a request, with or without an account; finding it by its reference; linking it to an account."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from espace_citoyen import dates
from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind
from espace_citoyen.aggregates.claims import ReferenceClaim
from espace_citoyen.aggregates.procedures import Answer, Procedure, ProcedureVersion
from espace_citoyen.aggregates.references import new_reference
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import Deposit, ServiceRequest
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal, decide_again
from espace_citoyen.mail import compose


@dataclass(frozen=True)
class Filing:
    """What a person filled in: the procedure's version seen, their coordinates, their answers."""

    request_id: UUID
    procedure_id: UUID
    procedure_version: int
    applicant: Person
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Deposited:
    """A request as filed: its reference, and the position to wait for."""

    request_id: UUID
    reference: str
    position: int


@decide_again()
def deposit_request(portal: Portal, *, at: datetime, actor: Actor, filing: Filing) -> Deposited:
    """File a request and its acknowledgement in one save (CRPA L112-11); filing it twice is filing it once.

    Raise Invalid with the fields to correct, ChangedMeanwhile when another version was published since,
    Forbidden for anyone but a citizen with an account, or (`LINK_HOLDER` under the request's id) without one where
    the procedure needs none.
    """
    if not actor.is_citizen_side or (actor.kind is ActorKind.LINK_HOLDER and actor.id != filing.request_id):
        raise Forbidden("Only a citizen files")
    if already := _deposited(portal, filing, actor):
        return already
    procedure = portal.get(Procedure, filing.procedure_id)
    version = procedure.current
    if version.number != filing.procedure_version:
        raise ChangedMeanwhile("A new version of the form was published")
    if version.account_required and actor.kind is not ActorKind.CITIZEN:
        raise Forbidden("This procedure is filed from an account")
    reference = new_reference()
    request = ServiceRequest.submit(
        id=filing.request_id, at=at, actor=actor, deposit=_deposit(reference, procedure.id, version, filing)
    )
    _acknowledge(portal, request, at=at, title=version.title, applicant=filing.applicant)
    claim = ReferenceClaim.take(
        id=portal.keys.claim_id("reference", reference),
        at=at,
        actor=actor,
        reference=reference,
        request_id=request.id,
    )
    return Deposited(request.id, reference, portal.record(request, claim))


@decide_again()
def link_to_account(portal: Portal, *, at: datetime, actor: Actor, holder: Actor, request_id: UUID) -> int:
    """Give a request filed without account to the account of `actor`, who holds its link, and return the position.

    Raise AlreadyTaken when another account has it, Forbidden when `holder` is not of that link.
    """
    request = portal.get(ServiceRequest, request_id)
    request.link_to_account(at=at, actor=actor, holder=holder)
    return portal.record(request)


def find_request(portal: Portal, reference: str) -> UUID:
    """Return the id of the request that bears a reference, asked of the log itself; raise NotFound."""
    claim = portal.get(ReferenceClaim, portal.keys.claim_id("reference", reference))
    return claim.request_id


def _deposited(portal: Portal, filing: Filing, actor: Actor) -> Deposited | None:
    """Return what was filed from this form already; refuse to take other answers for a repeat of it."""
    try:
        request = portal.get(ServiceRequest, filing.request_id)
    except NotFound:
        return None
    if not request.concerns(actor):
        raise Forbidden("This request is somebody else's")
    if (request.applicant, _given(request.answers)) != (asdict(filing.applicant), _given(filing.answers)):
        said = f"Une demande est déjà partie de cette page, sous la référence {request.reference}."
        raise Invalid("Filed with other answers", {"": [f"{said} Pour en déposer une autre, validez de nouveau."]})
    return Deposited(request.id, request.reference, portal.position())


def _given(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: answer for name, answer in answers.items() if answer not in (None, "", False)}


def _deposit(reference: str, procedure_id: UUID, version: ProcedureVersion, filing: Filing) -> Deposit:
    return Deposit(
        reference=reference,
        procedure_id=procedure_id,
        procedure_version=version.number,
        department_id=version.department_id,
        exchanges=version.exchanges,
        appointments=version.appointments,
        agenda_id=version.agenda_id,
        applicant=filing.applicant,
        answers=version.check(filing.answers),
    )


def _acknowledge(portal: Portal, request: ServiceRequest, *, at: datetime, title: str, applicant: Person) -> None:
    department = portal.get(Department, request.department_id)
    letter = compose(
        "acknowledgement",
        applicant=applicant.full_name,
        reference=request.reference,
        title=title,
        received_on=dates.day(request.received_on),
        department=department.name,
        **vars(department.contact),
    )
    request.acknowledge(at=at, actor=SYSTEM, recipient=applicant.email, subject=letter.subject, text=letter.text)
