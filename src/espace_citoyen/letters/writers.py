"""What each letter says besides names and reference: by template, its facts and the tab that shows them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from espace_citoyen import dates
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.requests.appointments import slot_of
from espace_citoyen.aggregates.requests.attachments import content_of
from espace_citoyen.labels import STATUS
from espace_citoyen.letters.story import Story
from espace_citoyen.mail import Letter, compose


@dataclass(frozen=True)
class Writer:
    """The tab that a letter leads to, and what its template asks for."""

    tab: str
    facts: Callable[[Story], dict[str, Any]]


def letter(story: Story, template: str) -> Letter:
    """Write the letter that tells the last event of a story; the acknowledgement is sent word for word."""
    said = story.said
    if template == "acknowledgement":
        return Letter(said.subject, said.text)
    common = {
        "applicant": story.name,
        "reference": said.reference,
        "title": story.title,
        "author": said.actor_name,
        "capacity": said.actor_capacity,
        "by_town": story.by_town,
        "day": dates.day(said.timestamp),
        "department": story.department.name,
        **vars(story.department.contact),
    }
    return compose(template, **(common | WRITERS[template].facts(story)))


def _nothing_more(_story: Story) -> dict[str, Any]:
    return {}


def _new_message(story: Story) -> dict[str, Any]:
    sent = [
        each for each in story.of(ServiceRequest.AttachmentAdded) if each.exchange_id == story.said.exchange_id
    ]
    names = [file.name for each in sent for file in content_of(each.content).files]
    return {"text": story.said.text.strip(), "files": names}


def _attachment_added(story: Story) -> dict[str, Any]:
    content = content_of(story.said.content)
    return {"paper": content.title, "files": [file.name for file in content.files]}


def _correction_requested(story: Story) -> dict[str, Any]:
    said = story.said
    due_on = dates.weekday(said.due_on) if said.due_on else ""
    return {"text": said.text, "missing": said.missing, "due_on": due_on}


def _decided(story: Story) -> dict[str, Any]:
    said = story.said
    return {"outcome": _outcome(said), "reasons": said.reasons, "decided_on": dates.day(said.timestamp)}


def _settled_by_silence(story: Story) -> dict[str, Any]:
    return {"outcome": _outcome(story.said), "effective_on": dates.day(story.said.effective_on)}


def _reopened(story: Story) -> dict[str, Any]:
    return {"reasons": story.said.reasons}


def _appointment(story: Story) -> dict[str, Any]:
    return _meeting(story.said.slot)


def _appointment_moved(story: Story) -> dict[str, Any]:
    former = _meeting(story.said.former_slot)
    return _meeting(story.said.slot) | {f"former_{name}": told for name, told in former.items()}


def _cancelled(story: Story) -> dict[str, Any]:
    former = story.events[-2]
    freed = former.event.slot if former.topic == ServiceRequest.AppointmentCancelled.TOPIC else None
    return {"freed": _meeting(freed)["moment"] if freed else ""}


def _meeting(fact: dict[str, Any]) -> dict[str, str]:
    slot = slot_of(fact)
    return {"day": dates.day(slot.starts_at), "moment": dates.moment(slot.starts_at), "place": slot.place}


def _outcome(said: Any) -> str:
    return STATUS[said.status].lower()


WRITERS: Mapping[str, Writer] = {
    "acknowledgement": Writer("historique", _nothing_more),
    "new_message": Writer("echanges", _new_message),
    "attachment_added": Writer("pieces", _attachment_added),
    "correction_requested": Writer("historique", _correction_requested),
    "decided": Writer("historique", _decided),
    "settled_by_silence": Writer("historique", _settled_by_silence),
    "reopened": Writer("historique", _reopened),
    "appointment_booked": Writer("rendez-vous", _appointment),
    "appointment_moved": Writer("rendez-vous", _appointment_moved),
    "appointment_cancelled": Writer("rendez-vous", _appointment),
    "passed_on": Writer("historique", _nothing_more),
    "cancelled": Writer("historique", _cancelled),
    "linked": Writer("historique", _nothing_more),
}
"""By template, who writes it."""
