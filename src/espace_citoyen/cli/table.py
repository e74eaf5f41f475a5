"""The commands of `espace-citoyen`: words, help, and the function that does it, imported when it is asked for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from espace_citoyen.cli.moments import as_of
from espace_citoyen.labels import ERASURE_REASON, ROLE

HERE = "espace_citoyen.cli"


@dataclass(frozen=True)
class Argument:
    """One argument of a command, as argparse wants it."""

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Command:
    """What a command says, who does it, and whether it needs a database that is there (or may be made).

    `unable` is its exit code when it could not even be tried: no database, wrong settings, a failure of ours.
    """

    words: tuple[str, ...]
    help: str
    body: str
    arguments: tuple[Argument, ...] = ()
    database: str = "there"
    unable: int = 1


def _argument(name: str, help: str, **options: object) -> Argument:  # noqa: A002 - argparse's own word
    return Argument(name, {"help": help, **options})


_PORT = _argument("--port", "port d’écoute (8000 par défaut)", type=int, default=8000, metavar="PORT")
_HOST = _argument("--host", "adresse d’écoute (127.0.0.1 par défaut)", default="127.0.0.1", metavar="ADRESSE")
_PASSWORD = _argument(
    "--password-stdin", "lit le mot de passe sur l’entrée, au lieu d’en tirer un", action="store_true"
)
_JSON = _argument("--json", "réponse en JSON", action="store_true")

GROUPS: Mapping[str, str] = {
    "read-model": "reconstruit ou contrôle le modèle de lecture",
    "audit": "rejoue et vérifie le journal",
    "staff": "agents de la mairie",
    "account": "espaces des usagers",
    "keys": "clés de chiffrement",
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
    Command(
        ("mail-in",),
        "range dans sa demande la réponse d’un usager, lue sur l’entrée ou reçue par LMTP",
        f"{HERE}.mail_in:mail_in",
        (
            _argument("--to", "adresse d’arrivée du courriel (sinon celle de ses en-têtes)", metavar="ADRESSE"),
            _argument("--lmtp", "écoute en LMTP : hôte:port ou unix:/chemin", nargs="?", const="", metavar="OÙ"),
        ),
        unable=os.EX_TEMPFAIL,
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
                "--at",
                "telle qu’enregistrée à cette date ou heure comprise (ISO 8601, à Paris sans autre précision)",
                type=as_of,
                metavar="DATE",
            ),
            _JSON,
        ),
    ),
    Command(
        ("audit", "verify"),
        "vérifie que rien du journal n’a été réécrit",
        f"{HERE}.audit:verify",
        (
            _argument("--upto", "jusqu’à cette position seulement", type=int, metavar="N"),
            _argument("--fingerprint", "empreinte notée naguère à cette position", metavar="HEXA"),
        ),
    ),
    Command(
        ("audit", "events"),
        "montre les événements dans l’ordre du journal",
        f"{HERE}.audit:events",
        (
            _argument("--from", "à partir de cette position", type=int, default=1, metavar="N", dest="start"),
            _argument("--json", "un objet JSON par ligne", action="store_true"),
        ),
    ),
    Command(
        ("erase",),
        "efface une demande, un espace ou un agent en détruisant sa clé",
        f"{HERE}.erasing:erase",
        (
            _argument("--reference", "référence de la demande, ou identifiant", metavar="RÉF"),
            _argument(
                "--motif",
                "; ".join(f"{code} : {said}" for code, said in ERASURE_REASON.items()),
                choices=tuple(ERASURE_REASON),
                metavar="CODE",
                dest="reason",
            ),
            _argument("--visa", "référence de la décision, sans espace ni nom", metavar="VISA"),
            _argument("--oui", "n’attend pas de confirmation", action="store_true", dest="yes"),
            _argument(
                "--rejouer",
                "efface de nouveau tout ce qui est au registre, après une restauration",
                action="store_true",
                dest="again",
            ),
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
            _argument("--email", "courriel", default="", metavar="COURRIEL"),
            _argument("--department", "service (à répéter)", action="append", default=[], metavar="SERVICE"),
            _argument(
                "--role",
                f"{', '.join(ROLE)} (à répéter)",
                action="append",
                default=[],
                choices=tuple(ROLE),
                metavar="RÔLE",
            ),
            _PASSWORD,
        ),
    ),
    Command(
        ("account", "add"),
        "ouvre un espace d’usager",
        f"{HERE}.people:add_account",
        (
            _argument("username", "identifiant", metavar="IDENTIFIANT"),
            _argument("--title", "civilité, par exemple « Mme »", required=True, metavar="CIVILITÉ"),
            _argument("--first-name", "prénom", required=True, metavar="PRÉNOM"),
            _argument("--last-name", "nom", required=True, metavar="NOM"),
            _argument("--email", "courriel", required=True, metavar="COURRIEL"),
            _PASSWORD,
        ),
    ),
    Command(
        ("keys", "rotate"),
        "change la clé maîtresse, sans réécrire d’événement",
        f"{HERE}.keys:rotate",
        (
            _argument(
                "--key-stdin",
                "lit la nouvelle clé (64 chiffres hexadécimaux) sur l’entrée, au lieu d’en tirer une",
                action="store_true",
            ),
        ),
    ),
)
