"""`erase`: what would go is shown, then it goes for good; `--rejouer` does it again after a restore."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

from espace_citoyen.application import Portal
from espace_citoyen.cli.finding import stream_id
from espace_citoyen.cli.operator import operator
from espace_citoyen.cli.telling import counted
from espace_citoyen.commands import erasure
from espace_citoyen.config import Settings
from espace_citoyen.labels import ERASURE_REASON, STREAM
from espace_citoyen.projections.erasures import at_stake
from espace_citoyen.store.erasure import Register


def erase(settings: Settings, arguments: argparse.Namespace) -> int:
    """Erase one stream under a visa once it is confirmed, or all those of the register again."""
    register = Register.below(settings.data_dir)
    with closing(Portal(settings.database, settings.master_key)) as portal:
        if arguments.again:
            done = erasure.replay(portal, register=register)
            print(f"Registre rejoué : {counted(done, 'dossier', 'effacé')} de nouveau.")
            return 0
        if not (arguments.reference and arguments.reason and arguments.visa):
            print("Il faut --reference, --motif et --visa, ou bien --rejouer seul.", file=sys.stderr)
            return 2
        return _erase(portal, register, arguments)


def _erase(portal: Portal, register: Register, arguments: argparse.Namespace) -> int:
    stream = stream_id(portal, arguments.reference)
    kind = erasure.kind_of(portal, stream)
    _preview(portal, stream, arguments.reference)
    print(f"Motif : {ERASURE_REASON[arguments.reason]}. Visa : {arguments.visa}.")
    if not (arguments.yes or _confirmed(arguments.reference)):
        print("Rien n’a été effacé.", file=sys.stderr)
        return 1
    actor = operator()
    planned = erasure.planned(
        at=datetime.now(UTC),
        actor=actor,
        kind=kind,
        stream_id=stream,
        motive=(arguments.reason, arguments.visa),
    )
    position = erasure.erase(portal, actor=actor, register=register, erasure=planned)
    print(
        f"Effacé à la position {position}. La trace d’audit demeure : « espace-citoyen audit history {stream} »."
    )
    return 0


def _preview(portal: Portal, stream: UUID, asked: str) -> None:
    """Print what goes and what stays."""
    with portal.connection() as connection:
        going = at_stake(connection, portal.stream(stream))
    print(f"Sera illisible pour toujours : {STREAM[going.kind]} {asked}, {counted(going.events, 'événement')} :")
    for label, count in going.sentences:
        print(f"  {count} × {label}")
    print("Restent : qui (citoyen, agent…), quand, par quel canal, la référence, le service, l’état.")


def _confirmed(asked: str) -> bool:
    print(f"Pour confirmer, écrivez {asked} : ", end="", flush=True)
    return sys.stdin.readline().strip() == asked
