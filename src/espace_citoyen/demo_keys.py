"""The secrets of the demonstration: made once, kept below its folder, refused by production."""

import os
import secrets
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

_MARK = "demo-"


def _secret_key() -> str:
    return _MARK + secrets.token_urlsafe(48)


def _master_key() -> str:
    """Random, and ending in its own checksum: a copied key is known wherever it turns up."""
    key = secrets.token_bytes(28)
    return (key + zlib.crc32(key).to_bytes(4)).hex()


_MAKERS: Mapping[str, Callable[[], str]] = {"SECRET_KEY": _secret_key, "MASTER_KEY": _master_key}


def path(folder: Path, name: str) -> Path:
    """Return the file that keeps this secret of the demonstration of `folder`."""
    return folder / "keys" / name.lower()


def kept(folder: Path, name: str) -> str:
    """Return the secret of this name, made the first time, whole or not at all. Raises OSError."""
    file = path(folder, name)
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(_MAKERS[name]())
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first, and its secret is the one that counts
        finally:
            draft.unlink()
    return file.read_text().strip()


def drawn(name: str) -> str:
    """Return a new secret of this name, marked as a demonstration's."""
    return _MAKERS[name]()


def prepare(folder: Path, name: str, secret: str) -> None:
    """Put a new secret on disk beside the present one, as `<name>.next`, until `adopt`."""
    draft = _next(folder, name)
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def adopt(folder: Path, name: str) -> None:
    """Replace the present secret with the one prepared."""
    _next(folder, name).replace(path(folder, name))


def _next(folder: Path, name: str) -> Path:
    return path(folder, name).with_suffix(".next")


def is_demo_secret_key(key: str) -> bool:
    """Whether a demonstration made this key."""
    return key.startswith(_MARK)


def is_demo_master_key(key: bytes) -> bool:
    """Whether a demonstration made this key; one in four thousand million others passes for it."""
    return zlib.crc32(key[:28]).to_bytes(4) == key[28:]
