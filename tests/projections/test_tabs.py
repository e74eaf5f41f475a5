"""What the tabs of a request say, from its own stream: now, as of a date, and after an erasure."""

from datetime import timedelta
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited, add_note
from espace_citoyen.projections import tabs
from espace_citoyen.store.erasure import key_deletion
from people import MONDAY, Town


@pytest.fixture
def filed(town: Town) -> Deposited:
    """A request of Camille's that Dominique has answered, and Camille has read."""
    filed = town.files(town.camille)
    exchange_id = town.writes(town.dominique, filed.request_id, "Bonjour.", at=MONDAY + timedelta(hours=1))
    town.reads(town.camille, filed.request_id, exchange_id, at=MONDAY + timedelta(hours=2))
    return filed


def erase(portal: Portal, filed: Deposited) -> None:
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=MONDAY + timedelta(days=1), actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])


def test_a_history_is_told_in_the_order_of_the_stream(portal: Portal, filed: Deposited) -> None:
    lines = tabs.history(portal.stream(filed.request_id), audience="citizen")
    assert [line.sentence for line in lines] == [
        "Camille Rousseau a déposé la demande",
        "Espace citoyen a établi l’accusé de réception",
        "Dominique Morel a envoyé un message",
        "Camille Rousseau a lu un message",
    ]
    assert [line.kind_name for line in lines] == ["Opération", "Opération", "Échange", "Échange"]
    assert lines[2].capacity == "Officier d’état civil"


def test_each_audience_is_told_what_is_for_it(portal: Portal, filed: Deposited, town: Town) -> None:
    note = {"request_id": filed.request_id, "note_id": uuid4(), "text": "À rappeler lundi."}
    add_note(portal, at=MONDAY, actor=town.dominique, **note)
    events = portal.stream(filed.request_id)
    told = {audience: len(tabs.history(events, audience=audience)) for audience in ("citizen", "staff", "auditor")}
    assert told == {"citizen": 4, "staff": 5, "auditor": 5}


def test_each_side_has_its_own_messages_to_read(portal: Portal, filed: Deposited, town: Town) -> None:
    town.writes(town.camille, filed.request_id, "Merci.", at=MONDAY + timedelta(hours=3))
    events = portal.stream(filed.request_id)
    assert [(each.mine, each.unread) for each in tabs.exchanges(events, side=Side.CITIZEN)] == [
        (False, False),
        (True, False),
    ]
    assert [(each.mine, each.unread) for each in tabs.exchanges(events, side=Side.TOWN)] == [
        (True, False),
        (False, True),
    ]


def test_tabs_can_be_read_as_they_were_recorded_by_a_date(portal: Portal, filed: Deposited) -> None:
    events = portal.stream(filed.request_id)
    then = portal.stream(filed.request_id, until=events[2].recorded_at)
    assert len(tabs.history(then, audience="auditor")) == 3
    (message,) = tabs.exchanges(then, side=Side.CITIZEN)
    assert message.unread


def test_an_erased_history_still_says_what_happened_when_without_a_name(portal: Portal, filed: Deposited) -> None:
    erase(portal, filed)
    events = portal.stream(filed.request_id)
    assert tabs.is_erased(events)
    lines = tabs.history(events, audience="auditor")
    assert [(line.sentence, line.capacity) for line in lines] == [
        ("Un usager a déposé la demande", ""),
        ("Le portail a établi l’accusé de réception", ""),
        ("Un agent a envoyé un message", ""),
        ("Un usager a lu un message", ""),
        ("Espace citoyen a effacé la demande", ""),
    ]
    assert lines[2].machine == "2026-03-02T10:00:00Z"
    assert tabs.exchanges(events, side=Side.TOWN) == []


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("court", ""),
        ("x" * 119, ""),
        ("un mot " * 20, "un mot un mot un mot un mot un mot un mot un mot un mot un"),
        ("x" * 500, ""),
    ],
)
def test_the_opening_of_a_message_ends_with_a_whole_word(
    portal: Portal, town: Town, text: str, opening: str
) -> None:
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id, text)
    (message,) = tabs.exchanges(portal.stream(filed.request_id), side=Side.CITIZEN)
    assert message.opening == opening
