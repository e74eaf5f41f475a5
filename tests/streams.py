"""Streams for the tests of the store, which need no town around them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.requests import Deposit, ServiceRequest
from espace_citoyen.application import Portal

AT = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)

CAMILLE = Actor(kind=ActorKind.CITIZEN, channel=Channel.WEB, id=uuid4(), name="Camille Roux-Lefèvre")


def deposit(*, reference: str = "7K3F-9QX2", department_id: UUID | None = None) -> Deposit:
    """What Camille files: every value of it is hers, but the reference, procedure and department."""
    return Deposit(
        reference=reference,
        procedure_id=uuid4(),
        procedure_version=3,
        department_id=department_id or uuid4(),
        exchanges=True,
        applicant=Person(
            title="Mme", first_name="Camille", last_name="Roux-Lefèvre", email="camille@exemple.invalid"
        ),
        answers={"motif": "Passeport perdu à Tombouctou", "copies": 2, "urgent": True},
    )


def submitted(*, request_id: UUID | None = None, actor: Actor = CAMILLE) -> ServiceRequest:
    """Return a request that is not recorded yet."""
    return ServiceRequest.submit(id=request_id or uuid4(), at=AT, actor=actor, deposit=deposit())


def filed(portal: Portal, *, messages: int = 0) -> ServiceRequest:
    """Record a request with some messages of Camille's, and return it."""
    request = submitted()
    for _ in range(messages):
        write(request)
    portal.record(request)
    return request


def write(request: ServiceRequest, text: str = "Bonjour, où en est ma demande ?") -> UUID:
    """Let Camille write on her request; the caller records it."""
    exchange_id = uuid4()
    request.send_exchange(at=AT, actor=CAMILLE, exchange_id=exchange_id, text=text)
    return exchange_id
