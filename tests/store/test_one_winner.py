"""Whoever asks twice, or at the same time as somebody else: one thing happens, and everybody is told the same."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import accounts, requests
from espace_citoyen.commands.requests import Filing
from espace_citoyen.demo.cast import PASSWORD
from people import CAMILLE_PERSON, Town

T = TypeVar("T")
AT_ONCE = 6


@pytest.fixture
def town(each_portal: Portal) -> Town:
    return Town(each_portal)


def at_once(act: Callable[[], T]) -> list[T]:
    start = threading.Barrier(AT_ONCE)

    def run(_: int) -> T:
        start.wait()
        return act()

    with ThreadPoolExecutor(AT_ONCE) as executor:
        return list(executor.map(run, range(AT_ONCE)))


def filing(town: Town) -> Filing:
    return Filing(uuid4(), town.birth_certificate, 1, CAMILLE_PERSON, {"nom": "Rousseau"})


def test_a_request_submitted_six_times_at_once_is_one_request(town: Town) -> None:
    camille, form = town.camille, filing(town)
    answers = at_once(lambda: requests.deposit_request(town.portal, at=town.at, actor=camille, filing=form))
    assert {answer.request_id for answer in answers} == {form.request_id}
    assert len({answer.reference for answer in answers}) == 1
    told = [event.topic for event in town.portal.after(0, 500)]
    assert told.count("request:submitted") == told.count("reference-claim:taken") == 1


def test_submitting_again_tomorrow_says_the_same_reference_and_a_position_that_has_it(town: Town) -> None:
    form = filing(town)
    first = requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=form)
    again = requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=form)
    assert again.reference == first.reference
    assert again.position >= first.position


def test_somebody_elses_request_is_not_answered_as_a_double_of_mine(town: Town) -> None:
    form = filing(town)
    requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=form)
    with pytest.raises(Forbidden):
        requests.deposit_request(town.portal, at=town.at, actor=town.nadia, filing=form)


def test_a_message_sent_six_times_at_once_is_one_message(town: Town) -> None:
    camille, request = town.camille, town.files(town.camille).request_id
    message = requests.Message(exchange_id=uuid4(), text="Bonjour")
    at_once(
        lambda: requests.send_exchange(town.portal, at=town.at, actor=camille, request_id=request, message=message)
    )
    assert [event.topic for event in town.portal.stream(request)].count("request:exchange-sent") == 1


def test_six_messages_at_once_on_one_request_are_all_kept(town: Town) -> None:
    camille, request = town.camille, town.files(town.camille).request_id
    sent = at_once(lambda: town.writes(camille, request))
    assert set(town.portal.get(ServiceRequest, request).exchanges) == set(sent)


def test_of_six_who_choose_one_username_at_once_one_has_it(town: Town) -> None:
    def choose() -> str:
        try:
            accounts.open_account(
                town.portal,
                at=town.at,
                actor=town.alex,
                username="Zoé",
                password=PASSWORD,
                person=CAMILLE_PERSON,
            )
        except AlreadyTaken:
            return "taken"
        return "mine"

    assert town.alex
    assert sorted(at_once(choose)) == ["mine"] + ["taken"] * (AT_ONCE - 1)
