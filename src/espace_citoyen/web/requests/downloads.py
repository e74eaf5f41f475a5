"""A file of a request given back: opened piece by piece, harmless to whoever receives it."""

import unicodedata
from collections.abc import Callable, Generator
from datetime import datetime
from itertools import chain
from urllib.parse import quote
from uuid import UUID

import flask
import structlog
from flask.typing import ResponseReturnValue

from espace_citoyen import files
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import AttachedFile
from espace_citoyen.projections import tabs
from espace_citoyen.web import context, errors, uploads
from espace_citoyen.web.answers import Answer
from espace_citoyen.web.lookup import find
from espace_citoyen.web.places import Places
from espace_citoyen.web.requests import access

SHOW = "voir"
"""Asked for so, an image or a PDF is shown by the browser instead of being saved."""
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
VIEWER = "default-src 'none'; frame-ancestors 'none'"
"""For a PDF that is shown: a sandbox would stop the browser's own viewer."""

AT_ONCE, FOR_ONE = 8, 3
"""How many downloads a process serves at a time: each holds one of its threads for as long as its reader takes.

One visitor has three of them, or could keep all of them from everybody by reading nothing.
"""
BUSY = Answer(
    status=503,
    title="Beaucoup de téléchargements en cours",
    sentences=(
        "Trop de personnes téléchargent des fichiers en ce moment pour vous envoyer celui-ci.",
        "Réessayez dans une minute\N{NO-BREAK SPACE}: le reste du site fonctionne.",
    ),
    headers={"Retry-After": "30"},
)

_places = Places(AT_ONCE, each=FOR_ONE)
log = structlog.get_logger()


def send(reference: str, file_id: UUID, *, as_of: datetime | None = None) -> ResponseReturnValue:
    """Send a file that stands in a request, or stood there as recorded by `as_of`; any other is not found.

    The first piece is opened before anything is answered: what is missing or damaged fails whole.
    """
    row = find(reference)
    recorded = context.portal().stream(row.request_id)
    if tabs.is_erased(recorded):
        raise Erased("This request was erased")
    file, key = tabs.file_of(tabs.recorded_by(recorded, as_of), file_id), recorded[0].key
    if file is None or key is None:
        raise NotFound("No such file in this request")
    access.note(row.request_id, what=access.FILE, file_id=file_id, as_of=as_of)
    streamed, reader = file.size > files.CHUNK_BYTES, context.actor().id
    if streamed and not _places.take(reader):
        return errors.say(BUSY)
    place = files.Place(row.request_id, file_id)
    pieces = _pieces(place, key, (lambda: _places.give_back(reader)) if streamed else lambda: None)
    first = next(pieces)
    response = flask.Response(chain([first], pieces) if streamed else first + b"".join(pieces))
    response.call_on_close(pieces.close)
    return _dressed(response, file)


def disposition(name: str, *, shown: bool) -> str:
    """Return the header by which a browser saves a file under its name, accents included (RFC 6266)."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(each if each.isalnum() or each in " ._-" else "_" for each in folded)
    kind = "inline" if shown else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _dressed(response: flask.Response, file: AttachedFile) -> flask.Response:
    """The answer with what keeps it from being anything but a file."""
    known = file.media_type in files.SHOWN
    shown = known and SHOW in flask.request.args
    response.content_type = file.media_type if known else "application/octet-stream"
    response.content_length = file.size
    response.headers["Content-Disposition"] = disposition(file.name, shown=shown)
    viewer = shown and file.media_type == "application/pdf"
    response.headers["Content-Security-Policy"] = VIEWER if viewer else SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _pieces(place: files.Place, key: bytes, done: Callable[[], None]) -> Generator[bytes, None, None]:
    """Yield a file; give its place among the downloads back with `done`, however that ends.

    A piece that is damaged cuts the answer short of the length it announced.
    """
    try:
        yield from files.read(uploads.root(), place, key)
    except files.Damaged:
        log.error("file damaged", file=str(place.object_id))  # noqa: TRY400 - there is nothing to trace
        raise
    finally:
        done()
