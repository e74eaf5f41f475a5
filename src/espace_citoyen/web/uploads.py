"""Files sent with a form: which pages take them, what is refused beside the field, how they come to be stored."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import flask
from werkzeug.datastructures import FileStorage

from espace_citoyen import files
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.aggregates.requests import AttachedFile
from espace_citoyen.aggregates.requests.attachments import MOST_FILES
from espace_citoyen.commands.requests import Chosen, attach_files
from espace_citoyen.commands.requests.uploads import MOST_BYTES
from espace_citoyen.web import context, forms, wording
from espace_citoyen.web.places import Places

FIELD = "files"
"""The name of the field, and of the input, in every form that takes files."""
PAGES = frozenset(
    f"{door}.{page}"
    for door in ("citizen", "staff")
    for page in ("exchange_sent", "attachment_added", "attachment_changed")
)
"""The pages that take files, by endpoint; every other one takes a form of a megabyte at most."""
LARGEST_BODY = MOST_FILES * MOST_BYTES + 1024 * 1024
"""Four files and what is typed beside them. Werkzeug keeps half a megabyte of each in memory, the rest on disk."""

AT_ONCE, FOR_ONE = 8, 3
"""How many large bodies a process receives at a time, and from one visitor; pages keep its other threads."""

AGAIN = "Choisissez de nouveau vos fichiers\N{NO-BREAK SPACE}: ils n’ont pas été gardés avec le reste."
_NBSP = "\N{NO-BREAK SPACE}"
TOO_LARGE = f"Un fichier pèse plus de {wording.weight(MOST_BYTES)}{_NBSP}: allégez-le ou partagez-le en plusieurs."

_places = Places(AT_ONCE, each=FOR_ONE)


def make_room() -> None:
    """Let this page take files from whoever has, or had, a session here; a stranger's body stays short.

    Ends the page with 503 when `AT_ONCE` are being received, or `FOR_ONE` of the same visitor: whoever sends
    holds a thread until the end.
    """
    sender = context.session().content.owner if flask.request.endpoint in PAGES else None
    if sender is None:
        return
    if (flask.request.content_length or LARGEST_BODY) > flask.current_app.config["MAX_CONTENT_LENGTH"]:
        if not _places.take(sender):
            flask.abort(503)
        flask.g.receives_files = sender
    flask.request.max_content_length = LARGEST_BODY


def leave_room(_error: BaseException | None) -> None:
    """Once a page is answered, whoever comes next may send files."""
    if sender := flask.g.pop("receives_files", None):
        _places.give_back(sender)


def chosen(form: forms.Form, *, most: int = MOST_FILES, missing: str = "") -> tuple[forms.Form, list[Chosen]]:
    """Return the files sent, and the form with a sentence for each that cannot be accepted.

    `missing` is said when there is none at all.
    """
    sent = [each for each in flask.request.files.getlist(FIELD) if each.filename]
    if len(sent) > most:
        return form.with_error(_too_many(len(sent), most), FIELD), []
    if not sent and missing:
        return form.with_error(missing, FIELD), []
    accepted = []
    for each in sent:
        media_type = files.nature(_head(each))
        if (wrong := _wrong(each, media_type)) or media_type is None:
            form = form.with_error(wrong, FIELD)
        else:
            name = files.cleaned(each.filename or "", media_type)
            accepted.append(Chosen(name=name, media_type=media_type, source=each.stream))
    return form, accepted


def to_choose_again(form: forms.Form) -> forms.Form:
    """The form as it is drawn once refused: a browser never gives back the files it was given."""
    sent = any(each.filename for each in flask.request.files.getlist(FIELD))
    return form.with_error(AGAIN, FIELD) if sent and FIELD not in form.errors else form


def attach(
    request_id: UUID, files_chosen: Sequence[Chosen], deed: Callable[[tuple[AttachedFile, ...]], int]
) -> int:
    """Store the files where the town keeps them, do the deed, and return its position (see `attach_files`)."""
    try:
        return attach_files(context.portal(), root=root(), request_id=request_id, chosen=files_chosen, deed=deed)
    except files.TooLarge:
        raise Invalid("Too large a file", {FIELD: [TOO_LARGE]}) from None


def root() -> Path:
    """The folder of every file."""
    return files.folder(context.shell().settings.files_url)


def _head(sent: FileStorage) -> bytes:
    head = sent.stream.read(files.HEAD_BYTES)
    sent.stream.seek(0)
    return head


def _wrong(sent: FileStorage, media_type: str | None) -> str:
    """What is wrong with a file and what to do about it; nothing when it can be accepted."""
    size = sent.stream.seek(0, os.SEEK_END)
    sent.stream.seek(0)
    name = f"«{_NBSP}{files.cleaned(sent.filename or '', media_type or '')}{_NBSP}»"
    if size == 0:
        return f"Le fichier {name} est vide{_NBSP}: vérifiez-le, puis choisissez-le de nouveau."
    if size > MOST_BYTES:
        said, most = wording.weight(size), wording.weight(MOST_BYTES)
        return (
            f"Le fichier {name} pèse {said}, pour {most} au plus{_NBSP}: allégez-le ou partagez-le en plusieurs."
        )
    if media_type is None:
        return (
            f"Le fichier {name} n’est ni un PDF ni une image JPEG ou PNG{_NBSP}:"
            " enregistrez-le en PDF, puis choisissez-le."
        )
    return ""


def _too_many(number: int, most: int) -> str:
    if most < 1:
        return f"Cette pièce a déjà {MOST_FILES} fichiers{_NBSP}: retirez-en d’abord, ou ajoutez une autre pièce."
    return f"Choisissez {wording.count(most, 'fichier', 'fichiers')} au plus{_NBSP}: vous en avez choisi {number}."
