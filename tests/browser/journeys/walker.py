"""Somebody who reads a page and presses what it says: by role and label, never by class."""

import re
from typing import Any

from django.utils.translation import gettext, ngettext, override, pgettext
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser import screens
from tests.browser.checks import doubled_ids, fits, untranslated
from tests.browser.visits import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
_NO_PICTURE = "Unable to capture screenshot"


class Walker:
    """A person at a window. Words are given in English, as the catalogues have them, and are
    looked for as this window's reader sees them; what has no translation is looked for as it is.
    """

    def __init__(self, window: Visit, story: str) -> None:
        self.window, self._story, self._pictures = window, story, 0

    @property
    def page(self) -> Page:
        """Playwright's page."""
        return self.window.page

    def say(self, words: str, **parts: Any) -> str:
        """The words in the window's language; `parts` fill %(name)s."""
        with override(self.window.device.language):
            said = gettext(words)
            return said % parts if parts else said

    def count(self, one: str, many: str, number: int, name: str = "count") -> str:
        """Words that depend on a number, in the window's language."""
        with override(self.window.device.language):
            return ngettext(one, many, number) % {name: number}

    def says(self, lazy: object) -> str:
        """A text of the pages that knows its translations."""
        with override(self.window.device.language):
            return str(lazy)

    def say_of(self, context: str, words: str) -> str:
        """Words that mean something else in another context."""
        with override(self.window.device.language):
            return pgettext(context, words)

    # What is seen.

    def sees(self, words: str, **parts: Any) -> Locator:
        """Wait until these words are on the page."""
        found = self.page.get_by_text(self.say(words, **parts)).filter(visible=True).first
        expect(found).to_be_visible()
        return found

    def reads(self, heading: str, picture: str = "", **parts: Any) -> None:
        """Wait for the page with this heading; with `picture`, look it over and keep it."""
        found = self.page.get_by_role("heading", level=1, name=self.say(heading, **parts))
        expect(found).to_be_visible()
        if picture:
            self.looks_over(picture)

    def looks_over(self, picture: str) -> None:
        """Nothing is cut or in the other language; the picture goes to build/screens."""
        self.window.settle()
        checks = (fits, untranslated, doubled_ids)
        wrong = [each for check in checks for each in check(self.window)]
        assert wrong == [], f"{picture} at {self.page.url}: {wrong}"
        self._pictures += 1
        self._keeps(f"{self._story}-{self._pictures:02}-{picture}")

    def _keeps(self, name: str) -> None:
        for may_try_again in (True, True, False):
            try:
                screens.keep(self.window, name)
            except Error as error:  # Chromium was too busy to hand a picture out
                if _NO_PICTURE not in str(error) or not may_try_again:
                    raise
            else:
                return

    # What is done.

    def opens(self, path: str) -> None:
        """Type an address."""
        self.window.go(path)

    def presses(self, words: str, *, role: Any = "button", within: Locator | None = None) -> None:
        """Press the one button with these words."""
        self._named(role, words, within).click()

    def follows(self, words: str, *, within: Locator | None = None) -> None:
        """Follow the one link with these words."""
        self._named("link", words, within).click()

    def unfolds(self, words: str) -> Locator:
        """Open a part that is folded; the part."""
        part = self.page.get_by_role("group").filter(
            has=self.page.get_by_text(self.say(words), exact=True)
        )
        part.get_by_text(self.say(words), exact=True).first.click()
        return part

    def types(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Fill the field with this label."""
        self._field(label, within).fill(text)

    def selects(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Choose an option of a list."""
        self._field(label, within).select_option(label=self.say(option))

    def ticks(self, label: str, *, within: Locator | None = None) -> None:
        """Tick a box."""
        self._field(label, within).check()

    def chooses(self, question: str, answer: str) -> None:
        """One of the choices under a question."""
        group = self.page.get_by_role("group", name=self.say(question))
        group.get_by_label(self.say(answer), exact=True).check()

    def _field(self, label: str, within: Locator | None) -> Locator:
        words = re.compile(rf"^\s*{re.escape(self.say(label))}( \*)?\s*$")
        return (within or self.page).get_by_label(words)

    def _named(self, role: Any, words: str, within: Locator | None) -> Locator:
        return (within or self.page).get_by_role(role, name=self.say(words), exact=True)
