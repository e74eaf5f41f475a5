"""Answers by mail, handed over by a mail server on a line that stays open."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from benchmark.pages import TEXT
from benchmark.place import Place, portal_on
from benchmark.rounds import Row
from benchmark.site import environment
from benchmark.towns import give, move_in, settle
from espace_citoyen import links, mail
from espace_citoyen.application import Portal
from espace_citoyen.demo.cast import CITIZENS

ADDRESS = "reponse@demandes.invalid"
STARTING_SECONDS = 30


def measure(place: Place) -> list[Row]:
    """Hand over answers to requests of ten events, one after the other, and count those filed."""
    mails = 20 if place.quick else 200
    with portal_on(place.fresh("pages")) as portal:
        desk, writer = settle(portal), move_in(portal, "voisine")
        give(portal, desk, writer, [10] * mails)
        addresses = _addresses(portal, writer.references)
        with _line(portal.database_url) as line:
            rates = [_hand_over(line, addresses) for _ in range(place.rounds + 1)][1:]
        filed = sum(event.topic == "request:exchange-sent" for event in portal.after(0, 10**6))
    sent = mails * (place.rounds + 1)
    if filed < sent:
        raise AssertionError(f"{filed} of {sent} mails were filed")
    return [Row("réponses par courriel (LMTP), 1 ligne", "/s", rates)]


def _addresses(portal: Portal, references: Sequence[str]) -> list[str]:
    filed = {
        event.envelope["reference"]: event.stream_id
        for event in portal.after(0, 10**6)
        if event.topic == "request:submitted"
    }
    return [mail.below(ADDRESS, links.reply_token(portal, filed[reference])) for reference in references]


def _hand_over(line: smtplib.LMTP, addresses: Sequence[str]) -> float:
    began = perf_counter()
    for address in addresses:
        message = EmailMessage()
        message["From"] = sender = CITIZENS["camille"].email
        message["To"], message["Subject"], message["Message-ID"] = (
            address,
            "Re: votre demande",
            f"<{uuid4()}@x.invalid>",
        )
        message.set_content(TEXT)
        line.send_message(message, sender, [address])
    return len(addresses) / (perf_counter() - began)


@contextmanager
def _line(url: str) -> Iterator[smtplib.LMTP]:
    """Run `mail-in --lmtp` on a database, and call it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lmtp"
        command = [sys.executable, "-m", "espace_citoyen.cli", "mail-in", "--lmtp", f"unix:{path}"]
        with subprocess.Popen(command, env=environment(url, REPLY_ADDRESS=ADDRESS)) as process:
            try:
                _wait(path, process)
                with smtplib.LMTP(str(path), local_hostname="mx") as line:
                    yield line
            finally:
                process.terminate()


def _wait(path: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTING_SECONDS
    while not path.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the mail line did not open")
        time.sleep(0.05)
