"""The follower that keeps the read model up to date."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.projections import model
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.view import position_of


class Projector:
    """Gives every event to the handlers of the read model."""

    name = "projector"
    gather = 0.0

    def prepare(self, portal: Portal) -> None:
        """Build this version's read model when there is none."""
        model.prepare(portal)

    def position(self, connection: Connection[Any]) -> int:
        """Return the read model's own position."""
        return position_of(connection)

    def apply(self, connection: Connection[Any], events: Sequence[RecordedEvent]) -> int:
        """Project a batch in one transaction."""
        return model.project(connection, events)
