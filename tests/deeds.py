"""Camille's request and what can be done to it, as deeds for a `Scenario`; on a Monday unless said otherwise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel, Role
from espace_citoyen.aggregates.requests import (
    AttachedFile,
    AttachmentContent,
    BookedSlot,
    Correction,
    Decision,
    Deposit,
    ServiceRequest,
    Status,
)
from espace_citoyen.demo.cast import CIVIL, EDUCATION
from people import ALEX, CAMILLE, CAMILLE_PERSON, DEPARTMENT_IDS, DOMINIQUE, INES, MONDAY, NADIA, SAMIR, SYSTEM

Deed = Callable[[ServiceRequest], object]

REQUEST, PROCEDURE, AGENDA = UUID(int=1001), UUID(int=2001), UUID(int=6001)
MESSAGE, PAPER, MEETING, SECOND_MEETING = UUID(int=3001), UUID(int=3101), UUID(int=3201), UUID(int=3202)
ASKING, RULING, NOTE = UUID(int=3301), UUID(int=3401), UUID(int=3501)

MAUD = replace(
    DOMINIQUE, id=UUID(int=9), name="Maud Lenoir", capacity="Responsable", roles=frozenset({Role.MANAGER})
)
"""The manager of « État civil »."""
COLLEAGUE = replace(DOMINIQUE, id=UUID(int=10), name="Claude Petit", capacity="Agent d’accueil")
LINK_HOLDER = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=REQUEST, name=CAMILLE_PERSON.full_name)
"""Whoever holds the link of this very request."""
AT_THE_COUNTER = replace(DOMINIQUE, channel=Channel.COUNTER, on_behalf_of=CAMILLE_PERSON.full_name)
"""Dominique, who does at the counter what Camille asks for."""
STRANGERS = (NADIA, SAMIR, ALEX, INES, SYSTEM, replace(LINK_HOLDER, id=UUID(int=1002)), LINK_HOLDER)
"""Those whom a request filed from Camille's account is none of the business of."""

FILE = AttachedFile(
    file_id=UUID(int=6201), name="acte.pdf", media_type="application/pdf", size=12, sha256="ab" * 32
)
CONTENT = AttachmentContent(kind="Justificatif", title="Acte", note="Recto", files=(FILE,))
NINE = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""Nine o'clock in Paris, on the Tuesday after."""


def deposit(*, exchanges: bool = True, appointments: str = "optional") -> Deposit:
    return Deposit(
        reference="7K3F-9QX2",
        procedure_id=PROCEDURE,
        procedure_version=3,
        department_id=DEPARTMENT_IDS[CIVIL],
        exchanges=exchanges,
        appointments=appointments,
        agenda_id=None if appointments == "none" else AGENDA,
        applicant=CAMILLE_PERSON,
        answers={"nom": "Rousseau"},
    )


def filed(who: Actor = CAMILLE, *, appointments: str = "optional") -> Callable[[], ServiceRequest]:
    return lambda: ServiceRequest.submit(
        id=REQUEST, at=MONDAY, actor=who, deposit=deposit(appointments=appointments)
    )


def written(who: Actor = CAMILLE, text: str = "Bonjour") -> Deed:
    return lambda request: request.send_exchange(at=MONDAY, actor=who, exchange_id=MESSAGE, text=text)


def taken_up(who: Actor = DOMINIQUE) -> Deed:
    return lambda request: request.take_up(at=MONDAY, actor=who)


def assigned(who: Actor = DOMINIQUE, to: Actor = COLLEAGUE, seen: int | None = None) -> Deed:
    return lambda request: request.assign(at=MONDAY, actor=who, assignee=to, seen=seen)


def passed_on(
    who: Actor = MAUD, to: str = EDUCATION, reasons: str = "C’est pour vous.", seen: int | None = None
) -> Deed:
    there = (DEPARTMENT_IDS[to], to)
    return lambda request: request.pass_on(at=MONDAY, actor=who, to=there, reasons=reasons, seen=seen)


def noted(who: Actor = DOMINIQUE, text: str = "À rappeler.") -> Deed:
    return lambda request: request.add_note(at=MONDAY, actor=who, note_id=NOTE, text=text)


