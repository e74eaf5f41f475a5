"""The portal with a keyboard only, without JavaScript, on paper, and when the browser goes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fix_browser import Site
from people import PASSWORD

pytestmark = pytest.mark.slow
OpenPage = Callable[..., Page]
WIDTHS = pytest.mark.parametrize("width", [1280, 375])
SCRIPTS = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no-scripts"])


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id")).strip()


def tab_to(page: Page, words: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == words:
            return
    pytest.fail(f"the Tab key never reaches {words!r}")


@WIDTHS
def test_the_first_key_leads_past_the_menus(site: Site, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    page.goto(f"{site.address}/accessibilite")
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@WIDTHS
def test_somebody_signs_in_and_out_with_the_keyboard_alone(site: Site, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    page.goto(f"{site.address}/")
    tab_to(page, "Se connecter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    tab_to(page, "username")
    page.keyboard.type("camille")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon accueil")
    tab_to(page, "Se déconnecter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")


@SCRIPTS
def test_what_is_wrong_is_said_first_and_leads_to_the_field(
    site: Site, open_page: OpenPage, java_script_enabled: bool
) -> None:
    page = open_page(java_script_enabled=java_script_enabled)
    page.goto(f"{site.address}/connexion")
    page.get_by_label("Identifiant").fill("camille")
    page.get_by_role("button", name="Se connecter").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Erreur\N{NO-BREAK SPACE}: Se connecter – Ville de Valombre")
    summary.get_by_role("link", name="Saisissez votre mot de passe.").click()
    expect(page.locator("#password")).to_be_focused()
    expect(page.get_by_label("Identifiant")).to_have_value("camille")


def test_without_scripts_somebody_signs_in_and_out(site: Site, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    site.sign_in(page, "camille")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon accueil")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")


def test_the_back_button_after_signing_out_shows_nothing_personal(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.sign_in(page, "camille")
    page.goto(f"{site.address}/espace/demandes")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    expect(page.get_by_text("Camille")).to_have_count(0)


def test_the_back_button_finds_the_form_again_after_a_refusal_and_never_files_twice(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    site.sign_in(page, "nadia")
    page.goto(f"{site.address}/demarches/eclairage-public")
    page.get_by_label("Autre chose à nous dire").fill("Depuis lundi.")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_label("Adresse ou endroit").fill("Place du Marché")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le récapitulatif")
    page.go_back()
    expect(page.get_by_label("Adresse ou endroit")).to_have_value("Place du Marché")
    expect(page.get_by_label("Autre chose à nous dire")).to_have_value("Depuis lundi.")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Valider ma demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est déposée")
    page.go_back()
    expect(page.get_by_label("Adresse ou endroit")).to_have_value("")
    expect(page.get_by_role("button", name="Valider ma demande")).to_have_count(0)


@WIDTHS
def test_the_queue_is_sorted_at_every_width(site: Site, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    site.sign_in(page, "dominique")
    column = page.get_by_role("link", name="Demandeur", exact=True)
    column.scroll_into_view_if_needed()
    expect(column).to_be_in_viewport(ratio=1)
    column.click()
    expect(page.get_by_role("columnheader", name="Demandeur")).to_have_attribute("aria-sort", "ascending")


def test_a_password_can_be_read_by_who_types_it(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.address}/connexion")
    page.get_by_label("Mot de passe", exact=True).fill("abc")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")


def test_words_that_look_like_a_script_never_run(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for attack in ('"><script>alert(1)</script>', "<img src=x onerror=alert(2)>", "javascript:alert(3)"):
        page.goto(f"{site.address}/connexion?suite={attack}")
        page.get_by_label("Identifiant").fill(attack)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_label("Identifiant")).to_have_value(attack)


def test_paper_gets_the_page_and_not_the_menus(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.sign_in(page, "camille")
    page.goto(f"{site.address}/espace/demandes")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in (page.get_by_role("navigation", name="Menu principal"), page.get_by_text("Se déconnecter")):
        expect(hidden).to_be_hidden()
