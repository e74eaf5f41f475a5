"""The queue of an agent's departments: filtered, sorted and turned through its address; and what was put away."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.deadlines import paris_day
from espace_citoyen.projections import requests
from espace_citoyen.web import context, forms, lookup, pages, wording
from espace_citoyen.web.schemas.requests import Lookup
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
STATES: Mapping[str, tuple[str, str]] = {
    "deposees": ("submitted", "Déposées"),
    "en-instruction": ("under_review", "En instruction"),
    "a-completer": ("correction_requested", "À compléter"),
    "acceptees": ("accepted", "Acceptées"),
    "refusees": ("refused", "Refusées"),
    "classees": ("closed_without_action", "Classées sans suite"),
}
"""The states of what is not put away, by their name in the address."""
ALL, MINE, ARCHIVES = "Toutes", "Mes demandes", "Archivées"
DESK = frozenset({Role.AGENT, Role.MANAGER})
SIZE = 25
UNKNOWN = "Aucune demande de vos services ne porte cette référence. Vérifiez-la, un caractère peut être faux."
ERASED = "Cette demande a été effacée."


@dataclass(frozen=True, kw_only=True)
class View:
    """What the address says of the queue; nonsense in it is the first page, oldest request first."""

    column: str = "depot"
    descending: bool = False
    page: int = 1
    state: str | None = None
    mine: bool = False
    mark: requests.Mark | None = None

    def address(self, **changes: Any) -> str:
        """The address of the same queue looked at otherwise; `mark` is only good for another page of the same."""
        said = vars(self) | {"mark": None} | changes
        asked = {
            "etat": said["state"],
            "qui": "moi" if said["mine"] else None,
            "tri": said["column"],
            "ordre": "decroissant" if said["descending"] else "croissant",
            "page": said["page"],
            "repere": said["mark"],
        }
        words = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
        return f"{flask.url_for('staff.queue')}?{words}"  # twenty a page: our own words, with nothing to quote

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

    def lists(self) -> list[dict[str, Any]]:
        """Everything, one's own, and the archives."""
        return _lists(
            self.address(mine=False, page=1), self.address(mine=True, page=1), MINE if self.mine else ALL
        )

    def states(self, counts: Mapping[str, int]) -> list[dict[str, Any]]:
        """The filters by state, with how many requests the departments have in each."""
        every = {
            "label": "Tous les états",
            "href": self.address(state=None, page=1),
            "current": self.state is None,
        }
        filters = [
            {
                "label": label,
                "href": self.address(state=name, page=1),
                "current": name == self.state,
                "count": None if self.mine else counts.get(status, 0),
            }
            for name, (status, label) in STATES.items()
        ]
        return [every | {"count": None}, *filters]

    def _sort(self, name: str) -> str | None:
        if name != self.column:
            return None
        return "descending" if self.descending else "ascending"


@blueprint.get("/agents/", endpoint="queue")
def queue_page() -> ResponseReturnValue:
    """Demandes à traiter; an administrator who is no agent has mails to look after instead."""
    if not context.actor().roles & DESK:
        return flask.render_template("staff/queue/elsewhere.html", actor=context.actor())
    if typed := flask.request.args.get("reference", "").strip():
        return _open(typed)
    return _draw(_blank())


@blueprint.get("/agents/archives", endpoint="archives")
def archives_page() -> str:
    """The archives of one's departments, the last put away first."""
    viewer, number, mark = context.actor(), pages.asked(), _mark()
    if not viewer.roles & DESK:
        raise NotFound("No agent")
    with context.portal().connection() as connection:
        found = requests.archive(connection, viewer=viewer, page=number, size=SIZE, mark=mark)
    turning = pages.pagination(number, ceil(found.total / SIZE), lambda page: _archives(page, found.mark))
    lists = _lists(flask.url_for("staff.queue"), flask.url_for("staff.queue", qui="moi"), ARCHIVES)
    shown = {"rows": found.rows, "total": found.total, "pages": turning, "lists": lists, "first": _archives()}
    return flask.render_template("staff/queue/archives.html", **shown)


def _open(typed: str) -> ResponseReturnValue:
    """Lead to the request of a reference, as said on the telephone."""
    form = forms.Form(schema=Lookup(), typed={"reference": typed})
    try:
        row = lookup.find(typed)
    except NotFound:
        return _draw(form.with_error(UNKNOWN, "reference")), 404
    except Erased:
        return _draw(form.with_error(ERASED, "reference")), 410
    return flask.redirect(flask.url_for("staff.request_tab", reference=row.reference, tab="historique"), 303)


def _draw(form: forms.Form) -> str:
    viewer, view = context.actor(), _view()
    with context.portal().connection() as connection:
        found = requests.queue(
            connection,
            viewer=viewer,
            sort=COLUMNS[view.column][0],
            descending=view.descending,
            page=view.page,
            size=SIZE,
            state=STATES[view.state][0] if view.state else None,
            assigned_to=viewer.id if view.mine else None,
            mark=view.mark,
        )
    rows = [(row, wording.age(row.submitted_at, context.now())) for row in found.rows]
    last = ceil(found.total / SIZE)
    turning = pages.pagination(view.page, last, lambda page: view.address(page=page, mark=found.mark))
    filters = {"today": paris_day(context.now()), "lists": view.lists(), "states": view.states(found.by_state)}
    return flask.render_template(
        "staff/queue/queue.html", rows=rows, total=found.total, view=view, pages=turning, form=form, **filters
    )


def _view() -> View:
    asked = flask.request.args
    column, state = asked.get("tri", ""), asked.get("etat", "")
    return View(
        column=column if column in COLUMNS else "depot",
        descending=asked.get("ordre") == "decroissant",
        page=pages.asked(),
        state=state if state in STATES else None,
        mine=asked.get("qui") == "moi",
        mark=_mark(),
    )


def _mark() -> requests.Mark | None:
    """The place on the page one comes from, from which another page is found however far it is."""
    return requests.Mark.parse(flask.request.args.get("repere", ""))


def _blank() -> forms.Form:
    return forms.Form(schema=Lookup())


def _archives(page: int | None = None, mark: requests.Mark | None = None) -> str:
    return flask.url_for("staff.archives", page=page, repere=mark)


def _lists(every: str, mine: str, current: str) -> list[dict[str, Any]]:
    hrefs = {ALL: every, MINE: mine, ARCHIVES: _archives()}
    return [{"label": label, "href": href, "current": label == current} for label, href in hrefs.items()]
