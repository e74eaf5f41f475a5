"""An answer by mail: filed as a message of its request, or refused in words with nothing recorded."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from answering import JPEG, PDF, QUOTED, REPLIES, Answering, files_without_account, mail_of, room
from espace_citoyen import files, mail
from espace_citoyen.aggregates.requests import TEXT_LIMIT, Decision, Status
from espace_citoyen.commands import replies, requests
from espace_citoyen.commands.replies import NotFiled
from people import A_PASSER_BY, NADIA_PERSON, Town
from worker.posting import CAMILLE_AT, erase, files_reachable


@pytest.fixture
def answering(town: Town, tmp_path: Path) -> Answering:
    return Answering(town, room(tmp_path))


@pytest.fixture
def filed(answering: Answering) -> UUID:
    """Camille's request."""
    return files_reachable(answering.town).request_id


def test_an_answer_becomes_a_message_without_what_it_quotes(answering: Answering, filed: UUID) -> None:
    answering.files(mail_of(answering.address(filed)))
    [message] = answering.messages(filed)
    assert message.text == "Bonjour,\n\nje viendrai lundi."
    assert (message.author, message.mine) == ("Camille Rousseau", False)
    sent = answering.portal.stream(filed)[-1].event
    assert (sent.channel, sent.actor_kind, sent.actor_id) == ("email", "citizen", answering.town.camille.id)


def test_who_follows_by_a_link_answers_too(answering: Answering) -> None:
    filed = files_without_account(answering.town).request_id
    answering.files(mail_of(answering.address(filed)))
    sent = answering.portal.stream(filed)[-1].event
    assert (sent.channel, sent.actor_kind, sent.actor_id) == ("email", "link_holder", filed)
    assert sent.actor_name == "Camille Rousseau"


def test_after_linking_the_account_answers_from_either_address(answering: Answering) -> None:
    town, filed = answering.town, files_without_account(answering.town).request_id
    holder = replace(A_PASSER_BY, id=filed)
    requests.link_to_account(town.portal, at=town.at, actor=town.nadia, holder=holder, request_id=filed)
    for sender in (CAMILLE_AT.upper(), NADIA_PERSON.email):
        answering.files(mail_of(answering.address(filed), sender=sender))
    assert [each.author for each in answering.messages(filed)] == [town.nadia.name] * 2


def test_the_same_mail_again_is_no_news(answering: Answering, filed: UUID) -> None:
    once = mail_of(answering.address(filed), files=[("acte.pdf", "application/pdf", PDF)])
    answering.files(once)
    before = answering.portal.position()
    answering.files(once)
    answering.files(once, answering.address(filed))
    assert answering.portal.position() == before
    assert len(list((answering.room.files_root / str(filed)).iterdir())) == 1


def test_files_come_with_the_message_recognised_by_their_bytes(answering: Answering, filed: UUID) -> None:
    sent = [
        ("acte.pdf", "application/octet-stream", PDF),
        ("../../photo", "text/html", JPEG),
        ("recette.docx", "application/msword", b"PK\x03\x04"),
        ("énorme.pdf", "application/pdf", PDF + bytes(replies.MOST_BYTES)),
    ]
    answering.files(mail_of(answering.address(filed), files=sent))
    [message] = answering.messages(filed)
    kept = [file for paper in message.papers for file in paper.files]
    assert [(file.name, file.media_type) for file in kept] == [
        ("acte.pdf", "application/pdf"),
        ("photo.jpg", "image/jpeg"),
    ]
    assert message.text.splitlines()[-2:] == [
        "Pièce non conservée\N{NO-BREAK SPACE}: recette.docx",
        "Pièce non conservée\N{NO-BREAK SPACE}: énorme.pdf",
    ]
    key = answering.portal.keys.open([filed])[filed]
    place = files.Place(filed, kept[0].file_id)
    assert b"".join(files.read(answering.room.files_root, place, key)) == PDF


def test_more_files_than_an_attachment_holds_are_several_attachments(answering: Answering, filed: UUID) -> None:
    many = [(f"page {number}.pdf", "application/pdf", PDF) for number in range(1, 24)]
    answering.files(mail_of(answering.address(filed), files=many))
    [message] = answering.messages(filed)
    assert [len(paper.files) for paper in message.papers] == [4, 4, 4, 4, 4]
    assert message.text.count("Pièce non conservée") == 3


