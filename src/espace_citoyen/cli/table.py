"""The commands of `espace-citoyen`: words, help, and the function that does it, imported when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HERE = "espace_citoyen.cli"


@dataclass(frozen=True)
class Argument:
    """One argument of a command, as argparse wants it."""

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Command:
    """What a command says, who does it, and whether it needs a database that is there (or may be made)."""

    words: tuple[str, ...]
    help: str
    body: str
    arguments: tuple[Argument, ...] = ()
    database: str = "there"


def _argument(name: str, help: str, **options: object) -> Argument:  # noqa: A002 - argparse's own word
    return Argument(name, {"help": help, **options})


_PORT = _argument("--port", "port d’écoute (8000 par défaut)", type=int, default=8000, metavar="PORT")
_HOST = _argument("--host", "adresse d’écoute (127.0.0.1 par défaut)", default="127.0.0.1", metavar="ADRESSE")
_JSON = _argument("--json", "réponse en JSON", action="store_true")

GROUPS: Mapping[str, str] = {
    "read-model": "reconstruit ou contrôle le modèle de lecture",
    "audit": "rejoue et vérifie le journal",
    "staff": "agents de la mairie",
    "account": "espaces des usagers",
}

COMMANDS = (
    Command(
        ("serve",),
        "démarre tout : base, site et tâches de fond",
        f"{HERE}.serve:serve",
        (_PORT, _HOST),
        database="none",
    ),
    Command(("web",), "démarre le site seul", f"{HERE}.web:web", (_PORT, _HOST)),
    Command(
        ("worker",),
        "démarre les tâches de fond seules",
        f"{HERE}.serve:worker",
        (_argument("part", "une seule des deux parties", nargs="?", choices=("projector", "jobs")),),
    ),
    Command(("migrate",), "met la base à jour pour cette version", f"{HERE}.database:migrate", database="made"),
    Command(
        ("demo",), "invente la ville de démonstration dans une base vide", f"{HERE}.database:demo", database="made"
    ),
    Command(("doctor",), "montre les réglages et essaie chaque service", f"{HERE}.doctor:doctor", database="none"),
    Command(
        ("read-model", "rebuild"), "reconstruit le modèle de lecture, sans arrêt", f"{HERE}.read_model:rebuild"
    ),
    Command(("read-model", "status"), "dit où en est le modèle de lecture", f"{HERE}.read_model:status"),
    Command(("read-model", "check"), "compare le modèle de lecture au journal", f"{HERE}.read_model:check"),
    Command(
        ("audit", "history"),
        "montre l’histoire d’une demande ou d’un autre dossier",
        f"{HERE}.audit:history",
        (
            _argument("id", "référence ou identifiant", metavar="ID"),
            _argument(
                "--at", "tel qu’à cette date (ISO 8601, heure de Paris sans autre précision)", metavar="DATE"
            ),
            _JSON,
        ),
    ),
    Command(("audit", "verify"), "vérifie que rien du journal n’a été réécrit", f"{HERE}.audit:verify"),
    Command(
        ("audit", "events"),
        "montre les événements dans l’ordre du journal",
        f"{HERE}.audit:events",
        (_argument("--from", "à partir de cette position", type=int, default=1, metavar="N", dest="start"), _JSON),
    ),
    Command(
        ("erase",),
        "efface un dossier en détruisant sa clé",
        f"{HERE}.people:erase",
        (
            _argument("id", "référence ou identifiant", metavar="ID"),
            _argument("--reason", "code du motif", required=True, metavar="CODE"),
        ),
    ),
    Command(
        ("staff", "add"),
        "ajoute un agent",
        f"{HERE}.people:add_staff",
        (
            _argument("username", "identifiant", metavar="IDENTIFIANT"),
            _argument("--name", "nom affiché", required=True, metavar="NOM"),
            _argument(
                "--capacity", "qualité, par exemple « officier d’état civil »", required=True, metavar="QUALITÉ"
            ),
            _argument("--department", "service (à répéter)", action="append", default=[], metavar="SERVICE"),
            _argument("--role", "rôle (à répéter)", action="append", default=[], metavar="RÔLE"),
        ),
    ),
    Command(
        ("account", "add"),
        "ouvre un espace d’usager",
        f"{HERE}.people:add_account",
        (
            _argument("username", "identifiant", metavar="IDENTIFIANT"),
            _argument("--first-name", "prénom", required=True, metavar="PRÉNOM"),
            _argument("--last-name", "nom", required=True, metavar="NOM"),
            _argument("--email", "courriel", required=True, metavar="COURRIEL"),
        ),
    ),
)
