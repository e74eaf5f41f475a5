"""Mails as they come: every way in which programs write the same thing, and what nobody should have written."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from answering import PDF
from espace_citoyen import mail
from espace_citoyen.mail import Unreadable
from espace_citoyen.mail.hypertext import as_text

LATIN = b"Content-Type: text/plain; charset=iso-8859-1\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
MANY, SOON = 60_000, 2.0
"""How often a bomb repeats itself, and how many seconds reading it may take; it took minutes to hours."""
HEAD = b"From: camille@exemple.fr\r\nTo: reponse+abc@demandes.exemple.fr\r\nMessage-ID: <1@exemple.fr>\r\n"


def text_of(raw: bytes) -> str:
    return mail.read(HEAD + raw).text


@pytest.mark.parametrize(
    "raw",
    [
        LATIN + b"Content-Transfer-Encoding: 8bit\r\n\r\n\xe9t\xe9\r\n",
        LATIN + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=E9t=E9",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nw6l0w6k=\r\n",
        b"Content-Type: text/plain; charset=x-unknown\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9t\xc3\xa9",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe9t\xe9",
        b"Content-Type: text/plain\r\n\r\n\xc3\xa9t\xc3\xa9",
        HTML + b"<style>p{}</style><p>\xc3\xa9t&eacute;</p><script>x()</script>",
        b"\r\n\xc3\xa9t\xc3\xa9",
        b"Content-Type: nonsense\r\n\r\n\xc3\xa9t\xc3\xa9",
    ],
)
def test_a_word_is_read_whatever_it_was_written_in(raw: bytes) -> None:
    assert text_of(raw) == "été"


def test_plain_text_is_preferred_and_files_are_found_wherever_they_lie() -> None:
    """Apple's programs put files into the HTML side of an alternative."""
    raw = (
        b'Content-Type: multipart/alternative; boundary="a"\r\n\r\n'
        b"--a\r\nContent-Type: text/plain\r\n\r\nVoici.\r\n"
        b'--a\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>Non</p>\r\n"
        b"--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: inline; filename*=UTF-8''d%C3%A9lib.pdf\r\n\r\n" + PDF + b"\r\n--b--\r\n--a--\r\n"
    )
    read = mail.read(HEAD + raw)
    assert read.text == "Voici."
    assert [file.name for file in read.files] == ["délib.pdf"]


def test_a_text_in_pieces_is_put_together() -> None:
    raw = (
        MIXED + b"--a\r\nContent-Type: text/plain\r\n\r\nVoici\r\n"
        b"--a\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"
        b"--a\r\nContent-Type: text/html\r\n\r\n<b>la suite</b>\r\n--a--"
    )
    read = mail.read(HEAD + raw)
    assert read.text == "Voici\n\nla suite"
    assert [file.name for file in read.files] == ["sans nom"]


def test_a_mail_in_a_mail_is_a_file_not_its_words() -> None:
    raw = (
        MIXED + b"--a\r\nContent-Type: text/plain\r\n\r\nVoici\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: secret\r\n\r\nsecret\r\n--a--"
    )
    read = mail.read(HEAD + raw)
    assert read.text == "Voici"
    assert [file.name for file in read.files] == ["message.eml"]


def test_parts_without_end_are_refused() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (each, each) for each in range(2_000)
    )
    with pytest.raises(Unreadable):
        mail.read(HEAD + deep + b"\r\nhello")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a',
        b"Content-Type: text/plain; charset=\xff\r\n\r\nbonjour",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!! not base64",
        b'Content-Disposition: attachment; filename="=?utf-8?b?////?="\r\n\r\nbonjour',
        b"Date: \xff\r\nSubject: =?x?q?=?=\r\nCc: <<>>,,;@@\r\n\r\nbonjour",
        b"Delivered-To: a\r\n b\x00@c\r\n\r\nbonjour",
        b": no name\r\n\r\nbonjour",
    ],
)
def test_a_broken_mail_is_read_or_refused_and_nothing_else(raw: bytes) -> None:
    for whole in (raw, HEAD + raw):
        try:
            read = mail.read(whole)
        except Unreadable:
            continue
        assert "\x00" not in read.text
        read.text.encode()
        for each in (*read.authors, *read.recipients, read.message_id):
            assert "\n" not in each
            assert "\r" not in each


def test_without_an_id_a_mail_is_known_by_its_bytes() -> None:
    first, again, other = (mail.read(b"From: a@b.fr\r\n\r\n" + said).message_id for said in (b"a", b"a", b"b"))
    assert first == again != other


def test_html_is_read_line_by_line_and_nothing_in_it_runs() -> None:
    html = "<head><title>T</title></head><div>Un<br>deux</div><ul><li>trois</li></ul>"
    html += "<a href='x:y'>quatre</a><img src=x>"
    assert as_text(html).split() == ["Un", "deux", "trois", "quatre"]
    assert as_text("a < b & c <<<") == "a < b & c <<<"