def test_a_file_without_a_word_is_a_message(answering: Answering, filed: UUID) -> None:
    answering.files(mail_of(answering.address(filed), QUOTED, files=[("acte.pdf", "application/pdf", PDF)]))
    [message] = answering.messages(filed)
    assert message.text == "(Message sans texte.)"
    assert len(message.papers) == 1


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Cc"])
def test_the_address_is_found_in_whichever_header_has_it(answering: Answering, filed: UUID, header: str) -> None:
    told = f"{header}: <{answering.address(filed).upper()}>\r\n".encode()
    answering.files(told + bytes(mail_of("mairie@exemple.fr")))
    assert len(answering.messages(filed)) == 1


def test_what_the_mail_server_says_is_believed_first(answering: Answering, filed: UUID) -> None:
    answering.files(mail_of(f"reponse+{'a' * 52}@demandes.exemple.fr"), answering.address(filed))
    assert len(answering.messages(filed)) == 1


Change = Callable[[Answering, UUID], None]


def refuses(answering: Answering, sent: EmailMessage | bytes, *recipients: str) -> NotFiled:
    before = answering.portal.position()
    with pytest.raises(NotFiled) as refused:
        answering.files(sent, *recipients)
    assert answering.portal.position() == before
    assert not list(answering.room.files_root.rglob("*-*-*-*-*/*")), "a file is left behind"
    return refused.value


PAPER = [("acte.pdf", "application/pdf", PDF)]


@pytest.mark.parametrize(
    "sender",
    [
        "Camille Rousseau <autre@exemple.fr>",
        "camille@exemple.fr, autre@exemple.fr",
        "",
        "<>",
        "camille@exemple.fr <x>",
    ],
)
def test_a_stranger_is_refused_even_with_the_right_address(answering: Answering, filed: UUID, sender: str) -> None:
    sent = mail_of(answering.address(filed), files=PAPER)
    del sent["From"]
    raw = f"From: {sender}\r\n".encode() + bytes(sent)
    assert str(refuses(answering, raw)) == replies.STRANGER


@pytest.mark.parametrize(
    "wrong",
    [
        REPLIES,
        "reponse+@demandes.exemple.fr",
        "reponse+abc@demandes.exemple.fr",
        f"reponse+{'a' * 52}@demandes.exemple.fr",
        "reponse+é@demandes.exemple.fr",
        "autre@exemple.fr",
        "",
    ],
)
def test_an_address_that_we_did_not_make_is_refused(answering: Answering, filed: UUID, wrong: str) -> None:
    assert str(refuses(answering, mail_of("mairie@exemple.fr"), wrong)) == replies.UNKNOWN


def test_a_letter_that_only_looks_like_one_of_ours_is_refused(answering: Answering, filed: UUID) -> None:
    """« ſ » is a capital S, and « ı » a capital I: no failure that a mail server would try again for days."""
    name, _, domain = answering.address(filed).rpartition("@")
    wrong = f"{name}@{domain}".replace(
        name, name.replace("s", "ſ").replace("i", "ı").replace("reponſe", "reponse")
    )
    assert str(refuses(answering, mail_of("mairie@exemple.fr"), wrong)) == replies.UNKNOWN


def test_an_address_at_another_domain_is_not_ours(answering: Answering, filed: UUID) -> None:
    elsewhere = answering.address(filed).replace("demandes.exemple.fr", "exemple.fr")
    assert str(refuses(answering, mail_of(elsewhere))) == replies.UNKNOWN


def test_a_token_of_another_request_opens_that_one_only(answering: Answering, filed: UUID) -> None:
    other = files_reachable(answering.town, "nadia@exemple.fr").request_id
    swapped = answering.address(filed)[:30] + answering.address(other)[30:]
    assert str(refuses(answering, mail_of(swapped))) == replies.UNKNOWN
    assert str(refuses(answering, mail_of(answering.address(other)))) == replies.STRANGER


