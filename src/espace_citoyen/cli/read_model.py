"""`read-model rebuild|status|check`: the tables that pages read, against the log they come from."""

import argparse
from contextlib import closing

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.projections import model
from espace_citoyen.projections.check import differences
from espace_citoyen.store.view import position_of


def rebuild(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Build the read model beside the one in use, then swap them."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        print(f"Modèle de lecture reconstruit jusqu’à la position {model.rebuild(portal)}.")
    return 0


def status(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Say which read model is in use, how far it is and how far the log is."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        with portal.connection() as connection:
            there = model.exists(connection, portal.read_schema)
            position = position_of(connection) if there else 0
        head = portal.position()
    print(f"Modèle de lecture : {portal.read_schema}{'' if there else ' (absent)'}")
    print(f"Position : {position}\nJournal : {head}\nRetard : {head - position} événement(s)")
    return 0 if there else 1


def check(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Build the read model again apart and say where the present one differs; 1 when it does."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        found = differences(portal)
    for each in found:
        print(f"{each.table} : {each.missing} ligne(s) en moins, {each.extra} en trop.")
        print(*(f"  {key}" for key in each.keys), sep="\n")
    if found:
        print("Reconstruisez-le : « espace-citoyen read-model rebuild ».")
    else:
        print("Le modèle de lecture correspond au journal.")
    return 1 if found else 0
