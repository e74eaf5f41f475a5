"""What a viewer may read, as parameters for the WHERE of every query (the table « Who may what »)."""

from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role

VISIBLE = (
    "(r.account_id = %(account)s OR r.department_id = ANY(%(departments)s) OR %(every)s"
    " OR (r.request_id = %(link)s AND r.account_id IS NULL))"
)
"""For a query on `request r`: one's own, those of one's departments, that of one's link while it belongs to no
account, or all of them for an auditor."""


def parameters(viewer: Actor) -> dict[str, Any]:
    """Return the parameters of `VISIBLE`, and `readers`: the ids under which things wait for this viewer.

    What is for the applicant waits under the account, or under the request itself while it has none.
    """
    account = viewer.id if viewer.kind is ActorKind.CITIZEN else None
    link = viewer.id if viewer.kind is ActorKind.LINK_HOLDER else None
    departments = _departments(viewer)
    applicant = account or link
    return {
        "account": account,
        "link": link,
        "departments": departments,
        "every": viewer.kind is ActorKind.STAFF and Role.AUDITOR in viewer.roles,
        "readers": departments if applicant is None else [applicant],
    }


def _departments(viewer: Actor) -> list[UUID]:
    return [department for department in sorted(viewer.departments) if viewer.works_for(department)]
