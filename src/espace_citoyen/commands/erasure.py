"""Erasing a request, an account or a member of staff for good, and doing it again after a backup was restored."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.actor import SYSTEM, Actor
from espace_citoyen.aggregates.claims import UsernameClaim
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import StaffMember
from espace_citoyen.application import Portal, decide_again
from espace_citoyen.store.erasure import Erasure, Register, key_deletion

KINDS: dict[str, type[ServiceRequest] | type[Account] | type[StaffMember]] = {
    ServiceRequest.TOPIC: ServiceRequest,
    Account.TOPIC: Account,
    StaffMember.TOPIC: StaffMember,
}
"""What can be erased by visa, by the word of the register."""


@decide_again()
def erase(portal: Portal, *, actor: Actor, register: Register, erasure: Erasure) -> int:
    """Register an erasure, then record it and delete the key in one transaction; return the position.

    Raise NotFound when there is no such stream, Erased when it is done already.
    """
    subject = portal.get(KINDS[erasure.kind], erasure.stream_id)
    subject.erase(at=erasure.at, actor=actor, reason=erasure.reason, visa=erasure.visa)
    if erasure not in register:
        register.add(erasure)
    if isinstance(subject, Account | StaffMember):
        claim = portal.get(UsernameClaim, subject.username_claim)
        claim.erase(at=erasure.at, actor=actor, reason=erasure.reason, visa=erasure.visa)
        return portal.record(subject, claim, alongside=[key_deletion(subject.id), key_deletion(claim.id)])
    return portal.record(subject, alongside=[key_deletion(subject.id)])


def planned(*, at: datetime, actor: Actor, kind: str, stream_id: UUID, motive: tuple[str, str]) -> Erasure:
    """Return the line to be registered; `motive` is the reason's code and the reference of the visa."""
    reason, visa = motive
    return Erasure(stream_id=stream_id, kind=kind, at=at, reason=reason, visa=visa, by=actor.name)


def replay(portal: Portal, *, register: Register) -> int:
    """Erase again what a restored backup brought back; return how many streams that was."""
    done = 0
    for erasure in register:
        try:
            erase(portal, actor=SYSTEM, register=register, erasure=erasure)
        except (Erased, NotFound):
            continue
        done += 1
    return done
