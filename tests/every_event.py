"""One of each event there is, made the way the portal makes them: a new event adds its deed here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.appointments import Agenda, Opening, Receives, Slot
from espace_citoyen.aggregates.claims import ReferenceClaim, UsernameClaim
from espace_citoyen.aggregates.events import Aggregate, Event
from espace_citoyen.aggregates.procedures import FormField, Procedure
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
from espace_citoyen.aggregates.staff import Department, StaffMember, StaffProfile
from espace_citoyen.demo.cast import CIVIL, DEPARTMENTS, EDUCATION
from people import (
    A_PASSER_BY,
    ALEX,
    CAMILLE,
    CAMILLE_PERSON,
    DEPARTMENT_IDS,
    DOMINIQUE,
    MONDAY,
    SAMIR,
    SYSTEM,
    birth_certificate,
)

REQUEST, PROCEDURE, MESSAGE = UUID(int=1001), UUID(int=2001), UUID(int=3001)
LINKED, AGENDA, ATTACHMENT, FILE = UUID(int=1002), UUID(int=6001), UUID(int=6101), UUID(int=6201)
ACCOUNT, MEMBER, NAME, REFERENCE = UUID(int=1), UUID(int=3), UUID(int=4001), UUID(int=5001)
MOTIVE = {"at": MONDAY, "actor": ALEX, "reason": "person", "visa": "DPO-2026-014"}


def every_event() -> list[Event]:
    """Return every event of a short story, several of the same class if it takes several."""
    return [
        event
        for told in (_request(), _without_account(), *_appointments(), *_people(), *_town())
        for event in told.collect_events()
    ]


def event_classes() -> list[type[Event]]:
    """Return every class of event that can be written, by topic."""
    found = {each.TOPIC: each for each in _below(Event) if not each.TOPIC.endswith((":event", ":created"))}
    return [found[topic] for topic in sorted(found)]


def _below(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _request() -> Aggregate:
    deposit = Deposit(
        reference="7K3F-9QXD",
        procedure_id=PROCEDURE,
        procedure_version=3,
        department_id=DEPARTMENT_IDS[CIVIL],
        exchanges=True,
        appointments="optional",
        agenda_id=AGENDA,
        applicant=CAMILLE_PERSON,
        answers={"nom": "Rousseau", "exemplaires": 2, "attestation": True, "motif": None},
    )
    request = ServiceRequest.submit(id=REQUEST, at=MONDAY, actor=CAMILLE, deposit=deposit)
    request.acknowledge(
        at=MONDAY,
        actor=SYSTEM,
        recipient=CAMILLE_PERSON.email,
        subject="Votre demande 7K3F-9QXD est bien arrivée",
        text="Bonjour Camille Rousseau,\n\nvotre demande est bien arrivée : {lien}",
    )
    request.send_exchange(at=MONDAY, actor=DOMINIQUE, exchange_id=MESSAGE, text="Né·e où ? « À Valombre » 🏛")
    request.read_exchange(at=MONDAY, actor=CAMILLE, exchange_id=MESSAGE)
    _followed(request)
    request.erase(**MOTIVE)
    return request


def _followed(request: ServiceRequest) -> None:
    """Everything that can happen to a request, once."""
    later = MONDAY + timedelta(days=1)
    file = AttachedFile(
        file_id=FILE, name="acte “né”.pdf", media_type="application/pdf", size=12, sha256="ab" * 32
    )
    paper = AttachmentContent(kind="Autre pièce", title="Acte", note="Recto", files=(file,))
    request.add_attachment(at=MONDAY, actor=CAMILLE, attachment_id=ATTACHMENT, content=paper)
    request.replace_attachment(
        at=MONDAY, actor=CAMILLE, attachment_id=ATTACHMENT, content=replace(paper, title="Acte de naissance")
    )
    request.remove_attachment(at=MONDAY, actor=CAMILLE, attachment_id=ATTACHMENT)
    slots = [
        BookedSlot(
            slot_id=UUID(int=6001 + hours),
            agenda_id=AGENDA,
            place="Hôtel de ville",
            starts_at=later + timedelta(hours=hours),
            ends_at=later + timedelta(hours=hours, minutes=20),
        )
        for hours in (0, 1)
    ]
    first, second = UUID(int=7001), UUID(int=7002)
    request.book_appointment(at=MONDAY, actor=CAMILLE, appointment_id=first, slot=slots[0])
    request.move_appointment(at=MONDAY, actor=CAMILLE, former_id=first, appointment_id=second, slot=slots[1])
    request.take_up(at=MONDAY, actor=DOMINIQUE)
    request.assign(at=MONDAY, actor=DOMINIQUE, assignee=replace(DOMINIQUE, id=UUID(int=9)))
    request.add_note(at=MONDAY, actor=DOMINIQUE, note_id=UUID(int=8001), text="À revoir avec l’officier.")
    asked = Correction(
        correction_id=UUID(int=8002), text="Il manque un acte.", missing=("Acte",), due_on=date(2026, 3, 31)
    )
    request.request_correction(at=MONDAY, actor=DOMINIQUE, correction=asked)
    request.send_back(
        at=MONDAY, actor=CAMILLE, correction_id=asked.correction_id, answers={"nom": "Roux"}, text="Voici."
    )
    manager = replace(SAMIR, departments=SAMIR.departments | DOMINIQUE.departments)
    for decision_id, outcome in ((8003, Status.REFUSED), (8004, Status.ACCEPTED)):
        said = Decision(decision_id=UUID(int=decision_id), outcome=outcome, reasons="Article 12.")
        request.decide(at=MONDAY, actor=DOMINIQUE, decision=said)
        request.reopen(at=MONDAY, actor=manager, reasons="Erreur sur la date.")
    there = (DEPARTMENT_IDS[EDUCATION], EDUCATION)
    request.pass_on(at=MONDAY, actor=manager, to=there, reasons="C’est pour vous.")
    request.settle_by_silence(
        at=MONDAY,
        actor=SYSTEM,
        decision_id=UUID(int=8005),
        outcome=Status.ACCEPTED,
        effective_on=date(2026, 5, 2),
    )
    request.reopen(at=MONDAY, actor=manager, reasons="À la demande du maire.")
    request.cancel(at=MONDAY, actor=CAMILLE, reasons="Je n’en ai plus besoin.")


def _without_account() -> Aggregate:
    holder = replace(A_PASSER_BY, id=LINKED)
    deposit = Deposit(
        reference="2M8P-4RTB",
        procedure_id=PROCEDURE,
        procedure_version=3,
        department_id=DEPARTMENT_IDS[CIVIL],
        exchanges=True,
        appointments="optional",
        agenda_id=AGENDA,
        applicant=CAMILLE_PERSON,
        answers={"nom": "Rousseau"},
    )
    request = ServiceRequest.submit(id=LINKED, at=MONDAY, actor=holder, deposit=deposit)
    request.link_to_account(at=MONDAY, actor=CAMILLE, holder=holder)
    return request


def _appointments() -> Iterator[Aggregate]:
    opening = Opening(weekday=1, opens=time(9), closes=time(12))
    receives = Receives(place="Hôtel de ville", step_minutes=20, desks=2, openings=(opening,))
    department = DEPARTMENT_IDS[CIVIL]
    agenda = Agenda.open(
        id=AGENDA, at=MONDAY, actor=ALEX, name="Passeports", department_id=department, receives=receives
    )
    yield agenda
    step = next(agenda.steps(date(2026, 3, 3), date(2026, 3, 3)))
    slot = Slot.open(id=agenda.slot_id(1, step.starts_at), at=MONDAY, actor=CAMILLE, agenda_id=AGENDA, step=step)
    slot.book(at=MONDAY, actor=CAMILLE, request_id=REQUEST)
    slot.free(at=MONDAY, actor=CAMILLE, request_id=REQUEST)
    yield slot


def _people() -> Iterator[Aggregate]:
    account = Account.open(id=ACCOUNT, at=MONDAY, actor=SYSTEM, username_claim=NAME, person=CAMILLE_PERSON)
    account.erase(**MOTIVE)
    yield account
    name = UsernameClaim.take(id=NAME, at=MONDAY, actor=SYSTEM, username="camille", holder=("account", ACCOUNT))
    name.erase(**MOTIVE)
    yield name
    profile = StaffProfile(
        name=DOMINIQUE.name,
        capacity=DOMINIQUE.capacity,
        email="dominique@valombre.invalid",
        departments=DOMINIQUE.departments,
        roles=DOMINIQUE.roles,
    )
    member = StaffMember.register(id=MEMBER, at=MONDAY, actor=ALEX, username_claim=NAME, profile=profile)
    member.erase(**MOTIVE)
    yield member


def _town() -> Iterator[Aggregate]:
    yield Department.open(id=DEPARTMENT_IDS[CIVIL], at=MONDAY, actor=ALEX, name=CIVIL, contact=DEPARTMENTS[CIVIL])
    procedure = Procedure.open(id=PROCEDURE, at=MONDAY, actor=ALEX, slug="acte-de-naissance")
    document = FormField(name="document", label="Document", kind="choice", choices=("Copie", "Extrait"))
    procedure.publish(at=MONDAY, actor=ALEX, version=birth_certificate(fields=(document,)))
    yield procedure
    yield ReferenceClaim.take(id=REFERENCE, at=MONDAY, actor=CAMILLE, reference="7K3F-9QXD", request_id=REQUEST)
