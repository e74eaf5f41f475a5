"""A thing only one may hold: the id is computed from the thing, so the second claim finds the first."""

from datetime import datetime
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.events import Aggregate, Created


class ReferenceClaim(Aggregate):
    """A reference (S46) and the request that bears it; clear, since it names nobody."""

    TOPIC = "reference-claim"

    class Event(Aggregate.Event):
        TOPIC = "reference-claim:event"
        SEALED = False

    class Taken(Event, Created):
        TOPIC = "reference-claim:taken"
        reference: str
        request_id: UUID

    @event(Taken)
    def __init__(self, reference: str, request_id: UUID) -> None:
        self.reference = reference
        self.request_id = request_id

    @classmethod
    def take(cls, *, id: UUID, at: datetime, actor: Actor, reference: str, request_id: UUID) -> Self:  # noqa: A002 - the library's own word
        """Claim `reference` for a request."""
        # The request's own stream says who filed it: the claim must not.
        nobody = Actor(kind=actor.kind, channel=actor.channel)
        return cls._begin(cls.Taken, id=id, at=at, actor=nobody, reference=reference, request_id=request_id)


class UsernameClaim(Aggregate):
    """A username (S03) and the account or member of staff who signs in with it; sealed under its own key."""

    TOPIC = "username-claim"

    class Event(Aggregate.Event):
        TOPIC = "username-claim:event"

    class Taken(Event, Created):
        TOPIC = "username-claim:taken"
        username: str
        holder_kind: str
        holder_id: UUID

    class Erased(Event):
        TOPIC = "username-claim:erased"
        SEALED = False
        reason: str
        visa: str

    @event(Taken)
    def __init__(self, username: str, holder_kind: str, holder_id: UUID) -> None:
        self.username = username
        self.holder_kind = holder_kind
        self.holder_id = holder_id

    @classmethod
    def take(
        cls,
        *,
        id: UUID,  # noqa: A002 - the library's own word
        at: datetime,
        actor: Actor,
        username: str,
        holder: tuple[str, UUID],
    ) -> Self:
        """Claim `username` for a holder, given as kind (`account` or `staff`) and id."""
        kind, holder_id = holder
        return cls._begin(
            cls.Taken, id=id, at=at, actor=actor, username=username, holder_kind=kind, holder_id=holder_id
        )

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """Let the key go with the holder's."""
        check_motive(reason, visa)
        self._record(self.Erased, at=at, actor=actor, reason=reason, visa=visa)
