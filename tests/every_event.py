"""One of each event there is, made the way the portal makes them: a new event adds its deed here."""

from collections.abc import Iterator
from uuid import UUID

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.claims import ReferenceClaim, UsernameClaim
from espace_citoyen.aggregates.events import Aggregate, Event
from espace_citoyen.aggregates.procedures import FormField, Procedure
from espace_citoyen.aggregates.requests import Deposit, ServiceRequest
from espace_citoyen.aggregates.staff import Department, StaffMember, StaffProfile
from espace_citoyen.demo.cast import CIVIL, DEPARTMENTS
from people import ALEX, CAMILLE, CAMILLE_PERSON, DEPARTMENT_IDS, DOMINIQUE, MONDAY, SYSTEM, birth_certificate

REQUEST, PROCEDURE, MESSAGE = UUID(int=1001), UUID(int=2001), UUID(int=3001)
ACCOUNT, MEMBER, NAME, REFERENCE = UUID(int=1), UUID(int=3), UUID(int=4001), UUID(int=5001)
MOTIVE = {"at": MONDAY, "actor": ALEX, "reason": "person", "visa": "DPO-2026-014"}


def every_event() -> list[Event]:
    """Return every event of a short story, several of the same class if it takes several."""
    return [event for told in (_request(), *_people(), *_town()) for event in told.collect_events()]


def event_classes() -> list[type[Event]]:
    """Return every class of event that can be written, by topic."""
    found = {each.TOPIC: each for each in _below(Event) if each.__name__ not in {"Event", "Created"}}
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
    request.erase(**MOTIVE)
    return request


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
