"""The OS account that PostgreSQL runs under when we are root, and the folders it must be able to cross."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()
_CANDIDATES = ("postgres", "nobody")


def account_for(cluster: Path) -> pwd.struct_passwd | None:
    """Return the owner of the cluster, else an unprivileged account of the machine; None when we are not root."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in _CANDIDATES if name in known)


def run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments of `subprocess` for this account, in a folder that it may enter."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def give(path: Path, account: pwd.struct_passwd | None) -> None:
    """Make the account the owner of a file or a folder."""
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def open_way(target: Path, account: pwd.struct_passwd | None) -> None:
    """Let the account cross each folder above `target`: crossing only, not listing, and each one is logged."""
    if account is None:
        return
    for folder in reversed(target.resolve().parents):
        if not _can(folder, account, stat.S_IXOTH):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
            log.warning("folder made traversable", folder=str(folder), account=account.pw_name)


def open_tree(tree: Path, account: pwd.struct_passwd | None) -> None:
    """Let the account read and run an installation that a strict umask closed."""
    if account is None or _can(tree, account, stat.S_IXOTH):
        return
    for path in _below(tree):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))
    log.warning("installation made readable", folder=str(tree), account=account.pw_name)


def _below(tree: Path) -> Iterator[Path]:
    yield tree
    for folder, folders, files in os.walk(tree):
        yield from (Path(folder, name) for name in [*folders, *files])


def _can(path: Path, account: pwd.struct_passwd, wanted: int) -> bool:
    """Whether the mode of a path grants the account a right, given as its bit for others."""
    found = path.stat()
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & wanted << 6)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & wanted << 3)
    return bool(found.st_mode & wanted)
