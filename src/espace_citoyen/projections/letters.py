"""Letters that wait to be printed by the departments, those that no mailbox would take included (S45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow, class_row

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import Forbidden
from espace_citoyen.outbox import State
from espace_citoyen.projections import scope

MOST = 200
"""As many letters are listed, the oldest first."""

_WAITING = (
    "SELECT o.mail_id, o.template, o.state, o.queued_at, r.reference, r.applicant_name"
    " FROM plain.outbox o JOIN request r ON r.request_id = o.stream_id"
    " WHERE o.state IN ('to_print', 'failed') AND r.department_id = ANY(%(departments)s)"
    " ORDER BY o.queued_at, o.mail_id LIMIT %(most)s"
)


@dataclass(frozen=True)
class LetterRow:
    """A letter of the list: to whom, about which request; `state` says why it is not a mail."""

    mail_id: UUID
    template: str
    state: str
    queued_at: datetime
    reference: str
    applicant_name: str

    @property
    def came_back(self) -> bool:
        """Whether it was a mail that no mailbox took."""
        return self.state == State.FAILED.value


def waiting(connection: Connection[DictRow], *, viewer: Actor) -> Sequence[LetterRow]:
    """Return the letters of the viewer's departments; raise Forbidden for whoever has none."""
    given = scope.parameters(viewer)
    if not given["departments"]:
        raise Forbidden("Letters are printed by departments")
    with connection.cursor(row_factory=class_row(LetterRow)) as cursor:
        return cursor.execute(_WAITING, given | {"most": MOST}).fetchall()
