"""What each tab of a request shows, made from its view; a form that was refused is drawn again in its place."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from espace_citoyen import labels
from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.projections import tabs
from espace_citoyen.web import context, forms, wording
from espace_citoyen.web.requests.meetings import meetings
from espace_citoyen.web.requests.view import View
from espace_citoyen.web.schemas.exchanges import NewExchange

AUDIENCES: Mapping[str, str] = {"citizen": labels.CITIZEN, "staff": labels.STAFF, "audit": labels.AUDITOR}
"""Who reads, by door."""

Content = dict[str, Any]


def _applicant(view: View, _form: forms.Form | None) -> Content:
    return {"applicant": view.request.applicant}


def _answers(view: View, _form: forms.Form | None) -> Content:
    request = view.request
    version = context.portal().get(Procedure, request.procedure_id).versions[request.procedure_version]
    corrections = tabs.corrections(view.events)[::-1]
    return {
        "answers": wording.answered(version, request.answers),
        "rulings": tabs.rulings(view.events)[::-1],
        "corrections": [(each, wording.changed(version, each.before, each.after)) for each in corrections],
        "cancelled": tabs.cancelled(view.events),
    }


def _history(view: View, _form: forms.Form | None) -> Content:
    rulings = tabs.rulings(view.events)[::-1]
    return {"history": tabs.history(view.events, audience=AUDIENCES[view.door]), "rulings": rulings}


def _exchanges(view: View, form: forms.Form | None) -> Content:
    """The latest message first."""
    messages = tabs.exchanges(view.events, side=view.side)[::-1]
    return {"messages": messages, "form": form or forms.blank(NewExchange()), "new_id": uuid4()}


def _attachments(view: View, _form: forms.Form | None) -> Content:
    return {"papers": tabs.attachments(view.events, side=view.side)}


def _appointments(view: View, _form: forms.Form | None) -> Content:
    return {"meetings": meetings(view), "lasting": wording.lasting}


CONTENTS: Mapping[str, Callable[[View, forms.Form | None], Content]] = {
    "demandeur": _applicant,
    "demande": _answers,
    "historique": _history,
    "echanges": _exchanges,
    "pieces": _attachments,
    "rendez-vous": _appointments,
}
"""By the address of the tab."""
