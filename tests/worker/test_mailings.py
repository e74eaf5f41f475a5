"""Every event of a request, walked: told by one mail that can be read and opened, or told by none, on purpose."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from answering import REPLIES, files_without_account, prefers_the_post
from espace_citoyen import letters, links, mail
from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.requests import (
    AttachedFile,
    AttachmentContent,
    Correction,
    Decision,
    ServiceRequest,
    Status,
)
from espace_citoyen.commands import replies, requests
from espace_citoyen.letters import MAILINGS, UNTOLD
from espace_citoyen.outbox import State
from every_event import event_classes
from fix_smtp import Box
from people import A_PASSER_BY, CAMILLE_PERSON, Town
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

TEXTS = sorted((Path(mail.__file__).parents[1] / "texts").glob("*.txt"))
FILE = AttachedFile(
    file_id=UUID(int=9), name="délibération.pdf", media_type="application/pdf", size=9, sha256="ab" * 32
)
NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _reactions_from_the_start(town: Town) -> None:
    place_at_the_start(town.portal)


@pytest.fixture
def sends(
    town: Town, box: Box, mail_server: Callable[..., Controller], tmp_path: Path
) -> Callable[[], list[mail.Incoming]]:
    """Let everything leave that is to be told; what arrived, read as a person's program reads it."""
    port = mail_server(encrypts=False).port

    def send() -> list[mail.Incoming]:
        queue_mails(town)
        post = mailer(town.portal, f"smtp://localhost:{port}?starttls=no", tmp_path)
        with town.portal.connect() as connection:
            post.send_due(connection)
        return [mail.read(bytes(each)) for each in box.mails]

    return send


