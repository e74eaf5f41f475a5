"""Filing a request and finding it again: one save, or nothing at all."""

from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest

from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid, NotFound, Refusal
from espace_citoyen.aggregates.requests import AttachedFile, ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import procedures
from espace_citoyen.commands.requests import (
    Filing,
    Message,
    deposit_request,
    find_request,
    read_exchange,
    send_exchange,
)
from people import CAMILLE_PERSON, MONDAY, Town, birth_certificate


@pytest.fixture
def filing(town: Town) -> Filing:
    assert town.camille
    return Filing(uuid4(), town.birth_certificate, 1, CAMILLE_PERSON, {"nom": "Rousseau"})


def keys_of(portal: Portal, owner: UUID) -> int:
    with psycopg.connect(portal.database_url) as connection:
        query = "SELECT count(*) FROM log.stream_key WHERE owner_id = %s"
        row = connection.execute(query, (owner,)).fetchone()
    return row[0] if row else 0


def test_a_request_its_acknowledgement_and_its_reference_are_recorded_in_one_save(
    town: Town, portal: Portal, filing: Filing
) -> None:
    before = portal.position()
    filed = deposit_request(portal, at=MONDAY, actor=town.camille, filing=filing)
    events = portal.after(before, 10)
    assert [event.topic for event in events] == [
        "request:submitted",
        "request:acknowledged",
        "reference-claim:taken",
    ]
    assert filed.position == events[-1].position == portal.position()
    with psycopg.connect(portal.database_url) as connection:
        saves = connection.execute(
            "SELECT count(DISTINCT xmin::text) FROM log.portal_events WHERE notification_id > %s", (before,)
        ).fetchone()
    assert saves == (1,)


def test_the_acknowledgement_says_reference_day_of_reception_and_how_to_reach_the_department(
    town: Town, portal: Portal, filing: Filing
) -> None:
    filed = deposit_request(portal, at=MONDAY, actor=town.camille, filing=filing)
    letter = portal.stream(filed.request_id)[1].event
    text = letter.text.replace("\N{NO-BREAK SPACE}", " ")
    for said in (filed.reference, "2 mars 2026", "État civil", "1 place de la Mairie", "04 99 00 00 01", "{lien}"):
        assert said in text
    assert letter.recipient == CAMILLE_PERSON.email
    assert filed.reference in letter.subject


def test_a_request_is_found_by_its_reference_whoever_asks(town: Town, portal: Portal) -> None:
    filed = town.files(town.camille)
    assert find_request(portal, filed.reference) == filed.request_id
    with pytest.raises(NotFound):
        find_request(portal, "7K3F-9QXD")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"answers": {}}, Invalid),
        ({"answers": {"nom": "Rousseau", "autre": "chose"}}, Invalid),
        ({"applicant": replace(CAMILLE_PERSON, email="")}, Invalid),
        ({"procedure_version": 2}, ChangedMeanwhile),
        ({"procedure_id": UUID(int=9)}, NotFound),
    ],
)
def test_what_is_refused_leaves_neither_event_nor_key(
    town: Town, portal: Portal, filing: Filing, changed: dict[str, object], refusal: type[Refusal]
) -> None:
    before = portal.position()
    wrong = replace(filing, **changed)  # type: ignore[arg-type]  # one field of each type
    with pytest.raises(refusal):
        deposit_request(portal, at=MONDAY, actor=town.camille, filing=wrong)
    assert portal.position() == before
    assert keys_of(portal, filing.request_id) == 0


def test_a_form_republished_while_it_was_filled_in_is_to_be_read_again(
    town: Town, portal: Portal, filing: Filing
) -> None:
    second = birth_certificate(town.civil, number=2)
    procedures.publish_version(
        portal, at=MONDAY, actor=town.alex, procedure_id=filing.procedure_id, version=second
    )
    with pytest.raises(ChangedMeanwhile):
        deposit_request(portal, at=MONDAY, actor=town.camille, filing=filing)
    filed = deposit_request(portal, at=MONDAY, actor=town.camille, filing=replace(filing, procedure_version=2))
    assert portal.get(ServiceRequest, filed.request_id).procedure_version == 2


def test_only_a_citizen_files_from_a_space(town: Town, portal: Portal, filing: Filing) -> None:
    for somebody in (town.dominique, town.alex, town.ines):
        with pytest.raises(Forbidden):
            deposit_request(portal, at=MONDAY, actor=somebody, filing=filing)


def test_a_message_is_sent_once_and_read_once_whatever_is_repeated(town: Town, portal: Portal) -> None:
    filed = town.files(town.camille)
    exchange = uuid4()
    message, request_id = Message(exchange_id=exchange, text="Bonjour"), filed.request_id
    sent = send_exchange(portal, at=MONDAY, actor=town.dominique, request_id=request_id, message=message)
    again = send_exchange(portal, at=MONDAY, actor=town.dominique, request_id=request_id, message=message)
    assert again == sent
    words = {"request_id": request_id, "exchange_id": exchange}
    read = read_exchange(portal, at=MONDAY, actor=town.camille, **words)
    assert read > sent
    assert read_exchange(portal, at=MONDAY, actor=town.camille, **words) == read
    assert [event.topic for event in portal.stream(filed.request_id)][2:] == [
        "request:exchange-sent",
        "request:exchange-read",
    ]


def test_nobody_writes_to_a_request_that_is_not_there(town: Town, portal: Portal) -> None:
    with pytest.raises(NotFound):
        town.writes(town.camille, uuid4())


def test_a_message_sent_again_with_another_file_is_refused_rather_than_sent_without_it(
    town: Town, portal: Portal
) -> None:
    request_id = town.files(town.camille).request_id
    paper = AttachedFile(file_id=uuid4(), name="acte.pdf", media_type="application/pdf", size=4, sha256="0" * 64)
    stored_again = replace(paper, file_id=uuid4())
    other = replace(paper, file_id=uuid4(), name="livret.pdf", sha256="1" * 64)
    for first in ([], [paper]):
        exchange_id = uuid4()

        def send(files: list[AttachedFile], exchange_id: UUID = exchange_id) -> int:
            message = Message(exchange_id=exchange_id, text="Voici.", files=files)
            return send_exchange(portal, at=MONDAY, actor=town.camille, request_id=request_id, message=message)

        after = send(first)
        assert send([stored_again] if first else []) == after
        for files in ([*first, other], [other]):
            with pytest.raises(Invalid):
                send(files)
        assert portal.position() == after
