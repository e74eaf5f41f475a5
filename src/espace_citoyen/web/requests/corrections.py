"""Completing a request that the town sent back: its questions with the present answers, then « Renvoyer »."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.procedures import Procedure, ProcedureVersion
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Invalid, NotNow
from espace_citoyen.commands.requests import send_back
from espace_citoyen.projections import tabs
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests.deeds import Deed, perform, sent_id
from espace_citoyen.web.requests.show import frame_of
from espace_citoyen.web.requests.view import View, look
from espace_citoyen.web.schemas.procedures import QUESTION, answers_of, correction_form

STEP = "Compléter ma demande"
DONE = "Votre demande est renvoyée au service, qui reprend son instruction."
OVER = "La mairie ne vous demande plus de compléter cette demande\N{NO-BREAK SPACE}: rien n’a été enregistré."
ASKED_ANEW = (
    "La mairie vient de demander autre chose. Vos réponses sont conservées"
    "\N{NO-BREAK SPACE}: lisez ce qu’elle demande maintenant, puis renvoyez."
)


def ask(reference: str) -> ResponseReturnValue:
    """The page of the correction; one that has nothing to correct any more leads back to the request."""
    view = look(reference)
    if view.request.correction is None or not view.request.is_open:
        return flask.redirect(view.address("demande"), 303)
    answers = {QUESTION + name: _typed(answer) for name, answer in view.request.answers.items()}
    return _page(view, forms.blank(correction_form(_version(view)), **answers))


def give_back(reference: str) -> ResponseReturnValue:
    """« Renvoyer »: the request goes back to the town; refused answers are drawn again, nothing lost."""
    view = look(reference)
    form = _checked(_version(view), forms.sent(correction_form(_version(view))))
    deed = Deed(
        act=lambda: _send_back(view, form, sent_id()),
        done=DONE,
        leads_to=view.address("demande"),
        overtaken=ASKED_ANEW,
    )
    return perform(form, deed, lambda refused: _page(look(reference), refused))


def _send_back(view: View, form: forms.Form, correction_id: UUID) -> int:
    """Send back what this page was asked for: twice is once, and nothing goes out that was not asked."""
    present = view.request.correction
    if present is None or present.correction_id != correction_id:
        known = {each.asked.correction_id: each.word for each in tabs.corrections(view.events)}
        if known.get(correction_id) is None:
            raise ChangedMeanwhile("Something else is asked") if present else NotNow(OVER)
    return send_back(
        context.portal(),
        at=context.now(),
        actor=context.actor(),
        request_id=view.request.id,
        correction_id=correction_id,
        answers=answers_of(form.data),
        text=form.data.get("text", ""),
    )


def _page(view: View, form: forms.Form) -> str:
    questions = [name for name in form.schema.fields if name.startswith(QUESTION)]
    around = frame_of(view, step=STEP)
    return flask.render_template(
        "requests/complement.html", form=form, questions=questions, completing=True, **around
    )


def _checked(version: ProcedureVersion, form: forms.Form) -> forms.Form:
    """The same form with all that the procedure would refuse, in the order of the page."""
    try:
        version.check(answers_of(form.data))
    except Invalid as refusal:
        said = {QUESTION + name: sentences for name, sentences in refusal.fields.items()} | {**form.errors}
        return replace(form, errors={name: said[name] for name in form.schema.fields if name in said})
    return form


def _typed(answer: Any) -> Any:
    """An answer as it would have been typed."""
    return answer if isinstance(answer, bool) else "" if answer is None else str(answer)


def _version(view: View) -> ProcedureVersion:
    """The version of the form under which the request was filed, asked of the procedure once a page."""
    if "filed_under" not in flask.g:
        procedure = context.portal().get(Procedure, view.request.procedure_id)
        flask.g.filed_under = procedure.versions[view.request.procedure_version]
    version: ProcedureVersion = flask.g.filed_under
    return version
