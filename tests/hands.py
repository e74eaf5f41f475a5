"""Somebody in front of a page, with a mouse or with nothing but a keyboard."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from people import PASSWORD
from waiting import wait_until

MOST_TABS = 120
WRITTEN = "input:not([type=radio], [type=checkbox]), textarea"


@dataclass
class Hands:
    """What a person does to a page; everything is found by its role and name, as a screen reader finds it."""

    page: Page
    address: str
    keyboard: bool = False

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.address}/connexion")
        self.write("Identifiant", username)
        self.write("Mot de passe", PASSWORD)
        self.press("button", "Se connecter", within="main")
        self.page.wait_for_url(lambda url: "/connexion" not in url)

    def press(self, role: str, name: str, within: str = "body") -> None:
        """Follow a link, press a button."""
        found = self.page.locator(within).get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        if self.keyboard:
            self._reach(found)
            self.page.keyboard.press("Enter")
        else:
            found.click()

    def write(self, label: str, text: str) -> None:
        found = self.page.get_by_label(label, exact=True).and_(self.page.locator(WRITTEN))
        if self.keyboard:
            self._reach(found)
            self.page.keyboard.insert_text(text)
        else:
            found.fill(text)

    def choose(self, label: str) -> None:
        """Choose the first of several answers."""
        found = self.page.get_by_label(label, exact=True)
        if self.keyboard:
            self._reach(found)
            self.page.keyboard.press("Space")
        else:
            found.check()

    def unfold(self, words: str) -> None:
        """Open what is folded behind these words."""
        found = self.page.locator("summary").filter(has_text=words)
        if self.keyboard:
            self._reach(found)
            self.page.keyboard.press("Enter")
        else:
            found.click()

    def attach(self, label: str, name: str, paper: bytes) -> None:
        """Choose a PDF from one's own disk."""
        given: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": paper}
        self.page.get_by_label(label).set_input_files(given)

    def takes_home(self, role: str, name: str) -> bytes:
        """Press what saves a file; its bytes are returned."""
        with self.page.expect_download() as coming:
            self.press(role, name)
        return coming.value.path().read_bytes()

    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def arrives(self, words: str) -> None:
        """The page that was asked for has come."""
        expect(self.title()).to_contain_text(words)

    def is_told(self, words: str) -> None:
        """The page says that it is done."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def comes_to_show(self, wanted: Locator, what: str) -> None:
        """Load the page again until it shows what somebody else has done."""

        def shown() -> bool:
            self.page.reload()
            return wanted.count() > 0

        wait_until(shown, what)

    def _reach(self, found: Locator) -> None:
        expect(found).to_have_count(1)
        for _ in range(MOST_TABS):
            if found.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the Tab key never reaches {found}")
