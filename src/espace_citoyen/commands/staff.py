"""Opening departments and registering those who work for them."""

from datetime import datetime
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile, Erased
from espace_citoyen.aggregates.staff import Contact, Department, StaffMember, StaffProfile
from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import claim_username, password_statement


def open_department(portal: Portal, *, at: datetime, actor: Actor, name: str, contact: Contact) -> UUID:
    """Open a department and return its id; raise Invalid with the fields to correct."""
    department = Department.open(id=uuid4(), at=at, actor=actor, name=name, contact=contact)
    portal.record(department)
    return department.id


def register_staff(
    portal: Portal, *, at: datetime, actor: Actor, username: str, password: str, profile: StaffProfile
) -> UUID:
    """Register somebody who signs in with a username; raise AlreadyTaken, or Invalid with the fields."""
    member_id = uuid4()
    claim = claim_username(portal, at=at, actor=actor, username=username, holder=("staff", member_id))
    member = StaffMember.register(id=member_id, at=at, actor=actor, username_claim=claim.id, profile=profile)
    try:
        portal.record(member, claim, alongside=[password_statement(member.id, password, at)])
    except (ChangedMeanwhile, Erased):
        raise AlreadyTaken("Cet identifiant est déjà pris\N{NO-BREAK SPACE}: choisissez-en un autre.") from None
    return member.id
