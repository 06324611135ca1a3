"""The browser: which one, and how it is started. No page of it reaches anything but localhost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

DEBIANS = "/usr/bin/chromium"
_FLAGS = (
    # localhost, not 127.0.0.1: passkeys are not for addresses. Nothing else has an address.
    "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
)
# Of several --disable-features the last one holds, so what Playwright switches off is said again.
_PLAYWRIGHTS = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    *("PreconnectToSearch", "msForceBrowserSignIn"),
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
# Two pages below the address bar that nobody sees: they cost each window as much as its own page.
_POPUPS = ("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup")


def candidates(playwrights_own: str) -> list[str]:
    """Where a Chromium may be, the first is best: CHROMIUM, Debian's, Playwright's own."""
    asked = os.environ.get("CHROMIUM", "")
    return [path for path in (asked, DEBIANS, playwrights_own) if path]


def found(playwrights_own: str) -> str | None:
    """The first of them that is there, or None. A CHROMIUM that is not there is a mistake."""
    asked = os.environ.get("CHROMIUM", "")
    if asked and not Path(asked).exists():
        raise FileNotFoundError(f"CHROMIUM={asked} is not there")
    return next((path for path in candidates(playwrights_own) if Path(path).exists()), None)


@contextmanager
def running() -> Iterator[Browser | None]:
    """The browser until the block ends, or None where there is none.

    Playwright's synchronous API leaves an event loop marked as running in this thread, with
    which Django refuses to touch the database and `asyncio.run` refuses to run; so Django is
    told that this is meant, for as long as the block lasts and no longer.
    """
    with sync_playwright() as playwright, _django_allowed():
        path = found(playwright.chromium.executable_path)
        if path is None:
            yield None
            return
        browser = _launched(playwright, path)
        try:
            yield browser
        finally:
            browser.close()


def has_japanese_font() -> bool:
    """Whether Japanese letters are drawn as letters; without fontconfig nobody knows: False."""
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    listed = subprocess.run([lister, ":lang=ja"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _launched(playwright: Playwright, path: str) -> Browser:
    off = f"--disable-features={','.join(_PLAYWRIGHTS + _POPUPS)}"
    return playwright.chromium.launch(executable_path=path, args=[*_FLAGS, off], timeout=60_000)


@contextmanager
def _django_allowed() -> Iterator[None]:
    name = "DJANGO_ALLOW_ASYNC_UNSAFE"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
