"""The files of owners, below one folder: everything of an owner is in a folder of theirs, sealed by their key."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from espace_citoyen.files.disk import TooLarge, Written, delete, delete_all, owners, read, sweep, write
from espace_citoyen.files.naming import MOST_CHARACTERS, cleaned
from espace_citoyen.files.nature import HEAD_BYTES, SHOWN, nature
from espace_citoyen.files.sealed import CHUNK_BYTES, Damaged, Place, Source

__all__ = [
    "CHUNK_BYTES",
    "HEAD_BYTES",
    "MOST_CHARACTERS",
    "SHOWN",
    "Damaged",
    "Place",
    "Source",
    "TooLarge",
    "Written",
    "cleaned",
    "delete",
    "delete_all",
    "folder",
    "nature",
    "owners",
    "read",
    "sweep",
    "write",
]


def folder(files_url: str) -> Path:
    """Return the folder of a `file:` address; raise ValueError for another kind, in which nothing is kept yet."""
    parts = urlsplit(files_url)
    if parts.scheme != "file":
        raise ValueError(f"{parts.scheme}: no files are kept there yet")
    return Path(unquote(parts.path))
