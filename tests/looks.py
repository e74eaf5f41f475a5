"""Every page of the portal, as somebody of the demo sees it: what accessibility tests and `scripts/look` visit."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Look:
    """A page: its picture's name (door-slice, or door-slice-page), whose it is, and how to get there."""

    name: str
    path: str
    who: str = ""
    then: Callable[[Page], None] | None = None


def sign_in_empty_handed(page: Page) -> None:
    page.get_by_role("button", name="Se connecter").click()


LOOKS = (
    Look("public-home", "/"),
    Look("public-accounts", "/connexion"),
    Look("public-accounts-refused", "/connexion", then=sign_in_empty_handed),
    Look("public-accounts-signed-out", "/deconnexion"),
    Look("public-statements-accessibility", "/accessibilite"),
    Look("public-statements-personal-data", "/donnees-personnelles"),
    Look("public-errors-unknown", "/nowhere"),
    Look("public-home-reference", "/reference", "camille"),
)
