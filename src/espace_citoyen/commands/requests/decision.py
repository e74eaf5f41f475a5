"""Deciding on a request, by word or by silence, and opening it again."""

from datetime import date, datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import SYSTEM, Actor
from espace_citoyen.aggregates.requests import Decision, ServiceRequest, Status
from espace_citoyen.application import Portal, decide_again


@decide_again()
def decide(
    portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, decision: Decision, seen: int | None = None
) -> int:
    """Decide on a request and return the position; the decision's id makes a repeat no news.

    Raise ChangedMeanwhile when another operation came after the version `seen`: nobody decides on what they have
    not read.
    """
    request = portal.get(ServiceRequest, request_id)
    request.decide(at=at, actor=actor, decision=decision, seen=seen)
    return portal.record(request)


@decide_again()
def settle_by_silence(
    portal: Portal, *, at: datetime, request_id: UUID, decision_id: UUID, outcome: Status, effective_on: date
) -> int:
    """Record what the town's silence decided on a day, and return the position; a decided request is no news."""
    request = portal.get(ServiceRequest, request_id)
    request.settle_by_silence(
        at=at, actor=SYSTEM, decision_id=decision_id, outcome=outcome, effective_on=effective_on
    )
    return portal.record(request)


@decide_again()
def reopen(
    portal: Portal, *, at: datetime, actor: Actor, request_id: UUID, reasons: str, seen: int | None = None
) -> int:
    """Open a decided request again and return the position."""
    request = portal.get(ServiceRequest, request_id)
    request.reopen(at=at, actor=actor, reasons=reasons, seen=seen)
    return portal.record(request)
