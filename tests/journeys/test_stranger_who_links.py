"""Somebody without an account files, follows by the link of the mail, later gives the request to their space."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from espace_citoyen import letters, outbox
from espace_citoyen.commands.requests import find_request
from espace_citoyen.web import security_code
from fix_browser import Site
from hands import Hands
from people import PASSWORD
from waiting import wait_until

pytestmark = pytest.mark.slow
LINKING = "Rattacher cette demande à mon espace personnel"
WAYS = pytest.mark.parametrize(
    ("keyboard", "window"),
    [
        pytest.param(False, {"width": 1280}, id="mouse"),
        pytest.param(True, {"width": 1280}, id="keyboard"),
        pytest.param(False, {"width": 375, "java_script_enabled": False}, id="no-scripts-telephone"),
    ],
)


@WAYS
def test_a_stranger_files_follows_and_links(
    town_at_work: Site, open_page: Callable[..., Page], keyboard: bool, window: dict[str, Any]
) -> None:
    stranger = Hands(open_page(**window), town_at_work.address, keyboard)
    reference = files(town_at_work, stranger, scripts=window.get("java_script_enabled", True))
    stranger.press("button", "Quitter le suivi")
    stranger.arrives("Vous êtes déconnecté")
    stranger.page.goto(f"{town_at_work.address}/demandes/{reference}/historique")
    stranger.arrives("Se connecter")

    link = mailed_link(town_at_work, reference)
    stranger.page.goto(town_at_work.address + link)
    stranger.arrives(f"Suivi de la demande {reference}")
    expect(stranger.page.get_by_text("Nadia Benali a déposé la demande")).to_be_visible()
    links(stranger, reference)

    late = Hands(open_page(**window), town_at_work.address, keyboard)
    late.page.goto(town_at_work.address + link)
    late.arrives("Ce lien ne mène plus à rien")
    request_id = find_request(town_at_work.portal, reference)
    topics = [recorded.topic.partition(":")[2] for recorded in town_at_work.portal.stream(request_id)]
    assert topics == ["submitted", "acknowledged", "linked-to-account"]


def files(town: Site, stranger: Hands, *, scripts: bool) -> str:
    """Nadia reports a lamp without signing in; the reference is returned."""
    stranger.page.goto(f"{town.address}/demarches")
    stranger.press("link", "Signaler un lampadaire en panne")
    stranger.arrives("Signaler un lampadaire en panne")
    stranger.choose("Mme")
    for label, text in (("Prénom", "Nadia"), ("Nom", "Benali"), ("Courriel", "nadia@exemple.invalid")):
        stranger.write(label, text)
    stranger.write("Adresse ou endroit", "Passage du Lavoir")
    stranger.press("button", "Continuer")
    stranger.arrives("Le récapitulatif")
    if scripts:
        stranger.press("button", "Je ne peux pas lire le code")
        expect(stranger.page.get_by_text("C’est fait")).to_be_visible(timeout=60_000)
    else:
        stranger.write("Code de sécurité", read(town, stranger))
    stranger.press("button", "Valider ma demande")
    stranger.arrives("Votre demande est déposée")
    reference = stranger.page.locator("strong.reference").inner_text()
    stranger.press("link", f"Voir la demande {reference}")
    stranger.arrives(f"Suivi de la demande {reference}")
    return reference


def read(town: Site, stranger: Hands) -> str:
    """The digits that a person sees in the picture."""
    sealed = stranger.page.locator("[name=code_scelle]").get_attribute("value") or ""
    return security_code.opened(town.portal, sealed, at=town.clock()).digits


def mailed_link(town: Site, reference: str) -> str:
    """The address in the acknowledgement, once the worker has queued it and withheld it."""
    request_id = find_request(town.portal, reference)

    def mails() -> list[outbox.Mail]:
        with town.portal.connection() as connection:
            every = [mail for state in outbox.State for mail in outbox.page(connection, state)]
        return [mail for mail in every if mail.stream_id == request_id]

    wait_until(lambda: bool(mails()), "the acknowledgement")
    written = letters.write(town.portal, mails()[0])
    assert written
    return written.path


def links(stranger: Hands, reference: str) -> None:
    """She signs in on the way and confirms; the request is among hers."""
    stranger.press("link", LINKING)
    stranger.arrives(LINKING)
    stranger.press("button", "Me connecter pour la rattacher")
    stranger.write("Identifiant", "nadia")
    stranger.write("Mot de passe", PASSWORD)
    stranger.press("button", "Se connecter", within="main")
    stranger.arrives(LINKING)
    stranger.press("button", LINKING)
    stranger.arrives(f"Suivi de la demande {reference}")
    expect(stranger.page.get_by_text("La demande est rattachée à votre espace.")).to_be_visible()
    stranger.press("link", "Mes demandes", within="header")
    stranger.arrives("Toutes mes demandes")
    stranger.comes_to_show(stranger.page.get_by_role("link", name=f"Voir la demande {reference}"), "the request")
