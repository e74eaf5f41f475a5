"""`read-model rebuild|status|check`: the tables that pages read, against the log they come from."""

import argparse
from contextlib import closing

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.projections import model


def rebuild(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Build the read model beside the one in use, then swap them."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        print(f"Modèle de lecture reconstruit jusqu’à la position {model.rebuild(portal)}.")
    return 0
