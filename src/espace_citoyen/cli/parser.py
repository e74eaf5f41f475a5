"""The table of commands as an argparse parser that speaks French."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from espace_citoyen.cli.table import COMMANDS, GROUPS, Command

_MISTAKES = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"de trop : \1"),
    (r"argument (\S+): expected one argument", r"\1 : il manque une valeur"),
    (r"argument (\S+): invalid int value: (.*)", r"\1 : \2 n’est pas un nombre"),
    (r"argument (\S+): invalid choice: ('[^']*').*", r"\1 : \2 n’existe pas"),
    (r"argument (\S+): ignored explicit argument (.*)", r"\1 ne prend pas de valeur (\2)"),
    (r"argument (\S+): (« .*)", r"\1 : \2"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 peut vouloir dire \2"),
)


class FrenchFormatter(argparse.RawDescriptionHelpFormatter):
    """Says « usage : » with the space of French typography."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin the help with the usage line."""
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """Begin a part of the help: « options : »."""
        super().start_section(heading and f"{heading}\N{NO-BREAK SPACE}")


class FrenchParser(argparse.ArgumentParser):
    """An argparse parser whose help and mistakes are in French; a mistake exits with 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=FrenchFormatter, **options)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words given, and end with 2."""
        for english, french in _MISTAKES:
            message = re.sub(f"^{english}$", french, message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog} : {message}\n")


def parser() -> FrenchParser:
    """Return the parser; what it parses holds the `command` and its arguments."""
    top = FrenchParser(prog="espace-citoyen", description="L’espace en ligne d’une mairie pour ses citoyens.")
    first = _choice(top)
    groups: dict[str, Any] = {}
    for command in COMMANDS:
        *group, word = command.words
        if group and group[0] not in groups:
            groups[group[0]] = _choice(_add(first, group[0], GROUPS[group[0]]))
        _fill(_add(groups[group[0]] if group else first, word, command.help), command)
    return top


def _choice(asked: FrenchParser) -> Any:
    return asked.add_subparsers(title="commandes", metavar="COMMANDE", required=True)


def _add(choice: Any, word: str, said: str) -> FrenchParser:
    added: FrenchParser = choice.add_parser(word, help=said, description=f"{said[0].upper()}{said[1:]}.")
    return added


def _fill(filled: FrenchParser, command: Command) -> None:
    for argument in command.arguments:
        filled.add_argument(argument.name, **argument.options)
    filled.add_argument("--data", type=Path, metavar="DOSSIER", help="dossier des données (./data par défaut)")
    filled.set_defaults(command=command)
