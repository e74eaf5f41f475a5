"""`espace-citoyen …`: what every command shares. The commands themselves are in `table`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

import structlog

from espace_citoyen import config, logs
from espace_citoyen.cli.parser import parser
from espace_citoyen.cli.table import Command
from espace_citoyen.config import ConfigurationError, Settings

log = structlog.get_logger()
DONE, REFUSED, INTERRUPTED = 0, 1, 130
Body: TypeAlias = Callable[[Settings, argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask; return 0 when it is done, 1 when it is refused or found wrong (2: bad usage).

    What could not even be tried is told apart by the commands that say so (`unable`).
    """
    arguments = parser().parse_args(words)
    command: Command = arguments.command
    try:
        settings = config.load(os.environ, data_dir=arguments.data, port=getattr(arguments, "port", 8000))
        logs.configure(settings.log_level, process=" ".join(command.words))
        return run(command, settings, arguments)
    except ConfigurationError as wrong:
        return _refuse("Réglages à corriger :", *wrong.problems, status=command.unable)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception:
        log.exception("command failed")
        return _refuse("Échec inattendu : la ligne ci-dessus dit où.", status=command.unable)


def run(command: Command, settings: Settings, arguments: argparse.Namespace) -> int:
    """Import what the command needs, no more, and turn what is foreseen into a sentence."""
    import psycopg
    from eventsourcing.persistence import OperationalError

    from espace_citoyen.aggregates.refusals import Refusal
    from espace_citoyen.cli.reaching import NoDatabase, reachable
    from espace_citoyen.cli.refusing import sentences
    from espace_citoyen.postgres import PostgresError
    from espace_citoyen.store.keys import WrongMasterKey

    try:
        with reachable(settings, command.database) as reached:
            return _body(command)(reached, arguments)
    except (NoDatabase, PostgresError) as wrong:
        return _refuse(str(wrong), status=command.unable)
    except (psycopg.OperationalError, OperationalError):
        log.exception("database away")
        return _refuse("La base ne répond pas : voyez « espace-citoyen doctor ».", status=command.unable)
    except WrongMasterKey:
        said = "La clé maîtresse n’ouvre pas cette base : donnez celle avec laquelle elle a été faite."
        return _refuse(said, status=command.unable)
    except Refusal as refused:
        return _refuse("Refusé :", *sentences(refused))


def _body(command: Command) -> Body:
    module, function = command.body.split(":")
    body: Body = getattr(import_module(module), function)
    return body


def _refuse(*lines: str, status: int = REFUSED) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return status
