"""`espace-citoyen mail-in`: as a mail server calls it, one mail at a time or on a line that stays open."""

import asyncio
import io
import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from uuid import UUID

import psycopg
import pytest

from answering import PDF, REPLIES, Answering, mail_of, room
from espace_citoyen import cli, config
from espace_citoyen.application import Portal
from espace_citoyen.cli import lmtp
from espace_citoyen.cli.parser import parser
from espace_citoyen.commands import replies, requests
from espace_citoyen.config import Settings
from people import Town
from waiting import wait_until
from worker.posting import CAMILLE_AT, files_reachable

Handed = Callable[..., tuple[int, str]]


@pytest.fixture
def settings(portal: Portal, master_key: bytes, tmp_path: Path) -> Settings:
    given = {
        "ENV": "demo",
        "DATABASE_URL": portal.database_url,
        "MASTER_KEY": master_key.hex(),
        "REPLY_ADDRESS": REPLIES,
        "BASE_URL": "https://espace.exemple.fr",
        "FILES_URL": f"file:{tmp_path / 'files'}",
    }
    return config.load({f"{config.PREFIX}{name}": value for name, value in given.items()}, data_dir=tmp_path)


@pytest.fixture
def answering(town: Town, tmp_path: Path) -> Answering:
    return Answering(town, room(tmp_path))


@pytest.fixture
def filed(answering: Answering) -> UUID:
    return files_reachable(answering.town).request_id


@pytest.fixture
def hand_over(settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Handed:
    """Call the command with a mail on its input; its exit code and what it said on the error output."""

    def call(mail: bytes, *words: str, **changed: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail)))
        arguments = parser().parse_args(["mail-in", *words])
        status = cli.run(arguments.command, replace(settings, **changed), arguments)  # type: ignore[arg-type]  # any setting
        return status, capsys.readouterr().err.strip()

    return call


# One mail on the standard input


def test_an_answer_is_filed_with_its_attachment(answering: Answering, filed: UUID, hand_over: Handed) -> None:
    sent = mail_of(answering.address(filed), files=[("acte.pdf", "application/pdf", PDF)])
    assert hand_over(bytes(sent)) == (0, "")
    [message] = answering.messages(filed)
    assert message.papers[0].files[0].name == "acte.pdf"


def test_the_address_is_given_as_an_argument_or_by_the_environment(
    answering: Answering, filed: UUID, hand_over: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hand_over(bytes(mail_of("a@exemple.fr")), "--to", answering.address(filed)) == (0, "")
    monkeypatch.setenv("ORIGINAL_RECIPIENT", answering.address(filed))
    assert hand_over(bytes(mail_of("b@exemple.fr"))) == (0, "")
    assert len(answering.messages(filed)) == 2


def test_a_refusal_is_a_sentence_for_the_sender(answering: Answering, filed: UUID, hand_over: Handed) -> None:
    stranger = mail_of(answering.address(filed), sender="autre@exemple.fr")
    assert hand_over(bytes(stranger)) == (1, replies.STRANGER)


def test_a_robot_hears_nothing(answering: Answering, filed: UUID, hand_over: Handed) -> None:
    sent = mail_of(answering.address(filed))
    sent["Auto-Submitted"] = "auto-replied"
    assert hand_over(bytes(sent)) == (0, "")
    assert answering.messages(filed) == []


def test_a_mail_too_large_is_refused_and_read_to_its_end(
    answering: Answering, filed: UUID, hand_over: Handed
) -> None:
    large = bytes(mail_of(answering.address(filed))) + bytes(replies.MOST_MAIL_BYTES)
    assert hand_over(large) == (1, replies.TOO_LARGE)
    assert sys.stdin.buffer.read() == b""
    assert answering.messages(filed) == []


def test_what_cannot_be_tried_is_to_be_tried_again(answering: Answering, filed: UUID, hand_over: Handed) -> None:
    sent = bytes(mail_of(answering.address(filed)))
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    assert hand_over(sent, database_url=away)[0] == os.EX_TEMPFAIL
    assert hand_over(sent, master_key=b"?" * 32)[0] == os.EX_TEMPFAIL
    assert hand_over(sent, database_url=None)[0] == os.EX_TEMPFAIL


def test_a_process_of_its_own_tells_by_its_exit_code(
    answering: Answering, filed: UUID, settings: Settings
) -> None:
    sent = bytes(mail_of(answering.address(filed)))

    def call(**changed: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "espace_citoyen.cli", "mail-in"],
            input=sent,
            env=environ(settings) | changed,
            capture_output=True,
            check=False,
        )

    assert call().returncode == 0
    assert len(answering.messages(filed)) == 1
    assert call(ESPACE_CITOYEN_REPLY_ADDRESS="").returncode == os.EX_TEMPFAIL
    assert call(ESPACE_CITOYEN_LOG_LEVEL="nonsense").returncode == os.EX_TEMPFAIL
    elsewhere = call(ESPACE_CITOYEN_REPLY_ADDRESS="autre@exemple.fr")
    assert (elsewhere.returncode, elsewhere.stderr.decode().strip()) == (1, replies.UNKNOWN)


