"""Streams for the tests of the store, which need no town around them."""

from uuid import UUID, uuid4

from espace_citoyen.aggregates.requests import Deposit, ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.demo.cast import CIVIL
from people import CAMILLE, CAMILLE_PERSON, DEPARTMENT_IDS, MONDAY


def deposit() -> Deposit:
    """What Camille files: every value of it is hers, but the reference, procedure and department."""
    return Deposit(
        reference="7K3F-9QX2",
        procedure_id=uuid4(),
        procedure_version=3,
        department_id=DEPARTMENT_IDS[CIVIL],
        exchanges=True,
        applicant=CAMILLE_PERSON,
        answers={"motif": "Passeport perdu à Tombouctou", "copies": 2, "urgent": True},
    )


def submitted(request_id: UUID | None = None) -> ServiceRequest:
    """Return a request that is not recorded yet."""
    return ServiceRequest.submit(id=request_id or uuid4(), at=MONDAY, actor=CAMILLE, deposit=deposit())


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
    request.send_exchange(at=MONDAY, actor=CAMILLE, exchange_id=exchange_id, text=text)
    return exchange_id
