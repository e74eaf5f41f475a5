"""A request filed without account, and the account it may become part of (S32, S33)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

from espace_citoyen import links
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import AttachedFile, Correction, ServiceRequest
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited, Filing
from people import MONDAY, NADIA_PERSON, Town


@pytest.fixture
def filed(town: Town) -> tuple[Deposited, Actor]:
    return town.files_without_account()


def test_somebody_files_without_account_where_the_procedure_needs_none(
    town: Town, filed: tuple[Deposited, Actor]
) -> None:
    deposited, holder = filed
    request = town.portal.get(ServiceRequest, deposited.request_id)
    assert request.citizen_id is None
    assert request.applicant["last_name"] == "Benali"
    submitted = town.portal.stream(request.id)[0].event
    assert (submitted.actor_kind, submitted.actor_name) == ("link_holder", "Nadia Benali")
    assert links.followed(town.portal, links.tracking_token(town.portal, request)).id == holder.id


def test_filing_twice_is_filing_once(town: Town, filed: tuple[Deposited, Actor]) -> None:
    deposited, holder = filed
    filing = Filing(deposited.request_id, town.identity_card, 1, NADIA_PERSON, {"nom": "Benali"})
    before = town.portal.position()
    again = requests.deposit_request(town.portal, at=MONDAY, actor=holder, filing=filing)
    assert (again.reference, town.portal.position()) == (deposited.reference, before)


def test_where_an_account_is_needed_nobody_files_without(town: Town) -> None:
    with pytest.raises(Forbidden):
        town.files_without_account(town.passport)


def test_nobody_files_under_the_id_of_another_request(town: Town, filed: tuple[Deposited, Actor]) -> None:
    _, holder = filed
    filing = Filing(uuid4(), town.identity_card, 1, NADIA_PERSON, {"nom": "Benali"})
    with pytest.raises(Forbidden):
        requests.deposit_request(town.portal, at=MONDAY, actor=holder, filing=filing)


def link(town: Town, account: Actor, holder: Actor) -> int:
    assert holder.id
    return requests.link_to_account(town.portal, at=MONDAY, actor=account, holder=holder, request_id=holder.id)


def test_linked_it_is_the_accounts_and_the_link_leads_nowhere(town: Town, filed: tuple[Deposited, Actor]) -> None:
    deposited, holder = filed
    token = links.tracking_token(town.portal, town.portal.get(ServiceRequest, deposited.request_id))
    position = link(town, town.nadia, holder)
    with pytest.raises(NotFound):
        links.followed(town.portal, token)
    with pytest.raises(Forbidden):
        town.writes(holder, deposited.request_id)
    town.writes(town.nadia, deposited.request_id)
    assert link(town, town.nadia, holder) > position
    topics = [event.topic for event in town.portal.stream(deposited.request_id)]
    assert topics.count("request:linked-to-account") == 1


def test_a_second_account_is_refused_even_when_both_come_at_once(
    town: Town, filed: tuple[Deposited, Actor]
) -> None:
    _, holder = filed

    def attempt(account: Actor) -> bool:
        try:
            link(town, account, holder)
        except AlreadyTaken:
            return False
        return True

    with ThreadPoolExecutor(2) as executor:
        assert sorted(executor.map(attempt, (town.camille, town.nadia))) == [False, True]


def test_a_link_of_another_request_links_nothing(town: Town, filed: tuple[Deposited, Actor]) -> None:
    deposited, holder = filed
    _, other = town.files_without_account()
    strangers = (other, replace(holder, id=uuid4()), town.nadia, town.dominique)
    before = town.portal.position()
    for somebody in strangers:
        with pytest.raises(Forbidden):
            requests.link_to_account(
                town.portal, at=MONDAY, actor=town.nadia, holder=somebody, request_id=deposited.request_id
            )
    assert town.portal.position() == before


# What goes with any request


def test_the_files_of_a_message_are_attachments_of_the_request_in_the_same_save(town: Town) -> None:
    request_id = town.files(town.camille).request_id
    before = town.portal.position()
    files = [
        AttachedFile(file_id=uuid4(), name=f"{number}.pdf", media_type="application/pdf", size=1, sha256="0" * 64)
        for number in range(5)
    ]
    message = requests.Message(exchange_id=uuid4(), text="Voici tout.", files=files)
    sent = {"at": MONDAY, "actor": town.camille, "request_id": request_id, "message": message}
    requests.send_exchange(town.portal, **sent)
    requests.send_exchange(town.portal, **sent)
    topics = [event.topic for event in town.portal.after(before, 10)]
    assert topics == ["request:attachment-added", "request:attachment-added", "request:exchange-sent"]
    attachments = town.portal.get(ServiceRequest, request_id).attachments.values()
    assert [file.name for each in attachments for file in each.content.files] == [file.name for file in files]


def test_a_message_that_is_refused_leaves_no_attachment(town: Town) -> None:
    request_id = town.files(town.camille).request_id
    before = town.portal.position()
    file = AttachedFile(file_id=uuid4(), name="1.pdf", media_type="application/pdf", size=1, sha256="0" * 64)
    message = requests.Message(exchange_id=uuid4(), text=" ", files=[file])
    with pytest.raises(Invalid):
        requests.send_exchange(town.portal, at=MONDAY, actor=town.camille, request_id=request_id, message=message)
    assert town.portal.position() == before


def test_what_is_sent_back_is_checked_by_the_form_it_was_filed_under(town: Town) -> None:
    request_id = town.files(town.camille).request_id
    correction = Correction(correction_id=uuid4(), text="Et le nom ?")
    agent = {"at": MONDAY, "actor": town.dominique, "request_id": request_id}
    requests.take_up(town.portal, **agent)
    requests.request_correction(town.portal, **agent, correction=correction)
    back = {
        "at": MONDAY,
        "actor": town.camille,
        "request_id": request_id,
        "correction_id": correction.correction_id,
    }
    with pytest.raises(Invalid) as refused:
        requests.send_back(town.portal, **back, answers={"nom": " "})
    assert refused.value.fields == {"nom": ["Répondez à cette question."]}
    requests.send_back(town.portal, **back, answers={"nom": "Roux"})
    assert town.portal.get(ServiceRequest, request_id).answers == {"nom": "Roux"}
