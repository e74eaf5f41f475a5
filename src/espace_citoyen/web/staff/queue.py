"""The queue of an agent's departments: sorted and turned through its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.projections import requests
from espace_citoyen.web import context, wording
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
    with context.portal().connection() as connection:
        found = requests.queue(
            connection, viewer=viewer, sort=COLUMNS[view.column][0], descending=view.descending, page=view.page
        )
    ages = [wording.age(row.submitted_at, context.now()) for row in found.rows]
    return flask.render_template(
        "staff/queue/queue.html",
        rows=list(zip(found.rows, ages, strict=True)),
        total=found.total,
        view=view,
        pages=_pages(view, found.total),
    )


def _view() -> View:
    asked = flask.request.args
    column, page = asked.get("tri", ""), asked.get("page", "1")
    return View(
        column=column if column in COLUMNS else "depot",
        descending=asked.get("ordre") == "decroissant",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


def _pages(view: View, total: int) -> dict[str, Any]:
    """What the pagination needs; nothing when one page holds all."""
    last = ceil(total / SIZE)
    if last < 2:
        return {}
    near = sorted({1, last, *range(max(1, view.page - 1), min(last, view.page + 1) + 1)})
    pages: dict[str, Any] = {"landmarkLabel": "Pages de la liste", "items": _numbers(view, near)}
    if 1 < view.page <= last:
        pages["previous"] = {"href": view.address(page=view.page - 1), "text": "Précédente"}
    if view.page < last:
        pages["next"] = {"href": view.address(page=view.page + 1), "text": "Suivante"}
    return pages


def _numbers(view: View, near: list[int]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append(
            {
                "number": str(number),
                "href": view.address(page=number),
                "current": number == view.page,
                "visuallyHiddenText": f"Page {number}",
            }
        )
    return items
