"""`doctor`: every setting with where it comes from, then each outside service tried for real."""

import argparse
import re
import smtplib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

from espace_citoyen import files, mail
from espace_citoyen.cli.reaching import NoDatabase, reachable
from espace_citoyen.config import PREFIX, Settings
from espace_citoyen.postgres import PostgresError
from espace_citoyen.store import roles
from espace_citoyen.store.keys import KeyRing, WrongMasterKey

WELL, WARNING, WRONG, NONE = "bien", "attention", "ERREUR", "sans"
HIDDEN = "••••••"
OLDEST = 150_000
Verdict = tuple[str, str]


def doctor(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the settings and the state of each service; return 1 when one of them is wrong."""
    print("Réglages")
    for name, origin in settings.origins.items():
        print(f"  {PREFIX + name:<36} {_shown(name, getattr(settings, name.lower()))} ({origin})")
    print("Services")
    verdicts = list(_verdicts(settings))
    for state, said in verdicts:
        print(f"  {state:<10} {said}")
    return 1 if any(state == WRONG for state, _ in verdicts) else 0


def _shown(name: str, value: Any) -> str:
    """Return a value as it may be read over somebody's shoulder."""
    if value is None:
        return "–"
    if name.endswith("_KEY"):
        return HIDDEN
    text = re.sub(r"(?<=[?&]password=)[^&]*", HIDDEN, str(value))
    secret = urlsplit(text).password if name.endswith("_URL") else None
    return text.replace(f":{secret}@", f":{HIDDEN}@", 1) if secret else text


def _verdicts(settings: Settings) -> Iterator[Verdict]:
    yield from _database(settings)
    yield _files(settings)
    yield _mail(settings)
    yield _replies(settings)
    if settings.clamd is None:
        yield NONE, "antivirus : aucun, les fichiers ne sont contrôlés que par leur format"
    else:
        yield NONE, "antivirus : réglé, mais rien ne s’en sert dans cette version"
    if settings.staff_second_factor == "off":
        yield WARNING, "second facteur des agents : désactivé, comme il convient à la seule démonstration"


def _database(settings: Settings) -> Iterator[Verdict]:
    try:
        with reachable(settings, "there") as reached, psycopg.connect(reached.database, autocommit=True) as line:
            version = line.info.server_version
            said = f"base de données : PostgreSQL {version // 10_000}.{version % 10_000}"
            yield (WELL, said) if version >= OLDEST else (WRONG, f"{said}, il faut la 15 ou une plus récente")
            yield _role(line, embedded=settings.database_url is None)
            yield _master_key(reached)
    except NoDatabase:
        yield WARNING, "base de données : pas encore faite ; « espace-citoyen serve » ou « migrate » la fera"
    except (psycopg.OperationalError, PostgresError) as away:
        yield WRONG, f"base de données : ne répond pas ({type(away).__name__})"


def _role(line: psycopg.Connection[Any], *, embedded: bool) -> Verdict:
    """Say whether the web could rewrite the log: it can wherever it is the owner of everything."""
    if embedded:
        return WARNING, "rôles : un seul pour tout, ce qui suffit à la base embarquée"
    events = line.execute("SELECT to_regclass('log.portal_events')").fetchone()
    if events is None or events[0] is None:
        return WARNING, "rôles : à vérifier une fois la base migrée"
    row = line.execute("SELECT has_table_privilege('log.portal_events', 'UPDATE, DELETE, TRUNCATE')").fetchone()
    if row is None or row[0]:
        return (
            WARNING,
            f"rôles : celui-ci peut récrire le journal ; « web » a besoin d’un membre de {roles.WEB} seul",
        )
    return WELL, "rôles : celui-ci ne peut pas récrire le journal"


def _master_key(settings: Settings) -> Verdict:
    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(settings.database, row_factory=dict_row)

    try:
        _ = KeyRing(connect, settings.master_key).server_key
    except psycopg.errors.UndefinedTable:
        return WARNING, "clé maîtresse : à vérifier une fois la base migrée"
    except WrongMasterKey:
        return WRONG, "clé maîtresse : n’ouvre pas cette base"
    return WELL, "clé maîtresse : ouvre cette base"


def _files(settings: Settings) -> Verdict:
    try:
        folder = files.folder(settings.files_url)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        proof = folder / ".doctor"
        proof.write_bytes(b"")
        proof.unlink()
    except ValueError:
        return WRONG, "fichiers : cette version ne garde rien ailleurs qu’à une adresse « file:… »"
    except OSError as wrong:
        return WRONG, f"fichiers : {folder} n’est pas utilisable ({wrong.strerror})"
    return WELL, f"fichiers : {folder} est utilisable"


def _mail(settings: Settings) -> Verdict:
    if settings.smtp_url is None:
        return NONE, "courriels : aucun serveur, ils restent dans la boîte d’envoi (/agents/courriels)"
    try:
        with mail.server(settings.smtp_url, local_name=urlsplit(settings.base_url).hostname or "localhost"):
            return WELL, "courriels : le serveur répond et accepte la connexion"
    except mail.Unreachable as wrong:
        return WRONG, f"courriels : le serveur ne convient pas ({wrong})"


def _replies(settings: Settings) -> Verdict:
    if settings.reply_address is None:
        return NONE, "réponses par courriel : aucune adresse, elles vont à la boîte du service"
    if settings.lmtp is None:
        return WELL, f"réponses par courriel : {settings.reply_address}, à remettre à « espace-citoyen mail-in »"
    try:
        smtplib.LMTP(*_line(settings.lmtp)).quit()
    except (OSError, smtplib.SMTPException) as wrong:
        return WARNING, f"réponses par courriel : personne n’écoute en {settings.lmtp} ({type(wrong).__name__})"
    return WELL, f"réponses par courriel : {settings.reply_address}, reçues en {settings.lmtp}"


def _line(lmtp: str) -> tuple[str, int]:
    """Return a place to listen at as the library wants it: a path is a host that begins with « / »."""
    if lmtp.startswith("unix:"):
        return lmtp.removeprefix("unix:"), 0
    host, _, port = lmtp.rpartition(":")
    return host.strip("[]"), int(port)
