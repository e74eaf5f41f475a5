"""« Pièces jointes »: what either side puts into a request, changes, takes out and reads (S29)."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import flask
import psutil
import pytest
from werkzeug.test import TestResponse

from espace_citoyen import files, jobs
from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import ServiceRequest, Side
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Deposited, cancel_request
from espace_citoyen.commands.requests import uploads as storing
from espace_citoyen.projections import tabs
from espace_citoyen.web import uploads
from espace_citoyen.web.requests.downloads import AT_ONCE, FOR_ONE
from people import MONDAY, Town
from visitors import Page, Visitor

SignedIn = Callable[[str], Visitor]
PDF, JPEG, PNG = b"%PDF-1.7\nfacture", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\x00"
TOPICS = ServiceRequest.AttachmentAdded.TOPIC, ServiceRequest.AttachmentReplaced.TOPIC
TYPED = {"kind": "Justificatif de domicile", "title": "Facture d’eau", "note": "Celle de mars."}


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    filed = town.files(town.camille)
    town.drain()
    return filed


@pytest.fixture
def pieces(filed: Deposited) -> str:
    """The address of the tab."""
    return f"/demandes/{filed.reference}/pieces"


@pytest.fixture
def kept(tmp_path: Path, filed: Deposited) -> Callable[[], set[str]]:
    """`kept()`: the names of the objects that the request has on the disk."""
    folder = tmp_path / "files" / str(filed.request_id)
    return lambda: {path.name for path in folder.iterdir()} if folder.exists() else set()


def sent(*contents: tuple[bytes, str]) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(content), name) for content, name in contents]


def adds(visitor: Visitor, pieces: str, *contents: tuple[bytes, str], **typed: Any) -> Page:
    """Somebody adds an attachment: one PDF unless others are given."""
    visitor.get(f"{pieces}/ajouter")
    return visitor.send("/ajouter", **(TYPED | typed), files=sent(*(contents or [(PDF, "facture.pdf")])))


def multipart(values: dict[str, str], *contents: tuple[bytes, str]) -> dict[str, Any]:
    """A form with files as a browser sends it; the test client never closes the file it keeps a large one in."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in values.items() if name != "files"]
    parts += [f'name="files"; filename="{name}"\r\n\r\n'.encode() + content for content, name in contents]
    body = b"".join(b"--border\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return {"data": body + b"--border--\r\n", "content_type": "multipart/form-data; boundary=border"}


def posts(visitor: Visitor, address: str, *contents: tuple[bytes, str]) -> Page:
    """Somebody sends large files with the form they are on, to an address."""
    assert visitor.page
    values = visitor.page.forms[-1].values | TYPED
    return Page(visitor.client.post(address, **multipart(values, *contents)))


def papers(portal: Portal, filed: Deposited) -> list[tabs.Paper]:
    return tabs.attachments(portal.stream(filed.request_id), side=Side.CITIZEN)


def downloads(visitor: Visitor, address: str) -> TestResponse:
    return visitor.client.get(address, environ_base={"REMOTE_ADDR": visitor.address})


# Adding


def test_an_empty_tab_says_what_to_put_into_it(camille: Visitor, pieces: str) -> None:
    page = camille.get(pieces)
    assert "Aucune pièce jointe pour l’instant" in page.words
    assert page.links["Ajouter"] == f"{pieces}/ajouter"


def test_what_is_added_is_listed_recorded_and_on_the_disk_under_lock(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, tmp_path: Path, kept: Callable[[], set[str]]
) -> None:
    added = adds(camille, pieces, (PDF, "Facture d’été.pdf"), (PNG, "compteur.png"))
    assert (added.status, added.location) == (303, pieces)
    page = camille.follow()
    assert "La pièce est ajoutée." in page.words
    for shown in (
        "Facture d’eau",
        "Justificatif de domicile",
        "Celle de mars.",
        "Ajoutée par Camille Rousseau le",
    ):
        assert shown in page.words
    assert "Facture d’été.pdf (PDF, 16 octets)" in page.words
    assert "compteur.png (image PNG, 9 octets)" in page.words
    (paper,) = papers(portal, filed)
    assert [each.media_type for each in paper.files] == ["application/pdf", "image/png"]
    assert kept() == {str(each.file_id) for each in paper.files}
    for file in (tmp_path / "files" / str(filed.request_id)).iterdir():
        assert b"facture" not in file.read_bytes()
        assert b"PNG" not in file.read_bytes()


def test_the_same_form_sent_twice_adds_one_attachment_and_keeps_one_file(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, kept: Callable[[], set[str]]
) -> None:
    values = camille.get(f"{pieces}/ajouter").forms[-1].values | TYPED
    for _ in range(2):
        assert camille.post(f"{pieces}/ajouter", **values | {"files": sent((PDF, "facture.pdf"))}).status == 303
    (paper,) = papers(portal, filed)
    assert kept() == {str(paper.files[0].file_id)}


def test_going_back_and_adding_something_else_is_not_lost_in_silence(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, kept: Callable[[], set[str]]
) -> None:
    values = camille.get(f"{pieces}/ajouter").forms[-1].values | TYPED
    camille.post(f"{pieces}/ajouter", **values | {"files": sent((PDF, "facture.pdf"))})
    page = camille.post(f"{pieces}/ajouter", **values | {"files": sent((PNG, "compteur.png"))})
    assert page.status == 422
    assert "déjà été ajoutée autrement" in page.words
    assert "Choisissez de nouveau vos fichiers" in page.words
    assert len(kept()) == 1
    assert camille.send(files=sent((PNG, "compteur.png"))).status == 303
    assert [paper.files[0].name for paper in papers(portal, filed)] == ["facture.pdf", "compteur.png"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.pdf", b"", "Le fichier « vide.pdf » est vide : vérifiez-le, puis choisissez-le de nouveau."),
        (
            "lettre.docx",
            b"PK\x03\x04",
            "« lettre.docx » n’est ni un PDF ni une image JPEG ou PNG : enregistrez-le",
        ),
        ("virus.pdf", b"MZ\x90\x00", "« virus.pdf » n’est ni un PDF"),
        ("page.png", b"<svg onload=alert(1)>", "« page.png » n’est ni un PDF"),
        ("<img src=x onerror=alert(1)>.pdf", b"MZ", "« _img src=x onerror=alert(1)_.pdf » n’est ni"),
    ],
)
def test_a_file_that_cannot_be_accepted_is_refused_beside_the_field_and_nothing_is_kept(
    portal: Portal,
    camille: Visitor,
    pieces: str,
    kept: Callable[[], set[str]],
    name: str,
    content: bytes,
    said: str,
) -> None:
    position = portal.position()
    page = adds(camille, pieces, (PDF, "facture.pdf"), (content, name))
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert page.words.replace("\N{NO-BREAK SPACE}", " ").count(said) == 2
    assert "<img src=x" not in page.text
    assert page.forms[-1].values["title"] == "Facture d’eau"
    assert (portal.position(), kept()) == (position, set())