def test_a_request_that_is_over_says_so(answering: Answering, filed: UUID, tmp_path: Path) -> None:
    town = answering.town
    requests.cancel_request(town.portal, at=town.at, actor=town.camille, request_id=filed)
    refused = refuses(answering, mail_of(answering.address(filed), files=PAPER))
    assert str(refused).startswith("Cette demande est annulée")
    erase(town, filed, tmp_path / "register")
    assert str(refuses(answering, mail_of(answering.address(filed)))) == replies.GONE


def test_an_archived_request_takes_nothing_more(answering: Answering, filed: UUID) -> None:
    town = answering.town
    about = {"at": town.at, "actor": town.dominique, "request_id": filed}
    requests.take_up(town.portal, **about)
    said = Decision(decision_id=UUID(int=1), outcome=Status.ACCEPTED, reasons="")
    requests.decide(town.portal, **about, decision=said)
    requests.archive_request(town.portal, **about)
    assert "archivée" in str(refuses(answering, mail_of(answering.address(filed))))


def test_a_procedure_without_exchanges_takes_no_answer(answering: Answering) -> None:
    town = answering.town
    filed = town.files(town.camille, town.family_book).request_id
    sent = mail_of(answering.address(filed), sender="camille@exemple.invalid")
    assert str(refuses(answering, sent)) == replies.NO_EXCHANGES


@pytest.mark.parametrize(
    ("text", "enclosed", "said"),
    [
        ("", [], replies.EMPTY),
        (QUOTED, [], replies.EMPTY),
        ("-- \nCamille" + QUOTED, [], replies.EMPTY),
        (QUOTED, [("a.exe", "application/pdf", b"MZ")], replies.NO_SUCH_FILES),
        ("a" * (TEXT_LIMIT + 1), [], "Votre message est trop long"),
    ],
)
def test_a_mail_in_which_nothing_can_be_kept_is_refused(
    answering: Answering, filed: UUID, text: str, enclosed: list[tuple[str, str, bytes]], said: str
) -> None:
    assert str(refuses(answering, mail_of(answering.address(filed), text, files=enclosed))).startswith(said)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; x=y"),
        ("Precedence", "Bulk"),
        ("Precedence", "list"),
        ("X-Autoreply", "yes"),
        ("X-Loop", "somewhere"),
        ("List-Id", "<voisins.exemple.fr>"),
        ("Return-Path", "<>"),
        ("Message-ID", "<3b241101-e2bb-5255-8caf-4136c566a962@espace.exemple.fr>"),
        ("From", REPLIES),
    ],
)
def test_what_a_program_wrote_is_dropped_without_a_word(
    answering: Answering, filed: UUID, header: str, value: str
) -> None:
    sent = mail_of(answering.address(filed))
    del sent[header]
    sent[header] = value
    before = answering.portal.position()
    assert answering.files(sent) is None
    assert answering.portal.position() == before


def test_a_mail_without_a_return_path_is_a_machine_s(answering: Answering, filed: UUID) -> None:
    assert answering.files(mail_of(answering.address(filed)), return_path="<>") is None
    assert answering.messages(filed) == []


def test_a_person_says_that_no_program_wrote(answering: Answering, filed: UUID) -> None:
    sent = mail_of(answering.address(filed))
    sent["Auto-Submitted"] = "no"
    sent.replace_header("Subject", "Absence du bureau")
    answering.files(sent)
    assert len(answering.messages(filed)) == 1


def test_our_own_mail_that_comes_back_is_dropped(answering: Answering, filed: UUID) -> None:
    """Forwarded by somebody's filter, or bounced by a server that keeps to no rule."""
    envelope = mail.Envelope(
        sender="ne-pas-repondre@espace.exemple.fr",
        recipient=CAMILLE_AT,
        reply_to=answering.address(filed),
        message_id="3b241101-e2bb-5255-8caf-4136c566a962@espace.exemple.fr",
        date=answering.town.at,
    )
    ours = mail.message(envelope, mail.Letter("Bonjour", "Venez lundi"), "https://espace.exemple.fr")
    assert answering.files(ours, answering.address(filed)) is None
    assert answering.messages(filed) == []
