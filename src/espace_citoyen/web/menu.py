"""The entries of the menus, in the order of the screen; one whose page does not exist is not shown."""

from collections.abc import Iterator
from dataclasses import dataclass

import flask

from espace_citoyen.aggregates.actor import Actor, ActorKind, Role


@dataclass(frozen=True)
class Entry:
    """A menu entry: where it leads, what it says, and who sees it (all of that door when empty)."""

    endpoint: str
    label: str
    roles: frozenset[Role] = frozenset()

    @property
    def current(self) -> bool:
        """Whether the page being shown is this entry's."""
        return flask.request.endpoint == self.endpoint


AGENTS = frozenset({Role.AGENT, Role.MANAGER})

VISITOR = (
    Entry("public.home", "Accueil"),
    Entry("public.procedures", "Démarches"),
)
CITIZEN = (
    Entry("citizen.home", "Mon accueil"),
    Entry("citizen.requests", "Mes demandes"),
    Entry("citizen.exchanges", "Échanges à lire"),
    Entry("citizen.appointments", "Rendez-vous proches"),
    Entry("public.procedures", "Démarches"),
)
STAFF = (
    Entry("staff.queue", "Demandes à traiter", AGENTS),
    Entry("staff.letters", "Courriers", AGENTS),
    Entry("staff.mails", "Courriels", frozenset({Role.ADMINISTRATOR})),
    Entry("staff.erasures", "Effacements", frozenset({Role.ADMINISTRATOR})),
    Entry("staff.accesses", "Consultations", frozenset({Role.ADMINISTRATOR})),
    Entry("audit.home", "Audit", frozenset({Role.AUDITOR})),
    Entry("audit.accesses", "Consultations", frozenset({Role.AUDITOR})),
)
FOOTER = (
    Entry("public.accessibility", "Accessibilité\N{NO-BREAK SPACE}: non conforme"),
    Entry("public.personal_data", "Données personnelles et cookies"),
)


def main_menu(visitor: Actor | None) -> list[Entry]:
    """The menu of whoever is looking at the page."""
    if visitor is None or visitor.kind is ActorKind.LINK_HOLDER:
        return list(_existing(VISITOR))
    entries = STAFF if visitor.kind is ActorKind.STAFF else CITIZEN
    return [entry for entry in _existing(entries) if not entry.roles or entry.roles & visitor.roles]


def footer_menu() -> list[Entry]:
    """The links at the foot of every page."""
    return list(_existing(FOOTER))


def _existing(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.endpoint in flask.current_app.view_functions)
