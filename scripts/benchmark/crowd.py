"""Many citizens and their requests, decided by the aggregates, sealed by the mapper, loaded by COPY."""

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from uuid import UUID, uuid4

from psycopg import Connection

from benchmark.place import MASTER_KEY
from espace_citoyen.aggregates.accounts import Account, Person
from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel
from espace_citoyen.aggregates.claims import ReferenceClaim, UsernameClaim
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.procedures import NO_APPOINTMENT, OPTIONAL
from espace_citoyen.aggregates.references import new_reference
from espace_citoyen.aggregates.requests import Correction, Decision, Deposit, ServiceRequest, Status
from espace_citoyen.application import Portal
from espace_citoyen.demo import Town
from espace_citoyen.demo.cast import CITIZENS
from espace_citoyen.store.keys import KEY_BYTES, encrypt
from espace_citoyen.store.mapper import keys_at_hand

REQUESTS_EACH = 5
MESSAGES = 7
"""With the deposit, its acknowledgement and the claim on its reference: ten events a request."""

BEGINNING = datetime(2021, 1, 4, 8, 0, tzinfo=UTC)
TEXT = "Bonjour, je reviens vers vous au sujet de ma demande, dont je n’ai pas de nouvelles. Merci d’avance. "
LETTER = "Madame, votre demande a été reçue. " * 30


@dataclass(frozen=True)
class Desk:
    """Where requests go: a procedure with exchanges, its department, and somebody who answers there."""

    procedure_id: UUID
    department_id: UUID
    agent: Actor


def desk_of(town: Town) -> Desk:
    """Return the desk that « acte de naissance » goes to in the demo's town."""
    agent = town.people["dominique"]
    (department_id,) = agent.departments
    return Desk(town.procedures["acte-de-naissance"], department_id, agent)


class Load:
    """Collects what aggregates decided, with a key for each, and writes it all at once."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._keys: list[tuple[UUID, bytes]] = []
        self._events: list[tuple[object, int, str, bytes]] = []

    def __len__(self) -> int:
        return len(self._events)

    def add(self, *aggregates: Aggregate) -> None:
        for aggregate in aggregates:
            keys = {}
            if aggregate.Event.SEALED:
                keys[aggregate.id] = os.urandom(KEY_BYTES)
                self._keys.append((aggregate.id, encrypt(MASTER_KEY, keys[aggregate.id], aggregate.id.bytes)))
            with keys_at_hand(keys):
                stored = map(self._portal.mapper.to_stored_event, aggregate.collect_events())
                self._events += [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored]

    def write(self, connection: Connection[object]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy("COPY log.stream_key (owner_id, wrapped) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["uuid", "bytea"])
                for key in self._keys:
                    copy.write_row(key)
            columns = "originator_id, originator_version, topic, state"
            with cursor.copy(f"COPY log.portal_events ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["uuid", "int8", "text", "bytea"])
                for event in self._events:
                    copy.write_row(event)
        self._keys, self._events = [], []


def account(portal: Portal, at: datetime) -> tuple[Actor, Sequence[Aggregate]]:
    """Open the space of somebody new, who will never sign in."""
    person = Person(title="Mme", first_name="Camille", last_name=f"Morin {uuid4().hex[:6]}", email="x@y.invalid")
    opened_id, username = uuid4(), uuid4().hex
    claim = UsernameClaim.take(
        id=portal.keys.claim_id("username", username),
        at=at,
        actor=SYSTEM,
        username=username,
        holder=("account", opened_id),
    )
    opened = Account.open(id=opened_id, at=at, actor=SYSTEM, username_claim=claim.id, person=person)
    citizen = Actor(kind=ActorKind.CITIZEN, channel=Channel.WEB, id=opened_id, name=person.full_name)
    return citizen, (opened, claim)


def request(
    portal: Portal, desk: Desk, citizen: Actor, at: datetime, *, agenda_id: UUID | None = None
) -> tuple[ServiceRequest, ReferenceClaim]:
    """File a request, acknowledged, not written on yet; with appointments where there is an agenda."""
    reference = new_reference()
    filed = ServiceRequest.submit(
        id=uuid4(),
        at=at,
        actor=citizen,
        deposit=Deposit(
            reference=reference,
            procedure_id=desk.procedure_id,
            procedure_version=1,
            department_id=desk.department_id,
            exchanges=True,
            appointments=NO_APPOINTMENT if agenda_id is None else OPTIONAL,
            agenda_id=agenda_id,
            applicant=replace(CITIZENS["camille"], last_name=citizen.name.split(maxsplit=1)[-1]),
            answers={"nom": "Morin", "motif": "Renouvellement de passeport", "copies": 2},
        ),
    )
    filed.acknowledge(at=at, actor=SYSTEM, recipient="x@y.invalid", subject="Votre demande", text=LETTER)
    claim_id = portal.keys.claim_id("reference", reference)
    claim = ReferenceClaim.take(id=claim_id, at=at, actor=citizen, reference=reference, request_id=filed.id)
    return filed, claim


def converse(filed: ServiceRequest, desk: Desk, citizen: Actor, *, events: int, read: bool = True) -> None:
    """Let both sides write, and read unless told otherwise, until so many more events are there."""
    at = filed.created_on
    while events > 0:
        at += timedelta(hours=5)
        exchange_id = uuid4()
        filed.send_exchange(at=at, actor=desk.agent, exchange_id=exchange_id, text=TEXT)
        events -= 1
        if read and events > 0:
            filed.read_exchange(at=at + timedelta(hours=1), actor=citizen, exchange_id=exchange_id)
            events -= 1


def fill(portal: Portal, desk: Desk, *, citizens: int) -> None:
    """Load so many citizens with five requests each, from two processes."""
    with get_context("spawn").Pool(2) as pool:
        pool.starmap(
            _fill, [(portal.database_url, desk, share) for share in (citizens // 2, citizens - citizens // 2)]
        )


def _fill(url: str, desk: Desk, citizens: int) -> None:
    portal = Portal(url, MASTER_KEY, pool_size=1)
    load = Load(portal)
    try:
        with portal.connect() as connection:
            for number in range(citizens):
                load.add(*_citizen(portal, desk))
                if len(load) > 20_000 or number == citizens - 1:
                    load.write(connection)
    finally:
        portal.close()


def _citizen(portal: Portal, desk: Desk) -> Iterable[Aggregate]:
    at = BEGINNING + timedelta(minutes=random.randrange(5 * 365 * 24 * 60))
    citizen, opened = account(portal, at)
    yield from opened
    for number in range(REQUESTS_EACH):
        filed, claim = request(portal, desk, citizen, at + timedelta(days=number))
        written = _treat(filed, desk, number)
        converse(filed, desk, citizen, events=MESSAGES - written)
        yield from (filed, claim)


def _treat(filed: ServiceRequest, desk: Desk, number: int) -> int:
    """Let requests stand in several states, and one in five have no message; return how many events it took."""
    begun, at = filed.version, filed.created_on
    if number > 0:
        filed.take_up(at=at, actor=desk.agent)
    if number == 1:
        for _ in range(MESSAGES - 1):
            filed.add_note(at=at, actor=desk.agent, note_id=uuid4(), text=TEXT)
    elif number == 2:
        filed.request_correction(at=at, actor=desk.agent, correction=Correction(correction_id=uuid4(), text=TEXT))
    elif number == 3:
        decision = Decision(decision_id=uuid4(), outcome=Status.ACCEPTED, reasons=TEXT)
        filed.decide(at=at, actor=desk.agent, decision=decision)
    return filed.version - begun
