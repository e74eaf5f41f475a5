"""`keys rotate`: every key wrapped again under a new master key; no event is rewritten."""

import argparse
import re
import secrets
import sys
from contextlib import closing

from espace_citoyen import demo_keys
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.application import Portal
from espace_citoyen.cli.telling import counted
from espace_citoyen.config import KEPT, Settings
from espace_citoyen.store import keys


def rotate(settings: Settings, arguments: argparse.Namespace) -> int:
    """Change the master key for one given, or drawn and shown before anything changes; the demo keeps its own."""
    kept = settings.origins.get("MASTER_KEY") == KEPT
    new = _given() if arguments.key_stdin else _drawn(settings, kept=kept)
    with closing(Portal(settings.database, settings.master_key)) as portal, portal.connect() as connection:
        with connection.transaction():
            count = keys.rotate(connection, settings.master_key, bytes.fromhex(new))
            if kept:
                demo_keys.prepare(settings.data_dir, "MASTER_KEY", new)
        if kept:
            demo_keys.adopt(settings.data_dir, "MASTER_KEY")
    print(f"{counted(count, 'clé', 'enveloppée')} de nouveau. L’ancienne clé maîtresse n’ouvre plus rien.")
    print(
        "Relancez maintenant tout ce qui tourne avec la nouvelle ; gardez l’ancienne avec les sauvegardes d’avant."
    )
    return 0


def _given() -> str:
    key = sys.stdin.readline().strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", key):
        raise Invalid("Not a master key", {"--key-stdin": ["écrivez 64 chiffres hexadécimaux sur l’entrée."]})
    return key


def _drawn(settings: Settings, *, kept: bool) -> str:
    if kept:
        print(f"Nouvelle clé maîtresse gardée dans {demo_keys.path(settings.data_dir, 'MASTER_KEY')}.")
        return demo_keys.drawn("MASTER_KEY")
    key = secrets.token_hex(32)
    print(f"Nouvelle clé maîtresse, montrée cette seule fois :\nESPACE_CITOYEN_MASTER_KEY={key}", flush=True)
    return key