GMAIL = (
    "Le lun. 2 mars 2026 à 10:00, Espace citoyen <reponse+abc@demandes.exemple.fr>\na écrit :\n\n> {} \n> Bonjour"
)
OUTLOOK = (
    "________________________________\nDe : Espace citoyen <a@b.fr>\nEnvoyé : lundi 2 mars 2026 10:00\n"
    "À : Camille <c@d.fr>\nObjet : Votre demande\n\n{}\n\nBonjour"
)
THUNDERBIRD = "Le 02/03/2026 à 10:00, Espace citoyen a écrit :\n> {}\n>\n> Bonjour"
APPLE = "> Le 2 mars 2026 à 10:00, Espace citoyen <a@b.fr> a écrit :\n> \n> {}\n"
ENGLISH = "On Mon, 2 Mar 2026 at 10:00, Espace citoyen <a@b.fr> wrote:\n> {}\n"
WRAPPED = (
    "Le 2 mars 2026, la mairie a écrit :\n> — Pour répondre, écrivez au-dessus\n> de cette ligne —\n> Bonjour"
)


@pytest.mark.parametrize("quoted", [GMAIL, OUTLOOK, THUNDERBIRD, APPLE, ENGLISH, WRAPPED, "{}", "* {} *"])
@pytest.mark.parametrize("signed", ["", "\n\n-- \nCamille", "\n\nEnvoyé de mon iPhone"])
def test_what_is_quoted_and_signed_is_cut(quoted: str, signed: str) -> None:
    said = "Bonjour,\n\nje viendrai lundi.\nDe : chez moi"
    whole = f"{said}{signed}\n\n{quoted.format(mail.MARKER)}"
    assert mail.without_quotation(whole) == said


def test_without_our_line_everything_is_kept() -> None:
    whole = "Bonjour\n\n-- \nCamille\n\nLe 2 mars 2026, la mairie a écrit :\n> Bonjour"
    assert mail.without_quotation(whole) == whole


@pytest.mark.parametrize(
    "said", ["Le maire a écrit : venez", "Objet : ma demande\nVoici", "On a tout écrit\nEnvoyé de ma part, voici"]
)
def test_words_that_look_like_an_announcement_are_kept(said: str) -> None:
    assert mail.without_quotation(f"{said}\n\n{THUNDERBIRD.format(mail.MARKER)}") == said


WRITTEN = "a\n{}\nb\n\n" + mail.MARKER


@pytest.mark.parametrize(
    "bomb", [" " * MANY + "x", "\n" * MANY, "\n \n" * MANY, "-" * MANY + "x", "Le " * MANY, "*" * MANY + "De"]
)
def test_no_text_takes_long_to_cut(bomb: str) -> None:
    """Once quadratic: the line that files answers stood still for hours before one short mail."""
    assert took(lambda: mail.without_quotation(WRITTEN.format(bomb))) < SOON


@pytest.mark.parametrize(
    "bomb", ["<a ", "<a b='", "<a b=", "<!--", "<![CDATA[", "<script>", "</", "<?", "<p>", "&#"]
)
def test_no_html_takes_long_to_read(bomb: str) -> None:
    assert took(lambda: as_text(bomb * MANY)) < SOON


@pytest.mark.parametrize(
    "raw",
    [
        MIXED + b"--a\r\n\r\nx\r\n" * MANY,
        b"a:\r\n" * 2 * MANY + b"\r\nx",
        b"To: " + b"@" * 10 * MANY + b"\r\n\r\nx",
        b"\r\n" + b"\n" * 20 * MANY,
        b"Content-Type: text/plain; " + b"a=b; " * MANY + b"\r\n\r\nx",
        b"Content-Type: text/plain\r\n" + b" ;a=b\r\n" * MANY + b"\r\nx",
    ],
)
def test_a_bomb_is_refused_at_once(raw: bytes) -> None:
    def refused() -> None:
        with pytest.raises(Unreadable):
            mail.read(HEAD + raw)

    assert took(refused) < SOON


@pytest.mark.parametrize("field", [b"To: " + b"(" * MANY, b"Cc: " + b"a:" * MANY])
def test_an_endless_address_is_refused_or_read_at_once(field: bytes) -> None:
    """Which of the two depends on the library's age."""

    def dealt_with() -> None:
        with suppress(Unreadable):
            mail.read(HEAD + field + b"\r\n\r\nx")

    assert took(dealt_with) < SOON


def test_a_codec_of_names_reads_no_text() -> None:
    raw = b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"abcd9zz" * MANY
    assert took(lambda: mail.read(HEAD + raw)) < SOON


def test_a_quotation_mark_hides_the_end_of_a_tag() -> None:
    assert as_text('<p title="a > b" x=don\'t>Bon <!-- > -->jour</p>1 < 2<title>Non</title>') == "Bon jour\n1 < 2"


def took(deed: Callable[[], object]) -> float:
    """Seconds of this process's own time that a deed takes."""
    before = time.process_time()
    deed()
    return time.process_time() - before
