"""The files of owners, below one folder or bucket: everything of an owner is under the owner's id."""

import contextlib
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID


def folder(files_url: str) -> Path:
    """Return the folder of a `file:` address; raise ValueError for another kind, in which nothing is kept yet."""
    parts = urlsplit(files_url)
    if parts.scheme != "file":
        raise ValueError(f"{parts.scheme}: no files are kept there yet")
    return Path(unquote(parts.path))


def delete_all(root: Path, owner_id: UUID) -> None:
    """Delete every file of an owner; doing it again, or for one who has none, is no error."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(root / str(owner_id))
