"""Who acts, in which capacity and through which channel: the first half of every event's envelope."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """Which side of the counter someone stands on."""

    CITIZEN = "citizen"
    LINK_HOLDER = "link_holder"
    STAFF = "staff"
    SYSTEM = "system"
    API = "api"


class Channel(StrEnum):
    """How an act reached the town hall."""

    WEB = "web"
    COUNTER = "counter"
    TELEPHONE = "telephone"
    POST = "post"
    EMAIL = "email"
    API = "api"
    SYSTEM = "system"


class Role(StrEnum):
    """What a member of staff may be trusted with (one person may hold several)."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    AUDITOR = "auditor"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person or process behind a command.

    `name` and `capacity` are as shown on correspondence (CRPA L111-2); `departments` are those an agent
    works for; `on_behalf_of` names the person an agent acts for at the counter.
    """

    kind: ActorKind
    channel: Channel
    id: UUID | None = None
    name: str = ""
    capacity: str = ""
    departments: frozenset[UUID] = field(default_factory=frozenset)
    roles: frozenset[Role] = field(default_factory=frozenset)
    on_behalf_of: str | None = None

    @property
    def is_citizen_side(self) -> bool:
        """Whether this actor speaks for the applicant rather than for the town."""
        return self.kind in (ActorKind.CITIZEN, ActorKind.LINK_HOLDER)

    @property
    def speaks_for_applicant(self) -> bool:
        """Whether the act is the applicant's: their own, or an agent's who acts for them at the counter."""
        return self.is_citizen_side or (self.kind is ActorKind.STAFF and self.on_behalf_of is not None)

    def works_for(self, department_id: UUID) -> bool:
        """Whether this actor is an agent or manager of that department."""
        return (
            self.kind is ActorKind.STAFF
            and bool(self.roles & {Role.AGENT, Role.MANAGER})
            and department_id in self.departments
        )


SYSTEM = Actor(kind=ActorKind.SYSTEM, channel=Channel.SYSTEM, name="Espace citoyen")
