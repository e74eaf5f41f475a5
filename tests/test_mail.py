"""How a mail is written and handed over, against a real mail server."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller

from espace_citoyen import mail
from espace_citoyen.mail import Envelope, Letter, Refused, Unreachable, Unsendable
from fix_smtp import PASSWORD, USER, Box

LETTER = Letter("Votre demande est arrivée", "Bonjour Zoé,\n\nÀ bientôt <vous> & les vôtres.\n\n{lien}\n")
LINK = "http://localhost:8000/demandes/7K3F-9QX2/historique"
SIGN_IN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"


def envelope(recipient: str = "zoe@exemple.fr", *, reply_to: str = "") -> Envelope:
    return Envelope(
        sender=USER,
        recipient=recipient,
        reply_to=reply_to,
        message_id="0-1-2@localhost",
        date=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )


def hand_over(url: str, recipient: str = "zoe@exemple.fr") -> None:
    with mail.server(url, local_name="localhost") as line:
        mail.send(line, mail.message(envelope(recipient), LETTER, LINK))


def smtp_url(server: Controller, starttls: str = "required", sign_in: str = SIGN_IN) -> str:
    return f"smtp://{sign_in}@localhost:{server.port}?starttls={starttls}"


@pytest.mark.usefixtures("trusted")
def test_a_mail_leaves_encrypted_and_signed_in(mail_server: Callable[..., Controller], box: Box) -> None:
    hand_over(smtp_url(mail_server()))
    [received] = box.mails
    assert (box.encrypted, box.signed_in) == ([True], [True])
    assert received["Subject"] == "Votre demande est arrivée"
    assert received["To"] == "zoe@exemple.fr"
    assert received["Message-ID"] == "<0-1-2@localhost>"
    assert received["Auto-Submitted"] == "auto-generated"
    plain, html = received.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert (
        plain.get_content().replace("\r\n", "\n") == f"Bonjour Zoé,\n\nÀ bientôt <vous> & les vôtres.\n\n{LINK}\n"
    )
    assert "À bientôt &lt;vous&gt; &amp; les vôtres." in html.get_content()
    assert f'<a href="{LINK}"' in html.get_content()
    assert html.get_content().count("<a ") == 1
    assert ">Ouvrir ma demande</a>" in html.get_content()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    mail_server: Callable[..., Controller], box: Box
) -> None:
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        hand_over(smtp_url(mail_server()))
    assert box.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_server_without_encryption_is_refused_unless_it_may_do_without(
    mail_server: Callable[..., Controller], box: Box
) -> None:
    server = mail_server(encrypts=False)
    bare = f"smtp://localhost:{server.port}?starttls="
    with pytest.raises(Unreachable, match="SMTPNotSupportedError"):
        hand_over(bare + "required")
    hand_over(bare + "optional")
    hand_over(bare + "no")
    assert box.encrypted == [False, False]


@pytest.mark.usefixtures("trusted")
def test_optional_encryption_is_used_where_there_is_some(mail_server: Callable[..., Controller], box: Box) -> None:
    hand_over(smtp_url(mail_server(), "optional"))
    assert box.encrypted == [True]


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_no_fault_of_the_mail(mail_server: Callable[..., Controller]) -> None:
    with pytest.raises(Unreachable, match=r"^535 5\.7\.8$"):
        hand_over(smtp_url(mail_server(), sign_in="somebody:wrong"))


def test_a_server_that_is_not_there_is_no_fault_of_the_mail(mail_server: Callable[..., Controller]) -> None:
    server = mail_server()
    server.stop()
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        hand_over(smtp_url(server))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("answer", "code", "for_now"),
    [("450 4.2.1 zoe@exemple.fr is busy", "450 4.2.1", True), ("550 No such zoe@exemple.fr", "550", False)],
)
def test_a_refusal_keeps_its_code_and_not_its_words(
    mail_server: Callable[..., Controller], box: Box, answer: str, code: str, *, for_now: bool
) -> None:
    box.answers["zoe@exemple.fr"] = [answer]
    with pytest.raises(Refused) as refused:
        hand_over(smtp_url(mail_server()))
    assert (str(refused.value), refused.value.for_now) == (code, for_now)


@pytest.mark.parametrize(
    "address",
    [
        "zoe@exemple.fr\r\nBcc: tous@exemple.fr",
        "zoe@exemple.fr\nX: y",
        "zoe@exemple.fr, paul@exemple.fr",
        "zoe",
        "@exemple.fr",
        "zoe@",
        "zoe@exemple..fr",
        "",
    ],
)
def test_what_is_not_one_address_is_never_sent(address: str) -> None:
    for given in (envelope(address), envelope(reply_to=address) if address else envelope("")):
        with pytest.raises(Unsendable):
            mail.message(given, LETTER, LINK)


@pytest.mark.parametrize("subject", ["Bonjour\r\nBcc: tous@exemple.fr", "Bonjour\nX: y", "Bon\x00jour"])
def test_a_subject_of_two_lines_is_refused(subject: str) -> None:
    with pytest.raises(Unsendable):
        mail.message(envelope(), Letter(subject, "Bonjour"), LINK)


def test_an_address_in_a_domain_with_accents_is_written_as_mail_servers_know_it() -> None:
    made = mail.message(envelope("zoe@mairie-évry.fr"), LETTER, LINK)
    assert made["To"] == "zoe@xn--mairie-vry-h7a.fr"


@pytest.mark.parametrize(
    ("address", "withheld"),
    [
        ("camille@exemple.invalid", True),
        ("camille@EXEMPLE.Invalid.", True),
        ("camille@invalid", True),
        ("camille@invalid.fr", False),
        ("invalid@exemple.fr", False),
    ],
)
def test_the_addresses_of_the_demonstration_are_known(address: str, *, withheld: bool) -> None:
    assert mail.is_withheld(address) is withheld


@pytest.mark.parametrize("template", ["acknowledgement", "new_message"])
def test_a_template_refuses_to_be_written_with_something_missing(template: str) -> None:
    with pytest.raises(Exception, match="is undefined"):
        mail.compose(template)