class Story:
    """Camille's request for a passport, and everything that can happen to it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        applicant = replace(CAMILLE_PERSON, email=CAMILLE_AT)
        filing = requests.Filing(uuid4(), town.passport, 1, applicant, {"nom": "Rousseau"})
        self.filed = requests.deposit_request(town.portal, at=town.at, actor=town.camille, filing=filing)

    def does(self, deed: Callable[..., object], who: Actor | None = None, **more: object) -> None:
        actor = who or self.town.dominique
        deed(self.town.portal, at=self.town.at, actor=actor, request_id=self.filed.request_id, **more)

    @property
    def manager(self) -> Actor:
        return replace(self.town.dominique, roles=frozenset({Role.AGENT, Role.MANAGER}))

    def wish(self, days: int) -> tuple[UUID, object]:
        return self.town.counter, self.town.at + timedelta(days=days)

    def is_taken_up(self) -> None:
        self.does(requests.take_up)

    def is_decided(self, outcome: Status = Status.REFUSED) -> None:
        self.is_taken_up()
        said = Decision(decision_id=uuid4(), outcome=outcome, reasons="L’acte est incomplet.")
        self.does(requests.decide, decision=said)

    def gets_a_message(self) -> None:
        message = requests.Message(exchange_id=uuid4(), text="Venez {lien} lundi.", files=(FILE,))
        self.does(requests.send_exchange, message=message)

    def gets_a_paper(self) -> None:
        content = AttachmentContent(kind="Acte", title="Délibération", files=(FILE,))
        self.does(requests.add_attachment, attachment_id=uuid4(), content=content)

    def is_to_be_completed(self) -> None:
        self.is_taken_up()
        asked = Correction(
            correction_id=uuid4(), text="Il manque un acte.", missing=("Acte", "Photo"), due_on=date(2026, 3, 31)
        )
        self.does(requests.request_correction, correction=asked)

    def is_settled_by_silence(self) -> None:
        requests.settle_by_silence(
            self.town.portal,
            at=self.town.at,
            request_id=self.filed.request_id,
            decision_id=uuid4(),
            outcome=Status.ACCEPTED,
            effective_on=date(2026, 5, 2),
        )

    def is_reopened(self) -> None:
        self.is_decided()
        self.does(requests.reopen, self.manager, reasons="Une pièce a été retrouvée.")

    def has_an_appointment(self, who: Actor | None = None) -> None:
        self.does(requests.book_appointment, who, appointment_id=UUID(int=1), wish=self.wish(1))

    def has_it_moved(self) -> None:
        self.has_an_appointment(self.town.camille)
        self.does(requests.move_appointment, former_id=UUID(int=1), appointment_id=UUID(int=2), wish=self.wish(2))

    def has_it_cancelled(self) -> None:
        self.has_an_appointment()
        self.does(requests.cancel_appointment, appointment_id=UUID(int=1))

    def is_passed_on(self) -> None:
        self.does(requests.pass_on, self.manager, department_id=self.town.education, reasons="C’est pour vous.")

    def is_cancelled(self) -> None:
        self.has_an_appointment()
        self.does(requests.cancel_request, self.town.camille)


DEEDS: dict[str, tuple[Callable[[Story], None], tuple[str, ...]]] = {
    "acknowledgement": (lambda _story: None, ("a été reçue le", "Téléphone")),
    "new_message": (Story.gets_a_message, ("Dominique Morel, Officier d’état civil, vous a écrit", FILE.name)),
    "attachment_added": (Story.gets_a_paper, ("Dominique Morel, Officier", "Délibération", FILE.name)),
    "correction_requested": (
        Story.is_to_be_completed,
        (
            "Il manque un acte.",
            "– Acte",
            "– Photo",
            "jusqu’au mardi 31",
            f"«{NBSP}Renvoyer{NBSP}»",
            "Dominique Morel",
        ),
    ),
    "decided": (Story.is_decided, ("est refusée", "L’acte est incomplet.", "par Dominique Morel, Officier")),
    "settled_by_silence": (Story.is_settled_by_silence, ("silence de la mairie", "est acceptée", f"2{NBSP}mai")),
    "reopened": (Story.is_reopened, ("Une pièce a été retrouvée.", "Dominique Morel, Officier")),
    "appointment_booked": (
        Story.has_an_appointment,
        ("Dominique Morel, Officier d’état civil, a pris pour vous", "mardi 3"),
    ),
    "appointment_moved": (Story.has_it_moved, ("a déplacé votre rendez-vous", "mercredi 4", "mardi 3")),
    "appointment_cancelled": (Story.has_it_cancelled, ("a annulé votre rendez-vous", "mardi 3")),
    "passed_on": (Story.is_passed_on, ("Éducation et petite enfance",)),
    "cancelled": (Story.is_cancelled, ("est annulée depuis le", "Le rendez-vous du mardi 3")),
}
"""How each mail comes about, and what it says."""


def test_every_event_of_a_request_is_told_by_a_mail_or_by_none_for_a_reason() -> None:
    events = {each for each in event_classes() if each.TOPIC.startswith("request:")}
    assert MAILINGS.keys() | UNTOLD.keys() == events
    assert not MAILINGS.keys() & UNTOLD.keys()
    for why in (*UNTOLD.values(), *(mailing.why for mailing in MAILINGS.values())):
        assert len(why.split()) > 3
    assert DEEDS.keys() | {"linked"} == {mailing.template for mailing in MAILINGS.values()}


@pytest.mark.parametrize("template", sorted(DEEDS))
def test_what_happens_is_told_once_to_the_applicant_and_the_link_is_its_tab(
    town: Town, sends: Callable[[], list[mail.Incoming]], box: Box, template: str
) -> None:
    happens, words = DEEDS[template]
    story = Story(town)
    happens(story)
    arrived = sends()
    rows = outbox_rows(town.portal)
    assert [row["template"] for row in rows].count(template) == 1
    assert {row["state"] for row in rows} == {"sent"}
    number = [row["template"] for row in rows].index(template)
    [made] = [each for each in box.mails if str(rows[number]["mail_id"]) in each["Message-ID"]]
    assert made["To"] == CAMILLE_AT
    assert story.filed.reference in made["Subject"]
    assert made["Content-Language"] == "fr"
    read = next(each for each in arrived if each.message_id == made["Message-ID"].strip("<>"))
    link = f"{BASE_URL}/demandes/{story.filed.reference}/{letters.WRITERS[template].tab}"
    for said in (*words, "Bonjour Camille Rousseau,", story.filed.reference, link):
        assert said in read.text, said
    assert read.text.count(link) == 1
    assert "\n\n\n" not in read.text
    assert "{" not in read.text.replace("{\N{WORD JOINER}lien}", "")
    seen = Html.of(made)
    assert seen.links == [link]
    for said in words:
        assert said in seen.words, said
    assert len(sends()) == len(arrived)


class Html(HTMLParser):
    """The HTML side of a mail, as far as a test wants to know."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words = ""
        self.language = ""

    @classmethod
    def of(cls, made: object) -> "Html":
        body = made.get_body(("html",))  # type: ignore[attr-defined]  # a mail
        seen = cls()
        seen.feed(body.get_content())
        assert seen.language == "fr"
        return seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("img", "link", "script", "style", "iframe"), "something to fetch, or to run"
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        self.language = given.get("lang") or self.language

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_cancelled_request_is_one_mail_not_two(town: Town) -> None:
    Story(town).is_cancelled()
    queue_mails(town)
    assert [row["template"] for row in outbox_rows(town.portal)] == [
        "acknowledgement",
        "appointment_booked",
        "cancelled",
    ]


