"""What the desk asks and decides: a complement, a decision, the archives, opening again."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from espace_citoyen.aggregates.requests import Correction, Decision, Status
from espace_citoyen.commands.requests import archive_request, decide, reopen, request_correction
from espace_citoyen.deadlines import paris_day
from espace_citoyen.web import context, forms
from espace_citoyen.web.requests import deeds
from espace_citoyen.web.requests.deeds import Deed
from espace_citoyen.web.requests.view import View
from espace_citoyen.web.schemas.staff import OUTCOMES, CorrectionAsked, Reopening, Ruling
from espace_citoyen.web.staff import blueprint
from espace_citoyen.web.staff.treatment import pages

TIME_GIVEN = timedelta(days=15)
"""What is proposed to whoever asks for a complement; the agent changes it at will."""
ASKED_BACK = "Le complément est demandé. L’usager en est prévenu."
DECIDED = "La décision est enregistrée. L’usager en est prévenu."
ARCHIVED = "La demande {} est archivée."
REOPENED = "La demande est rouverte\N{NO-BREAK SPACE}: elle est de nouveau en instruction."


@blueprint.get("/agents/demandes/<reference>/complement", endpoint="correction")
def correction_page(reference: str) -> str:
    """« Demander un complément »."""
    due_on = paris_day(context.now()) + TIME_GIVEN
    return pages.asked(
        reference, "correction", lambda _: forms.blank(CorrectionAsked(), due_on=due_on.isoformat())
    )


@blueprint.post("/agents/demandes/<reference>/complement")
def correction_asked(reference: str) -> ResponseReturnValue:
    """Give the request back to the citizen, with what is missing."""
    return pages.sent(reference, "correction", lambda _: forms.sent(CorrectionAsked()), _asking_back)


@blueprint.get("/agents/demandes/<reference>/decision", endpoint="decision")
def decision_page(reference: str) -> str:
    """« Décider »."""
    return pages.asked(reference, "decide", lambda _: forms.blank(Ruling()))


@blueprint.post("/agents/demandes/<reference>/decision")
def decided(reference: str) -> ResponseReturnValue:
    """Accept, refuse or close without action."""
    return pages.sent(reference, "decide", lambda _: forms.sent(Ruling()), _deciding)


@blueprint.post("/agents/demandes/<reference>/archivage")
def archived(reference: str) -> ResponseReturnValue:
    """« Archiver »: one button."""
    return pages.sent(reference, "archive", lambda _: forms.Form(schema=Schema()), _archiving)


@blueprint.get("/agents/demandes/<reference>/reouverture", endpoint="reopening")
def reopening_page(reference: str) -> str:
    """« Rouvrir », a manager's."""
    return pages.asked(reference, "reopen", lambda _: forms.blank(Reopening()))


@blueprint.post("/agents/demandes/<reference>/reouverture")
def reopened(reference: str) -> ResponseReturnValue:
    """Take a decided case up again."""
    return pages.sent(reference, "reopen", lambda _: forms.sent(Reopening()), _reopening)


def _asking_back(view: View, form: forms.Form) -> Deed:
    def act() -> int:
        correction = Correction(
            correction_id=deeds.sent_id(),
            text=form.data["text"],
            missing=tuple(form.data.get("missing", "").splitlines()),
            due_on=form.data.get("due_on"),
        )
        return request_correction(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            correction=correction,
            seen=deeds.seen(),
        )

    return Deed(act=act, done=ASKED_BACK, leads_to=view.address("historique"))


def _deciding(view: View, form: forms.Form) -> Deed:
    def act() -> int:
        outcome = Status(OUTCOMES[form.data["outcome"]])
        ruling = Decision(decision_id=deeds.sent_id(), outcome=outcome, reasons=form.data.get("reasons", ""))
        return decide(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            decision=ruling,
            seen=deeds.seen(),
        )

    return Deed(act=act, done=DECIDED, leads_to=view.address("historique"))


def _archiving(view: View, _form: forms.Form) -> Deed:
    return Deed(
        act=lambda: archive_request(
            context.portal(), at=context.now(), actor=context.actor(), request_id=view.row.request_id
        ),
        done=ARCHIVED.format(view.row.reference),
        leads_to=flask.url_for("staff.queue"),
    )


def _reopening(view: View, form: forms.Form) -> Deed:
    return Deed(
        act=lambda: reopen(
            context.portal(),
            at=context.now(),
            actor=context.actor(),
            request_id=view.row.request_id,
            reasons=form.data["reasons"],
            seen=deeds.seen(),
        ),
        done=REOPENED,
        leads_to=view.address("historique"),
    )