def environ(settings: Settings) -> dict[str, str]:
    given = {
        "ENV": "demo",
        "DATABASE_URL": settings.database,
        "MASTER_KEY": settings.master_key.hex(),
        "REPLY_ADDRESS": REPLIES,
        "BASE_URL": settings.base_url,
        "DATA_DIR": str(settings.data_dir),
        "FILES_URL": settings.files_url,
    }
    return {"PATH": os.environ["PATH"]} | {f"{config.PREFIX}{name}": value for name, value in given.items()}


# A line that stays open


@contextmanager
def listening(answering: Answering, where: str) -> Iterator[None]:
    """Listen in a thread of this process until the end of the block."""
    stops: list[Callable[[], None]] = []

    async def listen() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        await lmtp.listen(answering.portal, answering.room, where, stop)

    thread = Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    try:
        wait_until(lambda: answers(where), "somebody who listens")
        yield
    finally:
        stops[0]()
        thread.join()


def answers(where: str) -> bool:
    host, _, port = where.rpartition(":")
    family = socket.AF_UNIX if where.startswith("unix:") else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex(where.removeprefix("unix:") if host == "unix" else (host, int(port))) == 0


@pytest.fixture
def where(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"unix:{tmp_path_factory.mktemp('l') / 's'}"


@pytest.fixture
def line(answering: Answering, where: str) -> Iterator[smtplib.LMTP]:
    with listening(answering, where), smtplib.LMTP(where.removeprefix("unix:"), 0, local_hostname="mx") as opened:
        yield opened


def send(
    line: smtplib.LMTP, to: str, mail: EmailMessage | None = None, sender: str = CAMILLE_AT
) -> tuple[int, str]:
    """Hand a mail over for one address; the code and the words of the answer."""
    line.ehlo_or_helo_if_needed()
    line.rset()
    line.mail(sender)
    code, said = line.rcpt(to)
    if code == 250:
        code, said = line.data(bytes(mail or mail_of(to)))
    return code, said.decode()


def test_the_line_files_answers_one_after_the_other(answering: Answering, filed: UUID, line: smtplib.LMTP) -> None:
    for _ in range(3):
        assert send(line, answering.address(filed)) == (250, "2.0.0 Message transmis")
    assert len(answering.messages(filed)) == 3


def test_the_line_says_its_largest_size(line: smtplib.LMTP) -> None:
    line.ehlo_or_helo_if_needed()
    assert line.esmtp_features["size"] == str(replies.MOST_MAIL_BYTES)


def test_the_line_refuses_in_plain_letters(answering: Answering, filed: UUID, line: smtplib.LMTP) -> None:
    code, said = send(line, "autre@demandes.exemple.fr")
    assert (code, said[:6]) == (550, "5.1.1 ")
    code, said = send(line, answering.address(filed)[:-22] + "a@demandes.exemple.fr")
    assert (code, said[:6]) == (550, "5.1.1 ")
    stranger = mail_of(answering.address(filed), sender="autre@exemple.fr")
    code, said = send(line, answering.address(filed), stranger)
    assert (code, said) == (550, "5.7.1 " + UNADORNED)
    town = answering.town
    requests.cancel_request(town.portal, at=town.at, actor=town.camille, request_id=filed)
    code, said = send(line, answering.address(filed))
    assert (code, said) == (550, "5.2.1 Cette demande est annulee : plus rien ne peut y etre ajoute.")


UNADORNED = (
    "Cette adresse de reponse est reservee a la personne qui suit la demande."
    " Ecrivez depuis l'adresse ou vous recevez nos courriels."
)


def test_the_line_drops_what_nobody_sent(answering: Answering, filed: UUID, line: smtplib.LMTP) -> None:
    code, _ = send(line, answering.address(filed), sender="")
    assert code == 250
    assert answering.messages(filed) == []


def test_each_recipient_has_an_answer(answering: Answering, filed: UUID, line: smtplib.LMTP) -> None:
    other = files_reachable(answering.town, "nadia@exemple.fr").request_id
    line.ehlo_or_helo_if_needed()
    line.mail(CAMILLE_AT)
    for request_id in (filed, other):
        assert line.rcpt(answering.address(request_id))[0] == 250
    first = line.data(bytes(mail_of("tous@exemple.fr")))
    second = line.getreply()
    assert [code for code, _ in (first, second)] == [250, 550]
    assert (len(answering.messages(filed)), answering.messages(other)) == (1, [])


def test_one_mail_is_read_for_ten_at_most(line: smtplib.LMTP) -> None:
    line.ehlo_or_helo_if_needed()
    line.mail(CAMILLE_AT)
    taken = [line.rcpt(f"reponse+{number}@demandes.exemple.fr")[0] for number in range(12)]
    assert taken == [250] * 10 + [452] * 2


def test_a_mail_too_large_for_the_line_is_refused_for_each(
    answering: Answering, filed: UUID, line: smtplib.LMTP
) -> None:
    line.ehlo_or_helo_if_needed()
    assert line.mail(CAMILLE_AT, [f"SIZE={replies.MOST_MAIL_BYTES + 1}"])[0] == 552
    line.mail(CAMILLE_AT)
    for _ in range(2):
        line.rcpt(answering.address(filed))
    code, said = line.data(b"a" * 60_000 + (b"\r\n" + b"a" * 60_000) * 800)
    assert (code, said[:6]) == (552, b"5.3.4 ")
    assert line.getreply()[0] == 552
    assert send(line, answering.address(filed))[0] == 250


def test_a_database_that_is_away_is_waited_for(
    answering: Answering, filed: UUID, line: smtplib.LMTP, portal: Portal
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(portal.database_url)["dbname"]
    address = answering.address(filed)
    with psycopg.connect(portal.database_url, dbname="postgres", autocommit=True) as operator:
        operator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        assert send(line, address) == (451, "4.3.0 Le portail ne repond pas, reessayez plus tard")
        operator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert send(line, address)[0] == 250


@pytest.mark.slow
def test_the_line_of_a_process_ends_when_told(
    answering: Answering, filed: UUID, settings: Settings, where: str
) -> None:
    told = environ(settings) | {"ESPACE_CITOYEN_LMTP": where}
    process = subprocess.Popen([sys.executable, "-m", "espace_citoyen.cli", "mail-in", "--lmtp"], env=told)
    try:
        wait_until(lambda: answers(where), "somebody who listens", seconds=30)
        with smtplib.LMTP(where.removeprefix("unix:"), 0, local_hostname="mx") as line:
            assert send(line, answering.address(filed))[0] == 250
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
    assert len(answering.messages(filed)) == 1
