"""`migrate` and `demo`: a database brought to this version, and the invented town put into an empty one."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from espace_citoyen import files, reactions
from espace_citoyen.application import Portal
from espace_citoyen.config import ConfigurationError, Settings
from espace_citoyen.demo import invent, is_empty
from espace_citoyen.projections import model
from espace_citoyen.store.migrate import migrate as migrate_store
from espace_citoyen.store.roles import grant_read


def migrate(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Make what is missing, the read model of this version included; harmless when nothing is."""
    steps = migrate_store(settings.database, settings.master_key)
    with closing(Portal(settings.database, settings.master_key)) as portal:
        model.prepare(portal)
        with portal.connection() as connection:
            grant_read(connection, portal.read_schema)
            reactions.place(connection)
    print(f"Base à jour ({len(steps)} étape(s)).")
    return 0


def demo(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Invent the town when nothing was ever recorded; refused in production."""
    if not settings.demo:
        raise ConfigurationError("La ville de démonstration n’entre pas dans une base de production.")
    with closing(Portal(settings.database, settings.master_key)) as portal:
        if is_empty(portal):
            invent(portal, at=datetime.now(UTC), files_root=files.folder(settings.files_url))
            print("Ville de démonstration inventée.")
        else:
            print("La base n’est pas vide : rien à inventer.")
    return 0
