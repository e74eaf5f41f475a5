"""What people of the demo do to a request, as the stories tell it; each through a command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.appointments import Agenda
from espace_citoyen.aggregates.requests import Correction, Decision, Status
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.deadlines import paris_day


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where and when a deed is done: on which request, by whom; `people` by name, `agendas` by name."""

    portal: Portal
    at: datetime
    actor: Actor
    request_id: UUID
    people: dict[str, Actor]
    agendas: dict[str, UUID]
    today: datetime


Deed = Callable[[Scene], object]


def says(text: str, *, read_by: str = "") -> Deed:
    """Write a message; somebody of the other side opens it three hours later, or nobody yet."""

    def do(scene: Scene) -> None:
        given = {"request_id": scene.request_id}
        message = requests.Message(exchange_id=uuid4(), text=text)
        requests.send_exchange(scene.portal, at=scene.at, actor=scene.actor, message=message, **given)
        if read_by:
            requests.read_exchange(
                scene.portal,
                at=scene.at + timedelta(hours=3),
                actor=scene.people[read_by],
                exchange_id=message.exchange_id,
                **given,
            )

    return do


def takes_it_up(scene: Scene) -> None:
    """Look after the request from now on."""
    requests.take_up(scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id)


def notes(text: str) -> Deed:
    """Note something for the services alone."""
    return lambda scene: requests.add_note(
        scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id, note_id=uuid4(), text=text
    )


def asks_for(text: str, *missing: str, within: int) -> Deed:
    """Ask the applicant to complete the request within so many days of the demo's day."""

    def do(scene: Scene) -> None:
        due_on = paris_day(scene.today) + timedelta(days=within)
        correction = Correction(correction_id=uuid4(), text=text, missing=missing, due_on=due_on)
        requests.request_correction(
            scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id, correction=correction
        )

    return do


def decides(outcome: Status, reasons: str) -> Deed:
    """Decide, with reasons."""

    def do(scene: Scene) -> None:
        decision = Decision(decision_id=uuid4(), outcome=outcome, reasons=reasons)
        requests.decide(
            scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id, decision=decision
        )

    return do


def archives(scene: Scene) -> None:
    """Put the request away."""
    requests.archive_request(scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id)


def cancels(reasons: str) -> Deed:
    """Give the request up."""
    return lambda scene: requests.cancel_request(
        scene.portal, at=scene.at, actor=scene.actor, request_id=scene.request_id, reasons=reasons
    )


def books(agenda_name: str, *, step: int = 1) -> Deed:
    """Book a place of an agenda on the next working day, that many steps after it opens."""

    def do(scene: Scene) -> None:
        agenda = scene.portal.get(Agenda, scene.agendas[agenda_name])
        first = paris_day(scene.today) + timedelta(days=1)
        offered = sorted({each.starts_at for each in agenda.steps(first, first + timedelta(days=7))})
        requests.book_appointment(
            scene.portal,
            at=scene.at,
            actor=scene.actor,
            request_id=scene.request_id,
            appointment_id=uuid4(),
            wish=(agenda.id, offered[step]),
        )

    return do
