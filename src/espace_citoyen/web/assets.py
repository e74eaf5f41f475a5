"""Static files under addresses that carry their digest: a browser keeps them until they change."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import flask

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def digests() -> Mapping[str, str]:
    """The first characters of the SHA-256 of each of our files: a visitor's path is looked up, never opened."""
    found = (path for path in FOLDER.rglob("*") if path.is_file())
    return {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in found
    }


def digest(name: str) -> str:
    """The digest of a static file, or nothing when there is no such file."""
    return digests().get(name, "")


def add_digest(endpoint: str, values: dict[str, Any]) -> None:
    """Complete every `url_for("static", filename=…)` with the digest of its file."""
    if endpoint == "static" and "filename" in values:
        values["v"] = digest(values["filename"])


def is_forever() -> bool:
    """Whether this request asks for a static file by its present digest."""
    asked = flask.request.args.get("v")
    return bool(asked) and asked == digest((flask.request.view_args or {}).get("filename", ""))
