"""A request as a letter needs it: what was said, by whom, about what, and how its applicant is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from espace_citoyen.aggregates.actor import ActorKind
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal
from espace_citoyen.store.log import RecordedEvent

POST = "post"


@dataclass(frozen=True)
class Story:
    """The events of a request up to the one that is told, which is the last of them."""

    portal: Portal
    events: Sequence[RecordedEvent]

    @property
    def said(self) -> Any:
        """What is told."""
        return self.events[-1].event

    @property
    def applicant(self) -> dict[str, str | None]:
        """Whom it is told to, as they gave their coordinates for this request."""
        applicant: dict[str, str | None] = self.events[0].event.applicant
        return applicant

    @property
    def name(self) -> str:
        """The applicant's first and last name."""
        return f"{self.applicant['first_name']} {self.applicant['last_name']}"

    @property
    def by_town(self) -> bool:
        """Whether it is a deed of the town's, not of the applicant's."""
        return bool(self.said.actor_kind == ActorKind.STAFF.value)

    @cached_property
    def department(self) -> Department:
        """Who has the request after what is told."""
        return self.portal.get(Department, self.said.department_id)

    @cached_property
    def title(self) -> str:
        """What is asked for."""
        procedure = self.portal.get(Procedure, self.said.procedure_id)
        return procedure.versions[self.said.procedure_version].title

    def of(self, kind: type[Any]) -> list[Any]:
        """Return the events of a class, in order."""
        return [each.event for each in self.events if each.topic == kind.TOPIC]


def postal_address(applicant: dict[str, str | None]) -> tuple[str, ...]:
    """Return the lines under a name on an envelope; none when a letter would not arrive."""
    street, postcode, town = (str(applicant.get(name) or "").strip() for name in ("address", "postcode", "town"))
    if not (street and town):
        return ()
    return (*street.splitlines(), f"{postcode} {town}".strip())


def is_by_post(applicant: dict[str, str | None]) -> bool:
    """Tell whether somebody is written to on paper: they prefer it, and it would arrive.

    Who prefers the telephone or an SMS gets a mail like the others, until there is a way to send those (P19).
    """
    return applicant.get("preferred_contact") == POST and bool(postal_address(applicant))
