"""Every reading of a request by the town's people goes to the access log, before anything is shown (P15)."""

from datetime import datetime
from uuid import UUID

import flask
import psycopg
import structlog

from espace_citoyen.aggregates.actor import ActorKind
from espace_citoyen.store import access_log
from espace_citoyen.store.access_log import Access
from espace_citoyen.web import context

log = structlog.get_logger()

FILE, EXPORT, EVENTS = "fichier", "export", "evenements"
"""What is read besides the tabs, which are called by their address."""


def note(request_id: UUID, *, what: str = "", file_id: UUID | None = None, as_of: datetime | None = None) -> None:
    """Log that the visitor reads a request; a citizen's own reading is nobody's business.

    `what` is the tab of the address when nothing else is said, else the page's own name. Twice the same on one
    page is one reading. Ends the page with 503 when the log cannot be written: nothing is read unlogged; and
    when a browser asks ahead of its user (`Sec-Purpose: prefetch`), who may never look.
    """
    actor = context.actor()
    if actor.kind is not ActorKind.STAFF or actor.id is None or flask.request.method == "HEAD":
        return
    if "prefetch" in flask.request.headers.get("Sec-Purpose", ""):
        flask.abort(503)
    access = Access(
        at=context.now(),
        viewer_id=actor.id,
        capacity=actor.capacity,
        door=flask.request.blueprint or "",
        request_id=request_id,
        what=what or _this_page(),
        file_id=file_id,
        as_of=as_of,
    )
    noted: set[Access] = flask.g.setdefault("accesses", set())
    if access not in noted:
        _append(access)
        noted.add(access)


def _this_page() -> str:
    tab: str | None = (flask.request.view_args or {}).get("tab")
    return tab or (flask.request.endpoint or "").rpartition(".")[2]


def _append(access: Access) -> None:
    try:
        with context.portal().connection() as connection:
            access_log.append(connection, access)
    except psycopg.Error as error:
        log.error("access not logged, page refused", error=type(error).__name__)  # noqa: TRY400 - its text may quote
        flask.abort(503)
