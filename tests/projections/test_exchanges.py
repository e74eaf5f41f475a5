"""The badge « Échanges à lire » and its list, on either side of the counter."""

from datetime import timedelta
from uuid import uuid4

from espace_citoyen.commands.requests import Message, send_exchange
from espace_citoyen.projections import exchanges, home
from people import Town


def badge(town: Town, name: str) -> int:
    town.drain()
    with town.portal.connection() as connection:
        counted = exchanges.unread_count(connection, viewer=getattr(town, name))
        assert counted == len(exchanges.unread(connection, viewer=getattr(town, name)))
    return counted


def test_an_answer_of_the_town_is_counted_until_it_is_read(town: Town) -> None:
    filed = town.files(town.camille)
    assert badge(town, "camille") == 0
    sent = town.writes(town.dominique, filed.request_id)
    assert badge(town, "camille") == 1
    town.reads(town.camille, filed.request_id, sent)
    assert badge(town, "camille") == 0


def test_a_message_of_a_citizen_waits_for_the_department_and_for_nobody_else(town: Town) -> None:
    filed = town.files(town.camille)
    sent = town.writes(town.camille, filed.request_id)
    counted = {name: badge(town, name) for name in ("camille", "nadia", "dominique", "samir", "alex", "ines")}
    assert counted == {"camille": 0, "nadia": 0, "dominique": 1, "samir": 0, "alex": 0, "ines": 0}
    town.reads(town.dominique, filed.request_id, sent)
    assert badge(town, "dominique") == 0


def test_the_list_shows_each_message_under_its_request_with_its_author(town: Town) -> None:
    first = town.files(town.camille, at=town.at)
    second = town.files(town.camille, at=town.at + timedelta(days=1))
    early = town.writes(town.dominique, first.request_id, at=town.at + timedelta(days=2))
    other = town.writes(town.dominique, second.request_id, at=town.at + timedelta(days=3))
    late = town.writes(town.dominique, first.request_id, at=town.at + timedelta(days=4))
    town.drain()
    with town.portal.connection() as connection:
        unread = exchanges.unread(connection, viewer=town.camille)
    assert [row.exchange_id for row in unread] == [other, early, late]
    assert unread[0] == exchanges.UnreadExchange(
        request_id=second.request_id,
        reference=second.reference,
        procedure_title="Demande d’acte de naissance",
        exchange_id=other,
        sent_at=town.at + timedelta(days=3),
        author="Dominique Morel",
        capacity="Officier d’état civil",
    )


def test_the_same_exchange_id_sent_to_two_requests_is_two_messages(town: Town) -> None:
    """The browser chooses the id: a clever one must not stop the projector."""
    message = Message(exchange_id=uuid4(), text="Bonjour")
    for _ in range(2):
        request_id = town.files(town.camille).request_id
        send_exchange(town.portal, at=town.at, actor=town.dominique, request_id=request_id, message=message)
    assert badge(town, "camille") == 2


def test_the_home_page_of_somebody_without_requests_is_empty(town: Town) -> None:
    town.files(town.camille)
    town.drain()
    with town.portal.connection() as connection:
        assert home.home(connection, viewer=town.nadia, now=town.at) == home.Home(
            latest=[], to_do=[], unread=0, upcoming=0
        )


def test_the_home_page_shows_the_tile_and_the_badge(town: Town) -> None:
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id)
    town.drain()
    with town.portal.connection() as connection:
        shown = home.home(connection, viewer=town.camille, now=town.at)
    assert ([row.reference for row in shown.latest], shown.unread) == ([filed.reference], 1)