def test_a_file_of_more_than_ten_megabytes_is_refused_with_what_to_do(
    camille: Visitor, pieces: str, kept: Callable[[], set[str]]
) -> None:
    camille.get(f"{pieces}/ajouter")
    page = posts(camille, f"{pieces}/ajouter", (PDF, "petit.pdf"), (PDF + bytes(10 * 1024 * 1024), "gros.pdf"))
    assert page.status == 422
    said = "« gros.pdf » pèse 10,1 Mo, pour 10 Mo au plus : allégez-le ou partagez-le en plusieurs."
    assert page.words.replace("\N{NO-BREAK SPACE}", " ").count(said) == 2
    assert kept() == set()


def test_four_files_are_enough_and_one_is_needed(
    camille: Visitor, pieces: str, kept: Callable[[], set[str]]
) -> None:
    page = adds(camille, pieces, *[(PDF, f"{number}.pdf") for number in range(5)])
    assert page.status == 422
    assert "Choisissez 4 fichiers au plus : vous en avez choisi 5." in page.words.replace("\xa0", " ")
    page = adds(camille, pieces, (b"", ""))
    assert (page.status, page.words.count("Choisissez au moins un fichier.")) == (422, 2)
    assert kept() == set()


def test_what_was_typed_is_kept_and_the_files_are_to_be_chosen_again(camille: Visitor, pieces: str) -> None:
    page = adds(camille, pieces, title="")
    assert page.status == 422
    assert page.words.count("Donnez un titre à cette pièce.") == 2
    assert page.words.count("ils n’ont pas été gardés avec le reste") == 2
    assert page.forms[-1].values["note"] == "Celle de mars."
    assert page.forms[-1].values["kind"] == "Justificatif de domicile"
    assert camille.get(f"{pieces}/ajouter").forms[-1].values["note"] == "Celle de mars."