def test_what_the_citizen_does_with_their_own_papers_is_not_told(town: Town) -> None:
    story = Story(town)
    content = AttachmentContent(kind="Acte", title="Acte", files=(FILE,))
    story.does(requests.add_attachment, town.camille, attachment_id=uuid4(), content=content)
    town.writes(town.camille, story.filed.request_id)
    queue_mails(town)
    assert [row["template"] for row in outbox_rows(town.portal)] == ["acknowledgement"]


def test_without_account_the_link_is_the_tracking_link_and_no_row_holds_it(
    town: Town, sends: Callable[[], list[mail.Incoming]]
) -> None:
    filed = files_without_account(town)
    token = links.tracking_token(town.portal, town.portal.get(ServiceRequest, filed.request_id))
    [arrived] = sends()
    assert f"{BASE_URL}/suivi/{token}" in arrived.text
    assert token not in str(outbox_rows(town.portal))
    for event in town.portal.stream(filed.request_id):
        assert token not in str(vars(event.event))


def test_linking_is_announced_and_leads_to_the_account(
    town: Town, sends: Callable[[], list[mail.Incoming]]
) -> None:
    filed = files_without_account(town)
    holder = replace(A_PASSER_BY, id=filed.request_id)
    requests.link_to_account(town.portal, at=town.at, actor=town.nadia, holder=holder, request_id=filed.request_id)
    told = sends()[-1]
    assert "Le lien de suivi que vous aviez reçu ne s’ouvre plus" in told.text
    assert f"{BASE_URL}/demandes/{filed.reference}/historique" in told.text
    assert "/suivi/" not in told.text


# An answer by mail


def test_with_a_reply_address_every_mail_can_be_answered_above_a_line(
    town: Town, box: Box, mail_server: Callable[..., Controller], tmp_path: Path
) -> None:
    filed = files_reachable(town)
    queue_mails(town)
    server = f"smtp://localhost:{mail_server(encrypts=False).port}?starttls=no"
    post = mailer(town.portal, server, tmp_path, reply_address=REPLIES)
    with town.portal.connect() as connection:
        post.send_due(connection)
    [made] = box.mails
    assert made["Reply-To"] == mail.below(REPLIES, links.reply_token(town.portal, filed.request_id))
    assert len(made["Reply-To"].partition("@")[0]) <= 64
    assert mail.read(bytes(made)).text.startswith(mail.MARKER)
    assert mail.MARKER in Html.of(made).words


# Paper


def test_who_prefers_the_post_gets_a_letter_and_no_mail(
    town: Town, sends: Callable[[], list[mail.Incoming]]
) -> None:
    prefers_the_post(town)
    assert sends() == []
    [row] = outbox_rows(town.portal)
    assert row["state"] == "to_print"
    listed = letters.to_be_printed(town.portal, viewer=town.dominique, mail_id=row["mail_id"])
    assert listed.written is not None
    assert listed.written.postal == ("Camille Rousseau", "3, rue du Lavoir", "69999 Valombre")


def test_who_prefers_the_post_and_gave_no_address_gets_a_mail(
    town: Town, sends: Callable[[], list[mail.Incoming]]
) -> None:
    prefers_the_post(town, address="")
    assert len(sends()) == 1


@pytest.mark.parametrize("preferred", ["telephone", "sms"])
def test_telephone_and_sms_fall_back_on_mail(preferred: str) -> None:
    coordinates = {"address": "3, rue du Lavoir", "town": "Valombre", "preferred_contact": preferred}
    assert not letters.is_by_post(dict(coordinates))


def test_a_letter_of_an_erased_request_is_gone(town: Town, tmp_path: Path) -> None:
    request_id = prefers_the_post(town)
    queue_mails(town)
    [row] = outbox_rows(town.portal)
    erase(town, request_id, tmp_path / "register")
    assert letters.listed(town.portal, viewer=town.alex, state=State.TO_PRINT)[0].written is None
    assert row["state"] == "to_print"


# Typography


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_texts_are_set_as_french_is(path: Path) -> None:
    said = re.sub(r"\{[%{].*?[%}]\}", "X", path.read_text(encoding="utf-8"))
    assert "'" not in said
    assert '"' not in said
    assert "..." not in said
    for found in re.finditer(r"(.)([;?!:»])|(«)(.)", said):
        before, mark, opening, after = found.groups()
        if mark in ("»", ":"):
            assert before == NBSP, found[0]
        elif mark:
            assert before == THIN, found[0]
        elif opening:
            assert after == NBSP, found[0]


def test_the_sentences_of_refusals_are_set_as_french_is() -> None:
    said = [value for name, value in vars(replies).items() if name.isupper() and isinstance(value, str)]
    assert len(said) > 5
    for sentence in said:
        assert sentence.endswith(".")
        assert not re.search(r"[ \w][:;?!]|'", sentence), sentence
