"""A request that has had everything, for pages whose address names a part of it: who owns it, and its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import flask
from werkzeug.routing import Rule

from espace_citoyen import files, links, outbox
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import (
    AttachedFile,
    AttachmentContent,
    Correction,
    Decision,
    ServiceRequest,
    Status,
)
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.web import security_code
from people import Town

TABS = ("demandeur", "demande", "historique", "echanges", "pieces", "rendez-vous")


@dataclass(frozen=True, kw_only=True)
class Things:
    """What there is in the town, under the names that addresses have for it; the request is its `owner`'s."""

    owner: str
    request_id: UUID
    reference: str
    exchange_id: UUID
    attachment_id: UUID
    file_id: UUID
    appointment_id: UUID
    correction_id: UUID
    decision_id: UUID
    agenda_id: UUID
    token: str
    mail_id: UUID
    sealed: str
    slug: str = "passeport"

    def put_file(self, portal: Portal, root: Path) -> None:
        """Store the bytes of the attachment's file."""
        place, key = files.Place(self.request_id, self.file_id), portal.keys.create(self.request_id)
        files.write(root, place, key, BytesIO(b"%PDF"), limit=4)

    def addresses(self, app: flask.Flask, rule: Rule) -> Iterator[str]:
        """The addresses of a page about these things, with every tab where there are tabs."""
        known: Mapping[str, tuple[object, ...]] = {
            "tab": TABS,
            **{each.name: (getattr(self, each.name),) for each in fields(self)},
        }
        lacking = sorted(rule.arguments - known.keys())
        assert not lacking, f"tests/things.py: Things lacks {lacking}, which {rule.endpoint} asks for"
        with app.test_request_context():
            for given in product(*(known[name] for name in rule.arguments)):
                yield flask.url_for(rule.endpoint, **dict(zip(rule.arguments, given, strict=True)))


def of_camille(portal: Portal, town: Town) -> Things:
    """A request that the town asked Camille to complete."""
    filed = town.files(town.camille, town.passport)
    return _happened(portal, town, filed, "camille", town.camille)


def of_a_stranger(portal: Portal, town: Town) -> Things:
    """A request filed without account, followed by its link, sent back completed and decided."""
    filed, holder = town.files_without_account()
    things = _happened(portal, town, filed, "holder", holder)
    correction, decision = (
        things.correction_id,
        Decision(decision_id=things.decision_id, outcome=Status.ACCEPTED, reasons=""),
    )
    requests.send_back(
        portal,
        at=town.at,
        actor=holder,
        request_id=filed.request_id,
        correction_id=correction,
        answers={"nom": "B"},
    )
    requests.decide(portal, at=town.at, actor=town.dominique, request_id=filed.request_id, decision=decision)
    return things


def _happened(portal: Portal, town: Town, filed: Deposited, owner: str, citizen: Actor) -> Things:
    """A message to read on either side, an attachment, an appointment, a correction asked, a mail that waits."""
    request_id, at, agent = filed.request_id, town.at, town.dominique
    exchange_id = town.writes(agent, request_id)
    town.writes(citizen, request_id)
    attachment_id, appointment_id, correction_id = uuid4(), uuid4(), uuid4()
    file = AttachedFile(file_id=uuid4(), name="acte.pdf", media_type="application/pdf", size=4, sha256="0" * 64)
    content = AttachmentContent(kind="Justificatif", title="Acte", files=(file,))
    requests.add_attachment(
        portal, at=at, actor=citizen, request_id=request_id, attachment_id=attachment_id, content=content
    )
    days = 1 if owner == "camille" else 2
    requests.book_appointment(
        portal,
        at=at,
        actor=citizen,
        request_id=request_id,
        appointment_id=appointment_id,
        wish=(town.counter, at + timedelta(days=days)),
    )
    requests.take_up(portal, at=at, actor=agent, request_id=request_id)
    correction = Correction(correction_id=correction_id, text="Il manque une copie.", missing=("copie",))
    requests.request_correction(portal, at=at, actor=agent, request_id=request_id, correction=correction)
    return Things(
        owner=owner,
        request_id=request_id,
        reference=filed.reference,
        exchange_id=exchange_id,
        attachment_id=attachment_id,
        file_id=file.file_id,
        appointment_id=appointment_id,
        correction_id=correction_id,
        decision_id=uuid4(),
        agenda_id=town.counter,
        token=links.tracking_token(portal, portal.get(ServiceRequest, request_id)),
        mail_id=_mail(portal, request_id),
        sealed=security_code.seal(portal, _code(at + timedelta(minutes=20))),
    )


def _code(until: datetime) -> security_code.Challenge:
    return security_code.Challenge(challenge_id=uuid4(), digits="234567", expires_at=until)


def _mail(portal: Portal, request_id: UUID) -> UUID:
    with portal.connection() as connection:
        outbox.queue(
            connection, stream_id=request_id, version=2, recipient="applicant", template="acknowledgement"
        )
        waiting = outbox.page(connection, outbox.State.WAITING)
    return next(mail.mail_id for mail in waiting if mail.stream_id == request_id)
