"""The settings: read once from ESPACE_CITOYEN_*, each one that is wrong refused by its name."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from espace_citoyen import demo_keys

PREFIX = "ESPACE_CITOYEN_"
GIVEN, ARGUMENT, DEFAULT, KEPT = (
    "environnement",
    "ligne de commande",
    "par défaut",
    "clés de la démonstration",
)


class ConfigurationError(Exception):
    """The settings cannot be used; `problems` holds one French sentence for each of them."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the town chose, and where each value is from. No `database_url` means the embedded server."""

    env: str
    data_dir: Path
    base_url: str
    files_url: str
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    trusted_proxies: int = 0
    log_level: str = "info"
    oidc_providers: Path | None = None
    staff_second_factor: str = "required"
    clamd: str | None = None
    reply_address: str | None = None
    lmtp: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration, with its invented town and its published passwords."""
        return self.env == "demo"

    @property
    def database(self) -> str:
        """The address of the database; refused while the embedded server has not been started."""
        if self.database_url is None:
            raise ConfigurationError("La base embarquée n’est pas démarrée.")
        return self.database_url


def load(
    environ: Mapping[str, str], *, data_dir: Path | None = None, port: int = 8000, as_root: bool | None = None
) -> Settings:
    """Return the settings; raises ConfigurationError naming all those that are missing or wrong."""
    read = _Reading(environ, {"DATA_DIR": data_dir})
    env = read.value("ENV", _one_of("demo", "production"))
    folder = read.value("DATA_DIR", _folder, Path("data").absolute())
    values = _values(read, folder, f"http://localhost:{port}") if env == "demo" else _values(read, folder)
    if values["lmtp"] and not values["reply_address"]:
        read.problem("LMTP", "sans REPLY_ADDRESS aucune réponse ne peut arriver")
    if env == "production":
        _refuse_demo_habits(read, values, os.geteuid() == 0 if as_root is None else as_root)
    read.refuse_all()
    return Settings(env=env, data_dir=folder, origins=read.origins, **values)


def _values(read: "_Reading", folder: Path, *demo_url: str) -> dict[str, Any]:
    """Every setting but the first two; the demonstration alone has an address and secrets by default."""
    keys = folder if demo_url else None
    second_factor = "off" if demo_url else "required"
    return {
        "database_url": read.value("DATABASE_URL", _database_url, None),
        "files_url": read.value("FILES_URL", _files_url, f"file:{folder / 'files'}"),
        "smtp_url": read.value("SMTP_URL", _smtp_url, None),
        "base_url": read.value("BASE_URL", _base_url, *demo_url),
        "trusted_proxies": read.value("TRUSTED_PROXIES", _count, 0),
        "log_level": read.value("LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info"),
        "oidc_providers": read.value("OIDC_PROVIDERS", _toml_file, None),
        "staff_second_factor": read.value("STAFF_SECOND_FACTOR", _one_of("required", "off"), second_factor),
        "clamd": read.value("CLAMD", _clamd, None),
        "reply_address": read.value("REPLY_ADDRESS", _reply_address, None),
        "lmtp": read.value("LMTP", _lmtp, None),
        "secret_key": read.secret("SECRET_KEY", _secret_key, keys),
        "master_key": read.secret("MASTER_KEY", _master_key, keys),
    }


def _refuse_demo_habits(read: "_Reading", values: Mapping[str, Any], as_root: bool) -> None:
    """Production keeps nothing of the demonstration: not its keys, its address or its open doors."""
    if as_root and values["database_url"] is None:
        read.problem(
            "DATABASE_URL", "à définir : en production la base embarquée ne tourne pas sous le compte root"
        )
    if not str(values["base_url"] or "https:").startswith("https:"):
        read.problem("BASE_URL", "en production l’adresse commence par « https:// »")
    if values["staff_second_factor"] == "off":
        read.problem("STAFF_SECOND_FACTOR", "« off » est réservé à la démonstration")
    if demo_keys.is_demo_secret_key(values["secret_key"] or ""):
        read.problem("SECRET_KEY", "cette clé est celle d’une démonstration")
    if demo_keys.is_demo_master_key(values["master_key"] or bytes(32)):
        read.problem("MASTER_KEY", "cette clé est celle d’une démonstration")


class _Reading:
    """One pass over the environment: notes where each value comes from, and everything that is wrong."""

    def __init__(self, environ: Mapping[str, str], arguments: Mapping[str, object]) -> None:
        self._environ = {name: text.strip() for name, text in environ.items() if name.startswith(PREFIX)}
        self._arguments = {PREFIX + name: str(value) for name, value in arguments.items() if value is not None}
        self._problems: list[str] = []
        self.origins: dict[str, str] = {}

    def problem(self, name: str, reason: str) -> None:
        self._problems.append(f"{PREFIX}{name} : {reason}.")

    def value(self, name: str, parse: Callable[[str], Any], *default: Any) -> Any:
        """Return the parsed value, else the default; one that is missing or unreadable is a problem."""
        given = self._environ.pop(PREFIX + name, "")
        argument = self._arguments.get(PREFIX + name)
        text = argument or given
        self.origins[name] = ARGUMENT if argument else GIVEN if given else DEFAULT
        if not text and default:
            return default[0]
        try:
            return parse(text)
        except ValueError as wrong:
            self.problem(name, f"à définir ({wrong})" if not text else str(wrong))
            return None

    def secret(self, name: str, parse: Callable[[str], Any], demo_folder: Path | None) -> Any:
        """Return a secret; the demonstration makes a missing one, once, and keeps it below its folder."""
        if demo_folder is None or self._environ.get(PREFIX + name):
            return self.value(name, parse)
        self.origins[name] = KEPT
        try:
            return parse(demo_keys.kept(demo_folder, name))
        except (OSError, ValueError) as wrong:
            self.problem(name, f"fichier {demo_keys.path(demo_folder, name)} inutilisable ({wrong})")
            return None

    def refuse_all(self) -> None:
        self._problems += [f"{name} : ce réglage n’existe pas." for name in sorted(self._environ)]
        if self._problems:
            raise ConfigurationError(*self._problems)


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(" ou ".join(f"« {word} »" for word in words))
        return text.lower()

    return parse


def _matching(pattern: str, expected: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return parse


_secret_key = _matching(r"\S{32,}", "au moins 32 caractères sans espace")
_base_url = _matching(
    r"https?://[^/\s?#]+", "une adresse comme « https://espace.exemple.fr », sans rien après le nom"
)
_database_url = _matching(r"postgres(ql)?://\S+", "une adresse « postgresql://… »")
_files_url = _matching(r"file:/\S.*|s3://[^/\s]+(/\S*)?", "« file:/dossier » ou « s3://seau/préfixe »")
_clamd = _matching(r"/\S+|[^\s:/]+:\d+", "« /chemin/de/clamd.sock » ou « hôte:port »")

_reply_address = _matching(
    r"[A-Za-z0-9._-]{1,11}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+",
    "une adresse comme « reponse@demandes.exemple.fr », de 11 caractères au plus devant « @ »",
)
_lmtp = _matching(r"unix:/\S+|(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}", "« hôte:port » ou « unix:/chemin »")


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text):
        raise ValueError("un nombre de 0 à 99")
    return int(text)


def _master_key(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError("64 chiffres hexadécimaux")
    return bytes.fromhex(text)


def _smtp_url(text: str) -> str:
    url = urlsplit(text)
    starttls = parse_qs(url.query).get("starttls", ["required"])[-1]
    try:
        right = url.port != 0 and url.hostname and url.scheme in {"smtp", "smtps"}
    except ValueError:
        right = False
    if not right or starttls not in {"required", "optional", "no"}:
        raise ValueError("« smtp://nom:secret@hôte:port?starttls=required|optional|no » ou « smtps://… »")
    return text


def _toml_file(text: str) -> Path:
    path = _folder(text)
    try:
        tomllib.loads(path.read_text())
    except OSError as wrong:
        raise ValueError(f"fichier {path} illisible") from wrong
    except ValueError as wrong:
        raise ValueError(f"le fichier {path} n’est pas du TOML ({wrong})") from wrong
    return path
