"""The queue of an agent's departments: sorted and turned through its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.projections import requests
from espace_citoyen.web import context, pages, wording
from espace_citoyen.web.staff import blueprint

COLUMNS: Mapping[str, tuple[str, str]] = {
    "reference": ("reference", "Référence"),
    "demarche": ("procedure", "Démarche"),
    "demandeur": ("applicant", "Demandeur"),
    "etat": ("status", "État"),
    "depot": ("submitted_at", "Déposée"),
    "message": ("last_message_at", "Dernier message"),
}
"""The columns by their name in the address: what they sort by, what they say."""
DESK = frozenset({Role.AGENT, Role.MANAGER})
SIZE = 50


@dataclass(frozen=True, kw_only=True)
class View:
    """What the address says of the queue; nonsense in it is the first page, oldest request first."""

    column: str = "depot"
    descending: bool = False
    page: int = 1

    def address(self, **changes: Any) -> str:
        """The address of the same queue looked at otherwise."""
        said = vars(self) | changes
        order = "decroissant" if said["descending"] else "croissant"
        return flask.url_for("staff.queue", tri=said["column"], ordre=order, page=said["page"])

    def headings(self) -> list[dict[str, Any]]:
        """The columns, each with the address that sorts by it, the other way round when it already does."""
        return [
            {
                "label": label,
                "href": self.address(column=name, descending=name == self.column and not self.descending, page=1),
                "sort": self._sort(name),
            }
            for name, (_, label) in COLUMNS.items()
        ]

    def _sort(self, name: str) -> str | None:
        if name != self.column:
            return None
        return "descending" if self.descending else "ascending"


@blueprint.get("/agents/", endpoint="queue")
def queue_page() -> ResponseReturnValue:
    """Demandes à traiter; an administrator who is no agent has mails to look after instead."""
    viewer, view = context.actor(), _view()
    if not viewer.roles & DESK:
        return flask.render_template("staff/queue/elsewhere.html", actor=viewer)
    sort = COLUMNS[view.column][0]
    with context.portal().connection() as connection:
        found = requests.queue(
            connection, viewer=viewer, sort=sort, descending=view.descending, page=view.page, size=SIZE
        )
    rows = [(row, wording.age(row.submitted_at, context.now())) for row in found.rows]
    turning = pages.pagination(view.page, ceil(found.total / SIZE), lambda page: view.address(page=page))
    return flask.render_template("staff/queue/queue.html", rows=rows, total=found.total, view=view, pages=turning)


def _view() -> View:
    asked = flask.request.args
    column = asked.get("tri", "")
    return View(
        column=column if column in COLUMNS else "depot",
        descending=asked.get("ordre") == "decroissant",
        page=pages.asked(),
    )
