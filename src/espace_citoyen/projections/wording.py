"""An event as a sentence, with the words of its facts: who did what, to what, for when."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from espace_citoyen import dates
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.labels import LABELS, STATUS, SUBJECT
from espace_citoyen.store.log import RecordedEvent

Words = Mapping[str, str]


def sentence(event: RecordedEvent) -> str:
    """Tell an event; one that is erased, without its name and facts."""
    said = event.event
    if said is None:
        return LABELS[event.topic].told(event.envelope.get("actor_name") or SUBJECT[event.envelope["actor_kind"]])
    actor = said.actor_name or SUBJECT[said.actor_kind]
    if said.on_behalf_of:
        actor = f"{actor}, pour {said.on_behalf_of},"
    worded = _WORDS.get(event.topic)
    return LABELS[event.topic].told(actor, worded(said) if worded else None)


def _status(said: Any) -> Words:
    return {"status": STATUS[said.status]}


def _entrusted(said: Any) -> Words:
    by_themselves = said.assignee_id == said.actor_id
    whom = "pris la demande à sa charge" if by_themselves else f"confié la demande à {said.assignee_name}"
    return {"entrusted": whom}


def _before(said: Any) -> Words:
    return {"before": f" au plus tard le {dates.day(said.due_on)}" if said.due_on else ""}


def _title(said: Any) -> Words:
    return {"title": said.content["title"]}


def _slot(said: Any) -> Words:
    return {"slot": _moment(said.slot)}


def _moment(slot: Mapping[str, str]) -> str:
    return dates.moment(datetime.fromisoformat(slot["starts_at"]))


_WORDS: Mapping[str, Callable[[Any], Words]] = {
    ServiceRequest.Assigned.TOPIC: _entrusted,
    ServiceRequest.PassedOn.TOPIC: lambda said: {"department": said.department_name},
    ServiceRequest.CorrectionRequested.TOPIC: _before,
    ServiceRequest.Decided.TOPIC: _status,
    ServiceRequest.SettledBySilence.TOPIC: _status,
    ServiceRequest.AttachmentAdded.TOPIC: _title,
    ServiceRequest.AttachmentReplaced.TOPIC: _title,
    ServiceRequest.AttachmentRemoved.TOPIC: lambda said: {"title": said.title},
    ServiceRequest.AppointmentBooked.TOPIC: _slot,
    ServiceRequest.AppointmentMoved.TOPIC: lambda said: {"former": _moment(said.former_slot), **_slot(said)},
    ServiceRequest.AppointmentCancelled.TOPIC: _slot,
}
"""What the full sentence of an event asks for (see `labels`), from its facts."""
