"""The town hall's departments and the people who work for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.erasures import check_motive
from espace_citoyen.aggregates.events import Aggregate, Created
from espace_citoyen.aggregates.refusals import Invalid


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How a department is reached: what an acknowledgement must give (CRPA R112-11-1)."""

    address: str
    email: str
    telephone: str


class Department(Aggregate):
    """A service of the town (état civil…) that requests are addressed to."""

    TOPIC = "department"

    class Event(Aggregate.Event):
        TOPIC = "department:event"
        SEALED = False

    class Opened(Event, Created):
        TOPIC = "department:opened"
        name: str
        address: str
        email: str
        telephone: str

    @event(Opened)
    def __init__(self, name: str, address: str, email: str, telephone: str) -> None:
        self.name = name
        self.contact = Contact(address=address, email=email, telephone=telephone)

    @classmethod
    def open(cls, *, id: UUID, at: datetime, actor: Actor, name: str, contact: Contact) -> Self:  # noqa: A002 - the library's own word
        """Open a department; refuses one without a name, telephone, or any address."""
        if not name.strip():
            raise Invalid("A department needs a name", {"name": ["Donnez un nom au service."]})
        if not contact.telephone.strip() or not (contact.address.strip() or contact.email.strip()):
            raise Invalid(
                "An acknowledgement must give a telephone and an address",
                {"telephone": ["Donnez le téléphone du service, et son adresse postale ou électronique."]},
            )
        return cls._begin(cls.Opened, id=id, at=at, actor=actor, name=name.strip(), **vars(contact))


@dataclass(frozen=True, kw_only=True)
class StaffProfile:
    """Somebody's name and capacity as on correspondence (CRPA L111-2), and what they may do for whom."""

    name: str
    capacity: str
    email: str
    departments: frozenset[UUID]
    roles: frozenset[Role]

    def check(self) -> None:
        """Refuse, beside the field, a profile without name or role, and an agent without department."""
        if not self.name.strip():
            raise Invalid("A member of staff needs a name", {"name": ["Donnez un nom."]})
        if not self.roles:
            raise Invalid("A member of staff needs a role", {"roles": ["Choisissez au moins un rôle."]})
        if {Role.AGENT, Role.MANAGER} & self.roles and not self.departments:
            raise Invalid("An agent works for a department", {"departments": ["Choisissez au moins un service."]})


class StaffMember(Aggregate):
    """Somebody who works for the town, in a capacity, for some departments, with some roles."""

    TOPIC = "staff"

    class Event(Aggregate.Event):
        TOPIC = "staff:event"

    class Registered(Event, Created):
        TOPIC = "staff:registered"
        username_claim: UUID
        name: str
        capacity: str
        email: str
        departments: list[UUID]
        roles: list[str]

    class Erased(Event):
        TOPIC = "staff:erased"
        SEALED = False
        reason: str
        visa: str

    @event(Registered)
    def __init__(
        self,
        username_claim: UUID,
        name: str,
        capacity: str,
        email: str,
        departments: list[UUID],
        roles: list[str],
    ) -> None:
        self.username_claim = username_claim
        self.profile = StaffProfile(
            name=name,
            capacity=capacity,
            email=email,
            departments=frozenset(departments),
            roles=frozenset(Role(role) for role in roles),
        )

    @event(Erased)
    def _erase(self) -> None:
        pass

    @classmethod
    def register(
        cls,
        *,
        id: UUID,  # noqa: A002 - the library's own word
        at: datetime,
        actor: Actor,
        username_claim: UUID,
        profile: StaffProfile,
    ) -> Self:
        """Register somebody; refuses a nameless one, one without role, an agent without department."""
        profile.check()
        return cls._begin(
            cls.Registered,
            id=id,
            at=at,
            actor=actor,
            username_claim=username_claim,
            name=profile.name.strip(),
            capacity=profile.capacity.strip(),
            email=profile.email.strip(),
            departments=sorted(profile.departments),
            roles=sorted(role.value for role in profile.roles),
        )

    def erase(self, *, at: datetime, actor: Actor, reason: str, visa: str) -> None:
        """Forget somebody who left: what they signed keeps their name. Refuses a motive that is no code."""
        check_motive(reason, visa)
        self._record(self.Erased, at=at, actor=actor, reason=reason, visa=visa)
