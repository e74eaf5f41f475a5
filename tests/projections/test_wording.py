"""History says what was done to what, for when: whole sentences, made of the facts of each event (S28)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.requests import AttachedFile, AttachmentContent, Correction, Decision, Status
from espace_citoyen.commands import requests
from espace_citoyen.projections import audit, tabs
from people import MONDAY, Town

TUESDAY = MONDAY.replace(day=3, hour=8)


@pytest.fixture
def told(town: Town) -> list[str]:
    """The lines of a request that has had about everything, as the citizen reads them."""
    filed = town.files(town.camille, town.passport).request_id
    camille = {"at": MONDAY, "actor": town.camille, "request_id": filed}
    agent = {"at": MONDAY, "actor": town.dominique, "request_id": filed}
    manager = {"at": MONDAY, "actor": town.maud, "request_id": filed}
    portal, first, second = town.portal, uuid4(), uuid4()
    file = AttachedFile(file_id=uuid4(), name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64)
    paper = {"attachment_id": uuid4(), "content": AttachmentContent(kind="Autre", title="Bail", files=(file,))}
    requests.add_attachment(portal, **camille, **paper)
    requests.remove_attachment(portal, **camille, attachment_id=paper["attachment_id"])
    requests.book_appointment(portal, **camille, appointment_id=first, wish=(town.counter, TUESDAY))
    later = (town.counter, TUESDAY + timedelta(minutes=30))
    requests.move_appointment(portal, **agent, former_id=first, appointment_id=second, wish=later)
    requests.cancel_appointment(portal, **camille, appointment_id=second)
    requests.assign(portal, **manager, assignee_id=town.maud.id)
    requests.assign(portal, **manager, assignee_id=town.dominique.id)
    requests.add_note(portal, **agent, note_id=uuid4(), text="Entre nous.")
    asked = Correction(correction_id=uuid4(), text="Il manque un acte.", due_on=date(2026, 3, 31))
    requests.request_correction(portal, **agent, correction=asked)
    at_the_counter = agent | {"actor": replace(town.dominique, on_behalf_of="Camille Rousseau")}
    requests.send_back(portal, **at_the_counter, correction_id=asked.correction_id, answers={"nom": "Roux"})
    requests.pass_on(portal, **manager, department_id=town.education, reasons="C’est pour vous.")
    requests.take_up(portal, at=MONDAY, actor=town.samir, request_id=filed)
    decision = Decision(decision_id=uuid4(), outcome=Status.ACCEPTED, reasons="")
    requests.decide(portal, at=MONDAY, actor=town.samir, request_id=filed, decision=decision)
    events = portal.stream(filed)
    lines = [line.sentence for line in tabs.history(events, audience="citizen")]
    read_by_an_auditor = [entry.label for entry in audit.history(events)]
    assert [line for line in read_by_an_auditor if "note" not in line] == lines
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def test_each_line_says_what_when_and_to_whom(told: list[str]) -> None:
    assert told == [
        "Camille Rousseau a déposé la demande",
        "Espace citoyen a établi l’accusé de réception",
        "Camille Rousseau a ajouté la pièce « Bail »",
        "Camille Rousseau a retiré la pièce « Bail »",
        "Camille Rousseau a pris rendez-vous pour le mardi 3 mars 2026 à 9 h",
        "Dominique Morel a déplacé le rendez-vous du mardi 3 mars 2026 à 9 h au mardi 3 mars 2026 à 9 h 30",
        "Camille Rousseau a annulé le rendez-vous du mardi 3 mars 2026 à 9 h 30",
        "Maud Lenoir a pris la demande à sa charge",
        "Maud Lenoir a confié la demande à Dominique Morel",
        "Dominique Morel a demandé de compléter la demande au plus tard le 31 mars 2026",
        "Dominique Morel, pour Camille Rousseau, a renvoyé la demande complétée",
        "Maud Lenoir a transmis la demande au service « Éducation et petite enfance »",
        "Samir Haddad a pris la demande en charge",
        "Samir Haddad a pris une décision : Acceptée",
    ]
