"""A visit: a page in a window of its own, and everything that went wrong while it was open."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Request,
    Response,
)

from tests.browser.devices import Device
from tests.browser.server import Server

SCRIPTS = Path(__file__).with_name("scripts")
PATIENCE_MS = 30_000  # for what should take a moment; a loaded machine takes its time
_WORLD = "suhada_checks"
_IN_TIME = """Promise.race([%s, new Promise((_, refuse) =>
  setTimeout(() => refuse(new Error("not within the time")), %d))])"""


def script(name: str) -> str:
    """The text of one of our scripts, of which each is one function expression."""
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


@dataclass
class Visit:
    """A page and what happened to it. `expected` are words of console errors that are meant."""

    page: Page
    device: Device
    expected: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _answers: list[Response] = field(default_factory=list)
    _bytes: dict[str, float] = field(default_factory=dict)

    def go(self, path: str) -> Response:
        """Open this path and wait until it is there with its fonts; the answer to the document."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None, path
        self.settle()
        return answer

    def settle(self) -> None:
        """Wait until the fonts are there and htmx waits for nothing."""
        if self.device.script:
            self.in_isolation(f"({script('settled')})()", awaited=True)

    @property
    def context(self) -> BrowserContext:
        """The window: cookies, storage, what is offline."""
        return self.page.context

    @cached_property
    def cdp(self) -> CDPSession:
        """Chromium's own protocol, for this page."""
        return self.context.new_cdp_session(self.page)

    def in_isolation(self, expression: str, *, awaited: bool = False) -> Any:
        """The value of an expression in a world of our own over the page's document.

        Such a world sees the document and not the page's variables, nor does the page see ours;
        and the page's Content-Security-Policy, which is under test, does not hold in it.
        `awaited`: the value of a promise, which must come within PATIENCE_MS. Where script is
        switched off no promise is ever kept, so none is awaited there.
        """
        if awaited:
            assert self.device.script, "nothing is awaited where script is switched off"
            expression = _IN_TIME % (expression, PATIENCE_MS)
        frame = self.cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        asked = {"frameId": frame, "worldName": _WORLD}
        world = self.cdp.send("Page.createIsolatedWorld", asked)["executionContextId"]
        said = self.cdp.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world,
                "awaitPromise": awaited,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in said:
            raise RuntimeError(said["exceptionDetails"].get("exception", said))
        return said["result"].get("value")

    def breaches(self) -> list[str]:
        """What the Content-Security-Policy of the open document refused."""
        return list(self.page.evaluate("() => window.__breaches ?? []"))

    def errors(self) -> list[str]:
        """Errors and warnings in the console, uncaught errors, and requests that failed."""
        return [each for each in self._errors if not any(words in each for words in self.expected)]

    def transferred_bytes(self) -> int:
        """What came over the network since the visit began, headers included, compressed."""
        return round(sum(self._bytes.values()))

    def first_contentful_paint_ms(self) -> float | None:
        """From the start of the navigation; None when nothing was painted."""
        asked = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        found = self.in_isolation(asked)
        return None if found is None else float(found)

    def watch(self) -> None:
        """Begin to keep what goes wrong; `opened` has done so."""
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._errors.append(f"uncaught: {error}"))
        self.page.on("requestfailed", self._failed)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.cdp.send("Network.enable")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self._errors.append(f"console: {message.text} at {where}")

    def _failed(self, request: Request) -> None:
        """What the page or its reader gave up by moving on is no failure."""
        if request.failure != "net::ERR_ABORTED":
            self._errors.append(f"failed: {request.url}: {request.failure}")

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]


def opened(browser: Browser, server: Server, device: Device) -> Visit:
    """A new window without cookies and with nothing in its cache; close its context at the end."""
    context = browser.new_context(**device.options(server.url))
    context.add_init_script(script("breaches"))
    visit = Visit(context.new_page(), device)
    visit.watch()
    return visit
