"""What a viewer may read, as parameters for the WHERE of every query (the table « Who may what »)."""

from typing import Any
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role

VISIBLE = "(r.account_id = %(account)s OR r.department_id = ANY(%(departments)s) OR %(every)s)"
"""For a query on `request r`: one's own, those of one's departments, or all of them for an auditor."""


def parameters(viewer: Actor) -> dict[str, Any]:
    """Return the parameters of `VISIBLE`, and `readers`: the ids under which messages wait for this viewer."""
    account = viewer.id if viewer.kind is ActorKind.CITIZEN else None
    departments = _departments(viewer)
    return {
        "account": account,
        "departments": departments,
        "every": viewer.kind is ActorKind.STAFF and Role.AUDITOR in viewer.roles,
        "readers": departments if account is None else [account],
    }


def _departments(viewer: Actor) -> list[UUID]:
    return [department for department in sorted(viewer.departments) if viewer.works_for(department)]
