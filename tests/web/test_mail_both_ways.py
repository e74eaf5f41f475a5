"""A message of the town leaves as a mail; the answer, with a PDF, is read in the portal by both (S45)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from answering import PDF, REPLIES, Answering, files_without_account, mail_of, prefers_the_post
from espace_citoyen import files, links, mail, outbox
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.replies import Mailroom
from espace_citoyen.config import Settings
from fix_smtp import Box
from people import Town
from visitors import Visitor
from worker.posting import files_reachable, mailer, place_at_the_start, queue_mails

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def leaves(town: Town, box: Box, mail_server: Callable[..., Controller], tmp_path: Path) -> Callable[[], None]:
    """Let everything leave that waits."""
    server = f"smtp://localhost:{mail_server(encrypts=False).port}?starttls=no"
    place_at_the_start(town.portal)

    def leave() -> None:
        queue_mails(town)
        with town.portal.connect() as connection:
            mailer(town.portal, server, tmp_path, reply_address=REPLIES).send_due(connection)

    return leave


def test_what_dominique_writes_is_answered_by_mail_with_a_paper_that_both_read(
    town: Town, settings: Settings, signed_in: SignedIn, box: Box, leaves: Callable[[], None]
) -> None:
    reference = (filed := files_reachable(town)).reference
    dominique = signed_in("dominique")
    town.drain()
    dominique.get(f"/agents/demandes/{reference}/echanges")
    assert dominique.send("echanges", text="Envoyez-moi l’acte.").status == 303
    leaves()
    told = box.mails[-1]
    body = told.get_body(("plain",))
    assert body is not None
    quoted = "".join(f"> {line}\n" for line in str(body.get_content()).splitlines())
    answer = mail_of(
        str(told["Reply-To"]),
        f"Bonjour,\n\nle voici.\n\n-- \nCamille\n\nLe 2 mars 2026 à 10:00, Espace citoyen a écrit :\n{quoted}",
        files=[("acte.pdf", "application/pdf", PDF)],
    )
    room = Mailroom(address=REPLIES, host="espace.exemple.fr", files_root=files.folder(settings.files_url))
    Answering(town, room).files(answer, str(told["Reply-To"]))
    town.drain()
    camille = signed_in("camille")
    seen = camille.get(f"/demandes/{reference}/echanges")
    assert "le voici." in seen.words
    assert mail.MARKER not in seen.words
    for reader, door in ((camille, "/demandes"), (dominique, "/agents/demandes")):
        address = next(
            link for text, link in reader.get(f"{door}/{reference}/pieces").links.items() if "acte.pdf" in text
        )
        assert reader.client.get(address).data == PDF
    [message] = Answering(town, room).messages(filed.request_id)[1:]
    assert (message.mine, message.text) == (False, "Bonjour,\n\nle voici.")


def test_a_message_on_paper_is_printed_by_the_department_and_by_nobody_else(
    town: Town, signed_in: SignedIn, leaves: Callable[[], None]
) -> None:
    prefers_the_post(town)
    dominique, samir = signed_in("dominique"), signed_in("samir")
    leaves()
    town.drain()
    listed = dominique.get("/agents/courriers")
    assert "Accusé de réception" in listed.words
    address = next(link for link in listed.links.values() if link.startswith("/agents/courriers/"))
    letter = dominique.get(address)
    assert "Camille Rousseau 3, rue du Lavoir 69999 Valombre" in letter.words
    assert "http://localhost:8000/demandes/" in letter.words
    assert samir.get(address).status == 404
    assert "Aucun courrier à imprimer" in samir.get("/agents/courriers").words
    assert samir.post(f"{address}/imprime").status == 404
    dominique.get(address)
    assert dominique.send("imprime").status == 303
    assert "Aucun courrier à imprimer" in dominique.follow().words
    dominique.get("/reference")
    assert dominique.post(f"{address}/imprime").status == 303  # pressed twice, it is printed once
    assert "Imprimé le" in signed_in("alex").get("/agents/courriels?etat=imprimes").words


def test_a_mail_that_no_mailbox_takes_is_printed(
    town: Town, signed_in: SignedIn, box: Box, leaves: Callable[[], None]
) -> None:
    files_reachable(town, "partie@exemple.fr")
    box.answers["partie@exemple.fr"] = ["550 5.1.1 unknown"]
    dominique = signed_in("dominique")
    leaves()
    town.drain()
    assert "Refusé par la messagerie de l’usager" in dominique.get("/agents/courriers").words


def test_a_letter_shows_no_tracking_link_to_the_agent_who_prints_it(
    town: Town, signed_in: SignedIn, leaves: Callable[[], None]
) -> None:
    filed = files_without_account(town)
    dominique = signed_in("dominique")
    queue_mails(town)
    with town.portal.connection() as connection:
        [waiting] = outbox.page(connection, outbox.State.WAITING)
    page = dominique.get(f"/agents/courriers/{waiting.mail_id}")
    token = links.tracking_token(town.portal, town.portal.get(ServiceRequest, filed.request_id))
    assert page.status == 200
    assert token not in page.text
    assert "/suivi/" not in page.text
