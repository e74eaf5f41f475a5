"""Erasing a request, an account or a member of staff for good, and doing it again after a backup was restored."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel, Role
from espace_citoyen.aggregates.appointments import Slot
from espace_citoyen.aggregates.claims import UsernameClaim
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.refusals import Erased, Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import StaffMember
from espace_citoyen.application import Portal, decide_again
from espace_citoyen.commands.requests.appointments import free_slot
from espace_citoyen.labels import STREAM
from espace_citoyen.store.erasure import Erasure, Register, key_deletion
from espace_citoyen.store.orders import Order, give

KINDS: dict[str, type[ServiceRequest] | type[Account] | type[StaffMember]] = {
    ServiceRequest.TOPIC: ServiceRequest,
    Account.TOPIC: Account,
    StaffMember.TOPIC: StaffMember,
}
"""What can be erased by visa, by the word of the register."""


@decide_again()
def erase(portal: Portal, *, actor: Actor, register: Register, erasure: Erasure) -> int:
    """Register an erasure, then record it and delete the key in one transaction; return the position.

    The appointment to come of a request leaves its place free. Raise NotFound when there is no such stream, Erased
    when it is done already.
    """
    subject = portal.get(KINDS[erasure.kind], erasure.stream_id)
    subject.erase(at=erasure.at, actor=actor, reason=erasure.reason, visa=erasure.visa)
    if erasure not in register:
        register.add(erasure)
    if isinstance(subject, ServiceRequest):
        freed = _free_slot(portal, subject, at=erasure.at, actor=actor)
        return portal.record(subject, *freed, alongside=[key_deletion(subject.id)])
    claim = portal.get(UsernameClaim, subject.username_claim)
    claim.erase(at=erasure.at, actor=actor, reason=erasure.reason, visa=erasure.visa)
    return portal.record(subject, claim, alongside=[key_deletion(subject.id), key_deletion(claim.id)])


def _free_slot(portal: Portal, request: ServiceRequest, *, at: datetime, actor: Actor) -> list[Slot]:
    """Return the place that the request had for later, given back."""
    upcoming = request.upcoming(at)
    return [] if upcoming is None else [free_slot(portal, request, upcoming, at=at, actor=actor)]


def order_erasure(
    portal: Portal, *, at: datetime, actor: Actor, order_id: UUID, stream_id: UUID, motive: tuple[str, str]
) -> None:
    """Order an erasure, which the worker carries out; `order_id` makes a repeat no news.

    Refuses whoever is no administrator, an ill-formed motive and what is not erased by visa; raise NotFound when
    there is no such stream, Erased when it is done already.
    """
    if Role.ADMINISTRATOR not in actor.roles or actor.id is None:
        raise Forbidden("Only an administrator may")
    reason, visa = motive
    check_motive(reason, visa)
    order = Order(
        order_id=order_id,
        stream_id=stream_id,
        kind=kind_of(portal, stream_id),
        reason=reason,
        visa=visa,
        by_id=actor.id,
        by_name=actor.name,
        by_capacity=actor.capacity,
        ordered_at=at,
    )
    with portal.connection() as connection:
        give(connection, order)


def carry_out(portal: Portal, *, register: Register, order: Order) -> None:
    """Erase what was ordered, in the name of who gave the order; what is erased already is no news."""
    by = Actor(
        kind=ActorKind.STAFF,
        channel=Channel.WEB,
        id=order.by_id,
        name=order.by_name,
        capacity=order.by_capacity,
    )
    motive = (order.reason, order.visa)
    line = planned(at=order.ordered_at, actor=by, kind=order.kind, stream_id=order.stream_id, motive=motive)
    with suppress(Erased):
        erase(portal, actor=by, register=register, erasure=line)


def kind_of(portal: Portal, stream_id: UUID) -> str:
    """Return the word of the register for a stream; raise NotFound, Erased, or Invalid when no visa erases it."""
    events = portal.stream(stream_id)
    if not events:
        raise NotFound(f"No stream {stream_id}")
    kind = events[0].topic.partition(":")[0]
    if kind not in KINDS:
        said = f"Un dossier «\N{NO-BREAK SPACE}{STREAM[kind]}\N{NO-BREAK SPACE}» ne s’efface pas."
        raise Invalid("Not personal", {"reference": [said]})
    if events[0].event is None:
        raise Erased(f"The key of {stream_id} is gone")
    return kind


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
