"""From the outbox to a real mail server."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller

from espace_citoyen import letters
from espace_citoyen.aggregates.refusals import Forbidden, NotFound
from espace_citoyen.commands.outbox import retry_mail
from espace_citoyen.mail import Unreachable
from espace_citoyen.outbox import State
from fix_smtp import PASSWORD, USER, Box
from people import Town
from worker.posting import (
    BASE_URL,
    CAMILLE_AT,
    erase,
    files_reachable,
    mailer,
    outbox_rows,
    place_at_the_start,
    queue_mails,
)

pytestmark = pytest.mark.usefixtures("trusted")


@pytest.fixture
def smtp_url(mail_server: Callable[..., Controller]) -> str:
    port = mail_server().port
    return f"smtp://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@localhost:{port}"


@pytest.fixture(autouse=True)
def _reactions_from_the_start(town: Town) -> None:
    place_at_the_start(town.portal)


def deliver(town: Town, smtp_url: str | None, folder: Path) -> int:
    queue_mails(town)
    with town.portal.connect() as connection:
        return mailer(town.portal, smtp_url, folder).send_due(connection)


def plain_text(box: Box, number: int = 0) -> str:
    body = box.mails[number].get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def states(town: Town) -> list[str]:
    return [row["state"] for row in outbox_rows(town.portal)]


def test_the_acknowledgement_leaves_word_for_word_with_a_link(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    filed = files_reachable(town)
    assert deliver(town, smtp_url, tmp_path) == 1
    [event] = [each.event for each in town.portal.stream(filed.request_id) if each.topic == "request:acknowledged"]
    link = f"{BASE_URL}/demandes/{filed.reference}/historique"
    assert plain_text(box) == event.text.replace("{lien}", link)
    assert link in plain_text(box)
    assert (box.mails[0]["Subject"], box.mails[0]["To"]) == (event.subject, CAMILLE_AT)
    assert states(town) == ["sent"]
    assert deliver(town, smtp_url, tmp_path) == 0


def test_a_message_of_the_town_leaves_with_its_author_its_text_and_a_link(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    filed = files_reachable(town)
    town.writes(town.dominique, filed.request_id, "Bonjour,\nvenez lundi.")
    deliver(town, smtp_url, tmp_path)
    text = plain_text(box, 1)
    assert "Bonjour,\nvenez lundi." in text
    assert "Dominique Morel, Officier d’état civil, vous a écrit" in text
    assert "«\N{NO-BREAK SPACE}Demande d’acte de naissance\N{NO-BREAK SPACE}»" in text
    assert f"{BASE_URL}/demandes/{filed.reference}/echanges" in text
    assert box.mails[1]["Subject"] == f"Demande {filed.reference}\N{NO-BREAK SPACE}: vous avez un nouveau message"


def test_an_address_of_the_demonstration_is_never_written_to(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    town.files(town.camille)
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["withheld"]
    assert box.mails == []


def test_without_a_mail_server_mails_wait(town: Town, box: Box, tmp_path: Path) -> None:
    files_reachable(town)
    assert deliver(town, None, tmp_path) == 0
    assert states(town) == ["waiting"]


def test_a_server_that_is_away_is_waited_for(
    town: Town, smtp_url: str, box: Box, tmp_path: Path, mail_server: Callable[..., Controller]
) -> None:
    files_reachable(town)
    away = mail_server()
    away.stop()
    with pytest.raises(Unreachable):
        deliver(town, f"smtp://localhost:{away.port}", tmp_path)
    [row] = outbox_rows(town.portal)
    assert (row["state"], row["tries"], row["reply"]) == ("waiting", 0, "ConnectionRefusedError")
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["sent"]


def test_a_passing_refusal_is_tried_again_later_under_the_same_id(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    files_reachable(town)
    box.answers[CAMILLE_AT] = ["450 4.2.1 try later"]
    deliver(town, smtp_url, tmp_path)
    [row] = outbox_rows(town.portal)
    assert (row["state"], row["tries"], row["reply"]) == ("waiting", 1, "450 4.2.1")
    assert row["next_try_at"] > row["queued_at"]
    assert deliver(town, smtp_url, tmp_path) == 0
    with town.portal.connection() as connection:
        connection.execute("UPDATE plain.outbox SET next_try_at = now()")
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["sent"]


def test_a_passing_refusal_that_never_passes_ends_as_a_failure(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    files_reachable(town)
    queue_mails(town)
    with town.portal.connection() as connection:
        connection.execute("UPDATE plain.outbox SET tries = 35")
    box.answers[CAMILLE_AT] = ["450 still no"]
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["failed"]


def test_the_administrator_sends_again_what_was_refused(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    files_reachable(town)
    box.answers[CAMILLE_AT] = ["550 5.1.1 camille@exemple.fr is unknown"]
    deliver(town, smtp_url, tmp_path)
    [row] = outbox_rows(town.portal)
    assert (row["state"], row["reply"]) == ("failed", "550 5.1.1")
    for other in (town.camille, town.dominique, town.ines):
        with pytest.raises(Forbidden):
            retry_mail(town.portal, at=town.at, actor=other, mail_id=row["mail_id"])
    retry_mail(town.portal, at=town.at, actor=town.alex, mail_id=row["mail_id"])
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["sent"]
    with pytest.raises(NotFound):
        retry_mail(town.portal, at=town.at, actor=town.alex, mail_id=row["mail_id"])


def test_a_mail_sent_twice_bears_the_same_id(town: Town, smtp_url: str, box: Box, tmp_path: Path) -> None:
    """A crash after the server took it and before we noted it: at least once, and the twin is known as one."""
    files_reachable(town)
    deliver(town, smtp_url, tmp_path)
    with town.portal.connection() as connection:
        connection.execute("UPDATE plain.outbox SET state = 'waiting', settled_at = NULL")
    deliver(town, smtp_url, tmp_path)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_two_mailers_at_once_send_each_mail_once(town: Town, smtp_url: str, box: Box, tmp_path: Path) -> None:
    for _ in range(8):
        files_reachable(town)
    queue_mails(town)
    both = [Thread(target=deliver, args=(town, smtp_url, tmp_path)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len({mail["Message-ID"] for mail in box.mails}) == len(box.mails) == 8


def test_a_mail_about_an_erased_request_is_dropped(town: Town, smtp_url: str, box: Box, tmp_path: Path) -> None:
    filed = files_reachable(town)
    queue_mails(town)
    erase(town, filed.request_id, tmp_path / "register")
    deliver(town, smtp_url, tmp_path)
    assert (box.mails, outbox_rows(town.portal)) == ([], [])


def test_an_address_that_is_none_fails_and_does_not_hold_up_the_next(
    town: Town, smtp_url: str, box: Box, tmp_path: Path
) -> None:
    files_reachable(town, "camille@exemple..fr")
    files_reachable(town)
    deliver(town, smtp_url, tmp_path)
    assert states(town) == ["failed", "sent"]


def test_the_administrator_reads_the_outbox_and_nobody_else(town: Town, tmp_path: Path) -> None:
    filed = files_reachable(town)
    queue_mails(town)
    [listed] = letters.listed(town.portal, viewer=town.alex, state=State.WAITING)
    assert listed.written is not None
    assert listed.written.address == CAMILLE_AT
    assert filed.reference in listed.written.letter.text
    for other in (town.camille, town.dominique, town.ines):
        with pytest.raises(Forbidden):
            letters.listed(town.portal, viewer=other, state=State.WAITING)
    erase(town, filed.request_id, tmp_path / "register")
    [left] = letters.listed(town.portal, viewer=town.alex, state=State.WAITING)
    assert left.written is None
