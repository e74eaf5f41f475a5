"""What is done on « Pièces jointes »: adding, changing and removing what one's own side put there (S29)."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from espace_citoyen.aggregates.refusals import NotFound, NotNow
from espace_citoyen.aggregates.requests import AttachedFile, AttachmentContent
from espace_citoyen.aggregates.requests.attachments import MOST_FILES
from espace_citoyen.commands.requests import add_attachment, remove_attachment, replace_attachment
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import Paper
from espace_citoyen.web import context, forms, uploads, wording
from espace_citoyen.web.requests.deeds import Deed, perform, seen, sent_id
from espace_citoyen.web.requests.show import frame_of
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.schemas.attachments import attachment_form

TAB = "pieces"
ADDING, CHANGING, REMOVING = "Ajouter une pièce jointe", "Modifier une pièce jointe", "Supprimer une pièce jointe"
ADDED, CHANGED, REMOVED = "La pièce est ajoutée.", "La pièce est modifiée.", "La pièce est supprimée."
NO_FILE = "Choisissez au moins un fichier."
NONE_LEFT = "Gardez ou choisissez au moins un fichier. Pour retirer toute la pièce, supprimez-la."
KEPT = "kept"
"""The name of the boxes that say which files a changed attachment keeps."""
OVERTAKEN = (
    "Les pièces ont changé entre-temps. Rien n’a été enregistré\N{NO-BREAK SPACE}:"
    " relisez ce qu’il en est maintenant, puis validez de nouveau."
)


def adding(reference: str, form: forms.Form | None = None) -> ResponseReturnValue:
    """The page of a new attachment; a request that takes none any more is shown instead."""
    view = look(reference)
    if not view.request.is_open:
        return _instead(view, form)
    form = form or forms.blank(attachment_form())
    return _page("piece", view, ADDING, form=form, new_id=uuid4(), paper=None)


def add(reference: str) -> ResponseReturnValue:
    """Add an attachment; the same form sent twice adds one."""
    view = look(reference)
    form, chosen = uploads.chosen(forms.sent(attachment_form()), missing=NO_FILE)
    ask = partial(add_attachment, **_who(view), attachment_id=sent_id())
    deed = Deed(
        act=lambda: uploads.attach(view.request.id, chosen, lambda stored: ask(content=_content(form, stored))),
        done=ADDED,
        leads_to=view.address(TAB),
    )
    return perform(form, deed, lambda refused: adding(reference, uploads.to_choose_again(refused)))


def changing(reference: str, attachment_id: UUID, form: forms.Form | None = None) -> ResponseReturnValue:
    """The page that changes an attachment; where that cannot be done, what there is is shown instead."""
    view = look(reference)
    paper = _changeable(view, attachment_id)
    if paper is None:
        return _instead(view, form)
    kept = _kept(paper) if form else paper.files
    form = form or forms.blank(attachment_form(paper.kind), kind=paper.kind, title=paper.title, note=paper.note)
    return _page("piece", view, CHANGING, form=form, paper=paper, kept_items=_boxes(paper, kept))


def change(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """Change what an attachment is: some of its files kept, others added, four at most."""
    view = look(reference)
    paper = _paper(view, attachment_id)
    if not paper.mine:
        raise NotFound("An attachment is changed by the side that put it there")
    kept = _kept(paper)
    form, chosen = uploads.chosen(
        forms.sent(attachment_form(paper.kind)), most=MOST_FILES - len(kept), missing="" if kept else NONE_LEFT
    )
    ask = partial(replace_attachment, **_who(view), attachment_id=attachment_id, seen=seen())
    deed = Deed(
        act=lambda: uploads.attach(
            view.request.id, chosen, lambda stored: ask(content=_content(form, kept + stored))
        ),
        done=CHANGED,
        leads_to=view.address(TAB),
        overtaken=OVERTAKEN,
    )
    return perform(
        form, deed, lambda refused: changing(reference, attachment_id, uploads.to_choose_again(refused))
    )


def removing(reference: str, attachment_id: UUID, form: forms.Form | None = None) -> ResponseReturnValue:
    """The page that asks whether an attachment is really to go."""
    view = look(reference)
    paper = _changeable(view, attachment_id)
    if paper is None:
        return _instead(view, form)
    return _page("piece-suppression", view, REMOVING, form=form or forms.Form(schema=Schema()), paper=paper)


def remove(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    """Take an attachment out; that it was there stays in the history."""
    view = look(reference)
    deed = Deed(
        act=lambda: remove_attachment(**_who(view), attachment_id=attachment_id, seen=seen()),
        done=REMOVED,
        leads_to=view.address(TAB),
        overtaken=OVERTAKEN,
    )
    return perform(forms.Form(schema=Schema()), deed, lambda refused: removing(reference, attachment_id, refused))


def _instead(view: View, form: forms.Form | None) -> ResponseReturnValue:
    """Where a gesture cannot be done (any more): the tab; a page that says so to whoever had sent the form."""
    if form is not None:
        raise NotNow("This attachment cannot be changed any more")
    return flask.redirect(view.address(TAB), 303)


def _who(view: View) -> dict[str, Any]:
    """What every command of this page is told."""
    asked = {"portal": context.portal(), "at": context.now(), "actor": context.actor()}
    return asked | {"request_id": view.request.id}


def _content(form: forms.Form, attached: tuple[AttachedFile, ...]) -> AttachmentContent:
    said = form.data
    return AttachmentContent(kind=said["kind"], title=said["title"], note=said.get("note", ""), files=attached)


def _paper(view: View, attachment_id: UUID) -> Paper:
    for paper in tabs.attachments(view.events, side=view.side):
        if paper.attachment_id == attachment_id:
            return paper
    raise NotFound("No such attachment")


def _changeable(view: View, attachment_id: UUID) -> Paper | None:
    """The attachment, if the visitor's side put it there and may still change it."""
    paper = _paper(view, attachment_id)
    return paper if view.request.is_open and paper.mine and not paper.removed_at else None


def _kept(paper: Paper) -> tuple[AttachedFile, ...]:
    """The files of the attachment whose boxes are ticked in the form just sent."""
    ticked = set(flask.request.form.getlist(KEPT))
    return tuple(each for each in paper.files if str(each.file_id) in ticked)


def _boxes(paper: Paper, kept: Collection[AttachedFile]) -> list[dict[str, Any]]:
    """One box per file of the attachment, ticked for those it keeps."""
    return [
        {
            "value": str(each.file_id),
            "text": f"{each.name} ({wording.weight(each.size)})",
            "checked": each in kept,
        }
        for each in paper.files
    ]


def _page(name: str, view: View, step: str, **more: Any) -> str:
    return flask.render_template(f"requests/{name}.html", **more, **frame_of(view, step=step))