def correction(
    text: str = "Il manque un acte.",
    *,
    number: int = 0,
    missing: tuple[str, ...] = ("Acte de naissance",),
    due_on: date | None = None,
) -> Correction:
    return Correction(correction_id=UUID(int=ASKING.int + number), text=text, missing=missing, due_on=due_on)


def asked_back(who: Actor = DOMINIQUE, what: Correction | None = None, seen: int | None = None) -> Deed:
    return lambda request: request.request_correction(
        at=MONDAY, actor=who, correction=what or correction(), seen=seen
    )


def sent_back(who: Actor = CAMILLE, name: str = "Roux", *, text: str = "Voici.", number: int = 0) -> Deed:
    asking = UUID(int=ASKING.int + number)
    return lambda request: request.send_back(
        at=MONDAY, actor=who, correction_id=asking, answers={"nom": name}, text=text
    )


def decided(
    who: Actor = DOMINIQUE,
    outcome: Status = Status.ACCEPTED,
    reasons: str = "Article 12.",
    *,
    number: int = 0,
    seen: int | None = None,
) -> Deed:
    ruling = Decision(decision_id=UUID(int=RULING.int + number), outcome=outcome, reasons=reasons)
    return lambda request: request.decide(at=MONDAY, actor=who, decision=ruling, seen=seen)


def settled(who: Actor = SYSTEM, outcome: Status = Status.ACCEPTED) -> Deed:
    return lambda request: request.settle_by_silence(
        at=MONDAY, actor=who, decision_id=RULING, outcome=outcome, effective_on=date(2026, 5, 2)
    )


def reopened(who: Actor = MAUD, reasons: str = "Erreur sur la date.", seen: int | None = None) -> Deed:
    return lambda request: request.reopen(at=MONDAY, actor=who, reasons=reasons, seen=seen)


def cancelled(who: Actor = CAMILLE, reasons: str = "") -> Deed:
    return lambda request: request.cancel(at=MONDAY, actor=who, reasons=reasons)


def archived(who: Actor = DOMINIQUE) -> Deed:
    return lambda request: request.archive(at=MONDAY, actor=who)


def attached(
    who: Actor = CAMILLE, content: AttachmentContent = CONTENT, attachment_id: UUID = PAPER, **more: UUID
) -> Deed:
    return lambda request: request.add_attachment(
        at=MONDAY, actor=who, attachment_id=attachment_id, content=content, **more
    )


def replaced(who: Actor = CAMILLE, seen: int | None = None, **changes: object) -> Deed:
    content = replace(CONTENT, **changes)  # type: ignore[arg-type]  # the fields of the content, by name
    return lambda request: request.replace_attachment(
        at=MONDAY, actor=who, attachment_id=PAPER, content=content, seen=seen
    )


def removed(who: Actor = CAMILLE, seen: int | None = None) -> Deed:
    return lambda request: request.remove_attachment(at=MONDAY, actor=who, attachment_id=PAPER, seen=seen)


def slot(starts_at: datetime = NINE) -> BookedSlot:
    return BookedSlot(
        slot_id=UUID(int=6100 + starts_at.hour),
        agenda_id=AGENDA,
        place="Hôtel de ville",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
    )


def booked(
    who: Actor = CAMILLE, starts_at: datetime = NINE, *, at: datetime = MONDAY, appointment_id: UUID = MEETING
) -> Deed:
    return lambda request: request.book_appointment(
        at=at, actor=who, appointment_id=appointment_id, slot=slot(starts_at)
    )


def moved(
    who: Actor = CAMILLE,
    starts_at: datetime = NINE + timedelta(hours=1),
    *,
    at: datetime = MONDAY,
    seen: int | None = None,
) -> Deed:
    return lambda request: request.move_appointment(
        at=at, actor=who, former_id=MEETING, appointment_id=SECOND_MEETING, slot=slot(starts_at), seen=seen
    )


def dropped(
    who: Actor = CAMILLE, appointment_id: UUID = MEETING, *, at: datetime = MONDAY, seen: int | None = None
) -> Deed:
    return lambda request: request.cancel_appointment(at=at, actor=who, appointment_id=appointment_id, seen=seen)


def linked(actor: Actor = NADIA, holder: Actor = LINK_HOLDER) -> Deed:
    return lambda request: request.link_to_account(at=MONDAY, actor=actor, holder=holder)