@pytest.mark.parametrize(
    ("name", "kept_name"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe.pdf"),
        ("Reçu de l’été n° 3.PDF", "Reçu de l’été n° 3.PDF"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
    ],
)
def test_a_name_leads_nowhere_and_says_what_the_file_is(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, name: str, kept_name: str
) -> None:
    assert adds(camille, pieces, (PDF, name)).status == 303
    (paper,) = papers(portal, filed)
    assert paper.files[0].name == kept_name


def test_a_body_beyond_forty_megabytes_is_refused_and_other_pages_take_one_at_most(
    camille: Visitor, pieces: str, filed: Deposited, kept: Callable[[], set[str]]
) -> None:
    camille.get(f"{pieces}/ajouter")
    page = posts(
        camille, f"{pieces}/ajouter", *[(PDF + bytes(10_800_000), f"{number}.pdf") for number in range(4)]
    )
    assert page.status == 413
    assert "Envoi trop volumineux" in page.words
    camille.get(pieces)
    reading = f"/demandes/{filed.reference}/echanges/{uuid4()}/lecture"
    assert posts(camille, reading, (PDF + bytes(1024 * 1024), "facture.pdf")).status == 413
    assert kept() == set()


def test_slow_senders_leave_threads_to_everybody_else(
    camille: Visitor, pieces: str, kept: Callable[[], set[str]]
) -> None:
    large = PDF + bytes(2_000_000), "facture.pdf"
    senders = [uuid4() for _ in range(uploads.AT_ONCE)]
    with ExitStack() as others:
        for each in senders:
            assert uploads._places.take(each)
            others.callback(uploads._places.give_back, each)
        camille.get(f"{pieces}/ajouter")
        assert posts(camille, f"{pieces}/ajouter", large).status == 503
        assert kept() == set()
        assert adds(camille, pieces).status == 303
    for content in (large, (b"MZ" + bytes(2_000_000), "virus.pdf")) * uploads.AT_ONCE:
        camille.get(f"{pieces}/ajouter")
        assert posts(camille, f"{pieces}/ajouter", content).status in (303, 422)


def test_one_slow_sender_leaves_places_to_the_others(town: Town, camille: Visitor, pieces: str) -> None:
    large = PDF + bytes(2_000_000), "facture.pdf"
    assert town.camille.id
    with ExitStack() as slow:
        for _ in range(uploads.FOR_ONE):
            assert uploads._places.take(town.camille.id)
            slow.callback(uploads._places.give_back, town.camille.id)
        camille.get(f"{pieces}/ajouter")
        assert posts(camille, f"{pieces}/ajouter", large).status == 503
        assert uploads._places.take(town.nadia.id)
        uploads._places.give_back(town.nadia.id)
    assert posts(camille, f"{pieces}/ajouter", large).status == 303


def test_somebody_without_a_session_sends_no_large_body(app: flask.Flask, pieces: str) -> None:
    stranger = Visitor(app)
    stranger.get("/connexion")
    assert posts(stranger, f"{pieces}/ajouter", (PDF + bytes(2_000_000), "facture.pdf")).status == 413


def test_a_large_file_is_never_whole_in_memory(camille: Visitor, pieces: str, tmp_path: Path) -> None:
    adds(camille, pieces)
    assert camille.get(f"{pieces}/ajouter").forms
    assert camille.page
    body = tmp_path / "body"
    form = multipart(camille.page.forms[-1].values | TYPED, (PDF + os.urandom(9_800_000), "facture.pdf"))
    body.write_bytes(form.pop("data"))
    process = psutil.Process()
    before = process.memory_info().rss
    with body.open("rb") as stream:
        response = camille.client.post(
            f"{pieces}/ajouter", input_stream=stream, content_length=body.stat().st_size, **form
        )
    assert response.status_code == 303
    assert process.memory_info().rss - before < 6_000_000


# Changing, removing


def test_changing_keeps_some_files_adds_others_and_says_so(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces, (PDF, "un.pdf"), (PDF, "deux.pdf"))
    (paper,) = papers(portal, filed)
    page = camille.get(f"{pieces}/{paper.attachment_id}/modifier")
    assert page.forms[-1].values["title"] == "Facture d’eau"
    assert "un.pdf (16 octets)" in page.words
    changed = camille.send(title="Factures", kept=str(paper.files[1].file_id), files=sent((PNG, "trois.png")))
    assert (changed.status, changed.location) == (303, pieces)
    (paper,) = papers(portal, filed)
    assert (paper.title, [each.name for each in paper.files]) == ("Factures", ["deux.pdf", "trois.png"])
    assert ", modifiée le" in camille.follow().words


def test_a_change_sent_twice_is_one(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, kept: Callable[[], set[str]]
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    change = f"{pieces}/{paper.attachment_id}/modifier"
    values = camille.get(change).forms[-1].values
    for _ in range(2):
        assert camille.post(change, **values | {"files": sent((PNG, "deux.png"))}).status == 303
    assert [event.topic for event in portal.stream(filed.request_id)][-2:] == list(TOPICS)
    assert len(kept()) == 2


def test_an_attachment_never_has_more_than_four_files_nor_none(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces, *[(PDF, f"{number}.pdf") for number in range(4)])
    (paper,) = papers(portal, filed)
    change, every = f"{pieces}/{paper.attachment_id}/modifier", [str(each.file_id) for each in paper.files]
    camille.get(change)
    page = camille.send(kept=every, files=sent((PDF, "5.pdf")))
    assert (page.status, page.words.count("Cette pièce a déjà 4 fichiers")) == (422, 2)
    page = camille.send(kept=[])
    assert (page.status, page.words.count("Gardez ou choisissez au moins un fichier.")) == (422, 2)
    assert not any(f'value="{each}" checked' in page.text for each in every)
    assert camille.send(kept=[*every[:3], str(uuid4())], files=sent((PDF, "5.pdf"))).status == 303
    assert [each.name for each in papers(portal, filed)[0].files] == ["0.pdf", "1.pdf", "2.pdf", "5.pdf"]


def test_a_change_on_an_old_page_is_overtaken_and_nothing_typed_is_lost(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    change = f"{pieces}/{paper.attachment_id}/modifier"
    values = camille.get(change).forms[-1].values
    camille.send(title="Autrement")
    page = camille.post(change, **values | {"title": "Encore autrement"})
    assert page.status == 409
    assert "Les pièces ont changé entre-temps" in page.words
    assert page.forms[-1].values["title"] == "Encore autrement"
    assert camille.send().status == 303
    assert papers(portal, filed)[0].title == "Encore autrement"


def test_removing_asks_first_then_leaves_the_fact_without_its_files(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, kept: Callable[[], set[str]]
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    file = f"{pieces}/fichiers/{paper.files[0].file_id}"
    assert downloads(camille, file).status_code == 200
    page = camille.get(f"{pieces}/{paper.attachment_id}/supprimer")
    assert "Vous allez supprimer Facture d’eau" in page.words
    removed = camille.send("/supprimer")
    assert (removed.status, removed.location) == (303, pieces)
    page = camille.follow()
    assert "Supprimée" in page.words
    assert "facture.pdf" not in page.words
    assert "Modifier Facture" not in page.links
    assert downloads(camille, file).status_code == 404
    assert len(kept()) == 1
    for gesture in ("modifier", "supprimer"):
        assert camille.get(f"{pieces}/{paper.attachment_id}/{gesture}").location == pieces


def test_removing_on_an_old_page_is_overtaken(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    removal = f"{pieces}/{paper.attachment_id}/supprimer"
    values = camille.get(removal).forms[-1].values
    adds(camille, pieces, title="Une autre")
    page = camille.post(removal, **values)
    assert page.status == 409
    assert "Les pièces ont changé entre-temps" in page.words
    assert camille.send().status == 303


def test_a_request_that_is_over_takes_no_attachment(
    portal: Portal, town: Town, camille: Visitor, filed: Deposited, pieces: str, kept: Callable[[], set[str]]
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    values = camille.get(f"{pieces}/ajouter").forms[-1].values | TYPED
    cancel_request(portal, at=MONDAY, actor=town.camille, request_id=filed.request_id)
    town.drain()
    page = camille.get(pieces)
    assert not {"Ajouter", "Modifier Facture d’eau", "Supprimer Facture d’eau"} & page.links.keys()
    assert downloads(camille, f"{pieces}/fichiers/{paper.files[0].file_id}").status_code == 200
    assert camille.get(f"{pieces}/ajouter").location == pieces
    assert camille.post(f"{pieces}/ajouter", **values | {"files": sent((PDF, "facture.pdf"))}).status == 409
    assert len(papers(portal, filed)) == len(kept()) == 1


# Both sides


def test_the_department_adds_for_the_town_and_each_side_changes_its_own_only(
    portal: Portal, town: Town, camille: Visitor, signed_in: SignedIn, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces)
    dominique = signed_in("dominique")
    town.drain()
    page = dominique.get(f"/agents{pieces}")
    assert "Modifier Facture d’eau" not in page.links
    assert adds(dominique, f"/agents{pieces}", title="Copie certifiée").status == 303
    mine, theirs = papers(portal, filed)
    assert (mine.mine, theirs.mine, theirs.author) == (True, False, "Dominique Morel")
    page = camille.get(pieces)
    assert "Modifier Facture d’eau" in page.links
    assert "Modifier Copie certifiée" not in page.links
    for visitor, own, foreign in ((camille, pieces, theirs), (dominique, f"/agents{pieces}", mine)):
        position = portal.position()
        for gesture in ("modifier", "supprimer"):
            address = f"{own}/{foreign.attachment_id}/{gesture}"
            assert visitor.get(address).location == own
            visitor.get(f"{own}/ajouter")
            files_kept = [str(foreign.files[0].file_id)]
            assert visitor.post(address, **TYPED, kept=files_kept, seen="99").status == 404
        assert portal.position() == position


def test_strangers_find_neither_the_tab_nor_the_file_nor_the_gestures(
    portal: Portal, town: Town, camille: Visitor, signed_in: SignedIn, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    other = town.files(town.nadia)
    for username, door in (("nadia", ""), ("samir", "/agents"), ("alex", "/agents")):
        visitor = signed_in(username)
        town.drain()
        for address in ("", "/ajouter", f"/{paper.attachment_id}/modifier", f"/{paper.attachment_id}/supprimer"):
            assert visitor.get(f"{door}{pieces}{address}").status == 404
        assert downloads(visitor, f"{door}{pieces}/fichiers/{paper.files[0].file_id}").status_code == 404
        visitor.get("/reference")
        assert visitor.post(f"{door}{pieces}/ajouter", **TYPED, files=sent((PDF, "a.pdf"))).status == 404
    nadia = signed_in("nadia")
    town.drain()
    through_hers = f"/demandes/{other.reference}/pieces/fichiers/{paper.files[0].file_id}"
    assert downloads(nadia, through_hers).status_code == 404
    assert len(papers(portal, filed)) == 1


def test_the_auditor_reads_and_presses_nothing(
    town: Town, portal: Portal, camille: Visitor, signed_in: SignedIn, filed: Deposited, pieces: str
) -> None:
    adds(camille, pieces)
    (paper,) = papers(portal, filed)
    ines = signed_in("ines")
    town.drain()
    page = ines.get(f"/audit{pieces}")
    assert "facture.pdf" in page.words
    assert not any(name.startswith(("Ajouter", "Modifier", "Supprimer")) for name in page.links)
    response = downloads(ines, f"/audit{pieces}/fichiers/{paper.files[0].file_id}")
    assert (response.status_code, response.data) == (200, PDF)


# Reading


@pytest.fixture
def file(portal: Portal, camille: Visitor, filed: Deposited, pieces: str) -> str:
    """The address of a file of three and a half chunks, called « Reçu d’été "1".pdf »."""
    content = PDF + bytes(range(256)) * 900
    adds(camille, pieces, (content, "Reçu d’été.pdf"), (PNG, "photo.png"))
    return f"{pieces}/fichiers/{papers(portal, filed)[0].files[0].file_id}"


def test_a_file_comes_back_piece_by_piece_and_cannot_do_anything(camille: Visitor, file: str) -> None:
    response = camille.client.get(file, buffered=False)
    assert response.data == PDF + bytes(range(256)) * 900
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert int(headers["Content-Length"]) == len(response.data)
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Recu dete.pdf\"; filename*=UTF-8''Re%C3%A7u%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "sandbox" in headers["Content-Security-Policy"]
    response.close()


def test_an_image_or_a_pdf_can_be_looked_at(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, file: str
) -> None:
    assert downloads(camille, f"{file}?voir").headers["Content-Disposition"].startswith("inline; filename=")
    image = papers(portal, filed)[0].files[1].file_id
    response = downloads(camille, f"{pieces}/fichiers/{image}?voir")
    assert response.headers["Content-Type"] == "image/png"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_file_that_was_damaged_on_the_disk_is_never_given_as_another(
    camille: Visitor, file: str, tmp_path: Path, filed: Deposited
) -> None:
    kept = tmp_path / "files" / str(filed.request_id) / file.rpartition("/")[2]
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert downloads(camille, file).status_code == 500
    kept.write_bytes(whole[:-1])
    cut_short = downloads(camille, file)
    assert cut_short.status_code == 200
    with pytest.raises(files.Damaged):
        cut_short.get_data()


def test_slow_readers_leave_threads_to_everybody_else(
    portal: Portal, camille: Visitor, signed_in: SignedIn, filed: Deposited, pieces: str, file: str
) -> None:
    """Three downloads at a time for one visitor, eight for all: once, one who read nothing kept them all."""
    dominique, ines = signed_in("dominique"), signed_in("ines")
    doors = [(camille, file)] * FOR_ONE + [(dominique, f"/agents{file}")] * FOR_ONE
    doors += [(ines, f"/audit{file}")] * (AT_ONCE - len(doors))
    reading = []
    for visitor, address in doors:
        assert len(reading) != FOR_ONE or downloads(camille, file).status_code == 503
        reading.append(visitor.client.get(address, buffered=False))
    assert [each.status_code for each in reading] == [200] * AT_ONCE
    busy = downloads(ines, f"/audit{file}")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "30")
    assert "le reste du site fonctionne" in busy.text
    small = papers(portal, filed)[0].files[1].file_id
    assert downloads(camille, f"{pieces}/fichiers/{small}").status_code == 200
    reading.pop().close()
    camille.client.head(file)
    again = downloads(ines, f"/audit{file}")
    assert again.status_code == 200
    for each in (*reading, again):
        each.close()


def test_an_unknown_file_is_not_found(camille: Visitor, pieces: str) -> None:
    assert downloads(camille, f"{pieces}/fichiers/{UUID(int=7)}").status_code == 404


# With a message


def test_a_message_carries_files_that_both_sides_find_under_it_and_in_the_tab(
    portal: Portal,
    town: Town,
    camille: Visitor,
    signed_in: SignedIn,
    filed: Deposited,
    pieces: str,
    kept: Callable[[], set[str]],
) -> None:
    exchanges = f"/demandes/{filed.reference}/echanges"
    values = camille.get(exchanges).forms[-1].values | {"text": "Voici ma facture."}
    for _ in range(2):
        assert camille.post(exchanges, **values | {"files": sent((PDF, "facture.pdf"))}).status == 303
    town.drain()
    assert "facture.pdf (PDF, 16 octets)" in camille.get(exchanges).words
    assert "Pièce d’un message" in camille.get(pieces).words
    (paper,) = papers(portal, filed)
    assert kept() == {str(paper.files[0].file_id)}
    dominique = signed_in("dominique")
    town.drain()
    page = dominique.get(f"/agents{exchanges}")
    assert "facture.pdf" not in page.words
    assert "Voir la suite" in page.words
    dominique.send("/lecture")
    town.drain()
    page = dominique.get(f"/agents{exchanges}")
    assert "facture.pdf" in page.words
    answered = dominique.send("/echanges", text="Voici l’acte.", files=sent((PNG, "acte.png")))
    assert answered.status == 303
    assert [each.title for each in papers(portal, filed)] == ["facture.pdf", "acte.png"]


def test_a_refused_message_says_that_its_files_are_to_be_chosen_again(
    portal: Portal, camille: Visitor, filed: Deposited, kept: Callable[[], set[str]]
) -> None:
    camille.get(f"/demandes/{filed.reference}/echanges")
    position = portal.position()
    page = camille.send(text="", files=sent((PDF, "facture.pdf")))
    assert page.status == 422
    assert page.words.count("Choisissez de nouveau vos fichiers") == 2
    page = camille.send(text="Bonjour.", files=sent((b"MZ", "virus.pdf")))
    assert page.words.count("n’est ni un PDF") == 2
    assert page.forms[-1].values["text"] == "Bonjour."
    assert (portal.position(), kept()) == (position, set())


# What stays on the disk


def test_the_bytes_are_there_before_the_event_that_names_them(
    portal: Portal,
    camille: Visitor,
    pieces: str,
    kept: Callable[[], set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[set[str]] = []
    record = portal.record

    def killed(*aggregates: Any, **more: Any) -> int:
        seen.append(kept())
        raise KeyboardInterrupt

    camille.get(f"{pieces}/ajouter")
    monkeypatch.setattr(portal, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        camille.send("/ajouter", **TYPED, files=sent((PDF, "facture.pdf")))
    monkeypatch.setattr(portal, "record", record)
    assert [len(each) for each in seen] == [1]
    assert kept() == seen[0]


def test_the_night_deletes_what_no_event_names_and_nothing_else(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, tmp_path: Path, kept: Callable[[], set[str]]
) -> None:
    adds(camille, pieces)
    adds(camille, pieces, title="Retirée")
    _, removed = papers(portal, filed)
    camille.get(f"{pieces}/{removed.attachment_id}/supprimer")
    camille.send("/supprimer")
    named, root = kept(), tmp_path / "files"
    for owner in (filed.request_id, filed.request_id, uuid4()):
        files.write(root, files.Place(owner, uuid4()), bytes(32), BytesIO(PDF), limit=100)
    job, tomorrow = jobs.sweep_of_files(root), datetime.now(UTC) + timedelta(hours=25)
    with portal.connect() as connection:
        job.run(portal, connection, at=datetime.now(UTC))
        assert len(kept()) == 4
        for _ in range(2):
            job.run(portal, connection, at=tomorrow)
    assert kept() == named
    assert list(files.owners(root)) == [filed.request_id]


def test_the_night_spares_those_whose_key_is_missing_and_not_those_who_were_erased(
    portal: Portal, camille: Visitor, filed: Deposited, pieces: str, tmp_path: Path, kept: Callable[[], set[str]]
) -> None:
    adds(camille, pieces)
    tomorrow = datetime.now(UTC) + timedelta(hours=25)
    with portal.connection() as connection:
        connection.execute("CREATE TABLE lost AS SELECT * FROM log.stream_key")
        connection.execute("DELETE FROM log.stream_key")
        assert storing.sweep_files(portal, root=tmp_path / "files", at=tomorrow) == 0
        connection.execute("INSERT INTO log.stream_key SELECT * FROM lost")
    request = portal.get(ServiceRequest, filed.request_id)

    request.erase(at=MONDAY, actor=SYSTEM, reason="person", visa="2026-001")
    portal.record(request)
    with portal.connection() as connection:
        connection.execute("DELETE FROM log.stream_key WHERE owner_id = %s", (filed.request_id,))
    assert storing.sweep_files(portal, root=tmp_path / "files", at=tomorrow) == 1
    assert kept() == set()
