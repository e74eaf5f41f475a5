"""Event → mail → recipient (S45): which events of a request are told by a mail, which are not, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from espace_citoyen.aggregates.events import Event
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.store.log import RecordedEvent

APPLICANT = "applicant"

Concerns = Callable[[Sequence[RecordedEvent], RecordedEvent], bool]


@dataclass(frozen=True)
class Mailing:
    """That an event is told by a mail: with which template, why, to whom, and which events of its class."""

    template: str
    why: str
    recipient: str = APPLICANT
    concerns: Concerns = lambda _events, _told: True


def _from_the_town(_events: Sequence[RecordedEvent], told: RecordedEvent) -> bool:
    return bool(told.envelope["side"] == Side.TOWN.value)


def _by_the_town_alone(events: Sequence[RecordedEvent], told: RecordedEvent) -> bool:
    return _from_the_town(events, told) and told.envelope["exchange_id"] is None


def _not_with_the_request(events: Sequence[RecordedEvent], told: RecordedEvent) -> bool:
    following = next((each for each in events if each.version == told.version + 1), None)
    return following is None or following.topic != ServiceRequest.Cancelled.TOPIC


MAILINGS: Mapping[type[Event], Mailing] = {
    ServiceRequest.Acknowledged: Mailing("acknowledgement", "the law asks for it (CRPA L112-11)"),
    ServiceRequest.ExchangeSent: Mailing(
        "new_message", "an answer is waited for; what the citizen wrote they know", concerns=_from_the_town
    ),
    ServiceRequest.AttachmentAdded: Mailing(
        "attachment_added",
        "a paper of the town's is often what was asked for; with a message, that message names it",
        concerns=_by_the_town_alone,
    ),
    ServiceRequest.CorrectionRequested: Mailing("correction_requested", "something to do, by a day (CRPA L114-5)"),
    ServiceRequest.Decided: Mailing("decided", "a decision counts from when it is told (CRPA L221-8)"),
    ServiceRequest.SettledBySilence: Mailing("settled_by_silence", "nobody else would tell that a day has passed"),
    ServiceRequest.Reopened: Mailing("reopened", "what was told before no longer holds"),
    ServiceRequest.AppointmentBooked: Mailing("appointment_booked", "a day, an hour and a place to keep"),
    ServiceRequest.AppointmentMoved: Mailing("appointment_moved", "one of the two days must be forgotten"),
    ServiceRequest.AppointmentCancelled: Mailing(
        "appointment_cancelled",
        "nobody should come; when the request goes with it, that mail says so",
        concerns=_not_with_the_request,
    ),
    ServiceRequest.PassedOn: Mailing("passed_on", "another telephone number answers from now on (CRPA L114-2)"),
    ServiceRequest.Cancelled: Mailing("cancelled", "it cannot be undone, and may not be their own doing"),
    ServiceRequest.LinkedToAccount: Mailing("linked", "the tracking link they were given no longer opens"),
}
"""What is told, to the applicant. The town is told nothing by mail: its queue and its badges wait for it."""

UNTOLD: Mapping[type[Event], str] = {
    ServiceRequest.Submitted: "the acknowledgement of the same save says it",
    ServiceRequest.ExchangeRead: "nothing to do about it; « Échanges » shows it",
    ServiceRequest.AttachmentReplaced: "« Historique » shows it; what matters comes with a message",
    ServiceRequest.AttachmentRemoved: "« Historique » shows it; what matters comes with a message",
    ServiceRequest.TakenUp: "nothing to do about it, and the next step will be told",
    ServiceRequest.Assigned: "who holds the pen inside the department changes nothing for the applicant",
    ServiceRequest.NoteAdded: "for the services alone (P08)",
    ServiceRequest.CorrectionSentBack: "the applicant's own deed, confirmed on the page; the town has its queue",
    ServiceRequest.Archived: "the decision was told already, and nothing is left to do",
    ServiceRequest.Erased: "nothing is left to write to, nor with",
}
"""What is told by no mail, and why."""
