"""The appointments of a request as a page lists them, each with what the visitor may do about it (S30)."""

from dataclasses import dataclass
from uuid import UUID

from espace_citoyen.aggregates.procedures import MANDATORY, NO_APPOINTMENT
from espace_citoyen.aggregates.requests.appointments import NEEDED
from espace_citoyen.projections import tabs
from espace_citoyen.projections.tabs import Meeting
from espace_citoyen.web.requests.view import View

BY_THE_TOWN = "Le service a fixé ce rendez-vous. Pour en changer, écrivez-lui ou appelez la mairie."


@dataclass(frozen=True, kw_only=True)
class Planned:
    """An appointment in a list; `why_not` says why a gesture that one would expect is not offered."""

    meeting: Meeting
    may_move: bool = False
    may_cancel: bool = False
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Meetings:
    """The appointments of a request: those to come, the next one first, then those gone by and those cancelled."""

    to_come: list[Planned]
    past: list[Planned]
    cancelled: list[Planned]
    may_add: bool

    @property
    def groups(self) -> list[tuple[str, str, list[Planned]]]:
        """The lists that hold something, under their titles, with the word for each of their appointments."""
        every = [
            ("À venir", "À venir", self.to_come),
            ("Passés", "Passé", self.past),
            ("Annulés", "Annulé", self.cancelled),
        ]
        return [group for group in every if group[2]]


def meetings(view: View) -> Meetings:
    """What « Rendez-vous » lists, at the instant looked at."""
    every = sorted(tabs.appointments(view.events), key=lambda meeting: meeting.slot.starts_at)
    standing = [meeting for meeting in every if meeting.cancelled_at is None]
    to_come = [_planned(view, meeting) for meeting in standing if meeting.is_to_come(view.now)]
    past = [Planned(meeting=meeting) for meeting in standing if not meeting.is_to_come(view.now)]
    cancelled = [Planned(meeting=meeting) for meeting in every if meeting.cancelled_at is not None]
    return Meetings(to_come=to_come, past=past[::-1], cancelled=cancelled[::-1], may_add=may_add(view))


def meeting_of(view: View, appointment_id: UUID) -> Planned | None:
    """An appointment to come of this request, None when it is none (any more)."""
    return next((each for each in meetings(view).to_come if each.meeting.appointment_id == appointment_id), None)


def may_add(view: View) -> bool:
    """Whether the visitor may book: none is to come, and for the applicant, the procedure has appointments."""
    request = view.request
    offered = view.door == "staff" or request.appointments_are != NO_APPOINTMENT
    return _may_act(view) and offered and request.upcoming(view.now) is None


def _planned(view: View, meeting: Meeting) -> Planned:
    if not _may_act(view):
        return Planned(meeting=meeting)
    if view.door == "staff":
        return Planned(meeting=meeting, may_move=True, may_cancel=True)
    mandatory = view.request.appointments_are == MANDATORY
    movable = view.request.agenda_id is not None
    why_not = NEEDED if mandatory else "" if movable else BY_THE_TOWN
    return Planned(meeting=meeting, may_move=movable, may_cancel=not mandatory, why_not=why_not)


def _may_act(view: View) -> bool:
    return view.door in ("citizen", "staff") and view.as_of is None and view.request.is_open
