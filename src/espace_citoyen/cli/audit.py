"""`audit history|events|verify`: what an auditor asks of the log, in French or as JSON."""

import argparse
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.application import Portal
from espace_citoyen.cli import telling
from espace_citoyen.cli.finding import stream_id
from espace_citoyen.config import Settings
from espace_citoyen.labels import FLAW, STREAM
from espace_citoyen.projections import audit
from espace_citoyen.projections.audit import Entry, Words
from espace_citoyen.store import seal
from espace_citoyen.store.subscription import BATCH


def history(settings: Settings, arguments: argparse.Namespace) -> int:
    """Tell the history of a stream, as it was recorded up to `at` when it is given."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        stream = stream_id(portal, arguments.id)
        entries = audit.history(portal.stream(stream, until=arguments.at))
        if not entries and not (arguments.at and portal.stream(stream)):
            raise NotFound(f"No stream {stream}")
        words = audit.words_of(portal, entries)
    if arguments.json:
        print(audit.as_json([entry.told() for entry in entries], indent=2))
    else:
        print(*_told(arguments, stream, entries, words), sep="\n\n")
    return 0


def events(settings: Settings, arguments: argparse.Namespace) -> int:
    """Tell every event from a position on, one line each; with `json`, one JSON object each."""
    with closing(Portal(settings.database, settings.master_key)) as portal:
        for entry in _from(portal, arguments.start):
            print(audit.as_json(entry.told()) if arguments.json else telling.line(entry))
    return 0


def verify(settings: Settings, arguments: argparse.Namespace) -> int:
    """Check the seal of every event; return 1 when something is wrong, or is not what was noted."""
    wrong = 0
    with closing(Portal(settings.database, settings.master_key)) as portal, portal.connect() as connection:
        inspection = seal.verify(connection, upto=arguments.upto)
        for found in inspection:
            wrong += 1
            print(f"Position {found.position}, {found.stream} v{found.version} : {FLAW[found.flaw.value]}.")
    checked = telling.counted(inspection.sealed, "événement", "scellé", "vérifié")
    print(f"{checked}, {inspection.unsealed} en attente de sceau.")
    print(f"Empreinte jusqu’à la position {inspection.head} : {inspection.fingerprint}")
    if arguments.fingerprint and arguments.fingerprint != inspection.fingerprint:
        wrong += 1
        print(
            "Ce n’est pas l’empreinte notée : le journal a été réécrit depuis, ou la position n’est pas la même."
        )
    if wrong:
        print(f"{telling.counted(wrong, 'anomalie')}.")
        return 1
    print("Rien n’a été réécrit." if inspection.sealed else "Rien n’est encore scellé : rien n’a pu être vérifié.")
    return 0


def _told(arguments: argparse.Namespace, stream: UUID, entries: list[Entry], words: Words) -> Iterator[str]:
    upto = f", telle qu’enregistrée jusqu’au {telling.when(arguments.at)}" if arguments.at else ""
    if not entries:
        yield f"{arguments.id}{upto} : rien n’était encore enregistré."
        return
    kind = STREAM[entries[0].topic.split(":")[0]]
    title = " ".join(filter(None, (kind, entries[0].facts.get("reference"))))
    count = telling.counted(len(entries), "événement")
    yield f"Histoire : {title}{upto}\nIdentifiant {stream}, {count}, heure de Paris"
    yield from telling.paragraphs(entries, words)


def _from(portal: Portal, start: int) -> Iterator[Entry]:
    position = start - 1
    while batch := portal.after(position, BATCH):
        yield from map(audit.entry, batch)
        position = batch[-1].position
