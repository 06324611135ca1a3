"""The physician's queue in a real browser, with 10,000 prescriptions waiting."""

import statistics
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser

from dev.bench.figures import Figure, at_most
from dev.bench.web import bench
from tests.browser import chromium
from tests.browser.devices import DESK

WAITING, VISITS = 10_000, 9
NAME = f"queue of {WAITING:,}, first contentful paint"
# Not by asking again and again: the page's policy forbids what that would evaluate.
_PAINT = """new Promise((painted) => new PerformanceObserver((seen) => {
    const first = seen.getEntriesByName("first-contentful-paint")[0];
    if (first) painted(first.startTime);
}).observe({ type: "paint", buffered: true }))"""


def measure() -> Iterator[Figure]:
    """First visits, each in a window with an empty cache; the middle one counts."""
    with bench() as place:
        cookie = place.seed("queue", str(WAITING))
        with place.serving("ours", "backend.config.settings") as port, chromium.running() as found:
            if found is None:
                raise RuntimeError("no Chromium: set CHROMIUM to one")
            paints = [_paint_ms(found, port, cookie) for _ in range(VISITS + 1)]
    yield at_most(NAME, statistics.median(paints[1:]), "ms", 500)  # the first one starts Python


def _paint_ms(browser: Browser, port: int, cookie: dict[str, Any]) -> float:
    """Milliseconds from the start of the navigation to the first thing painted."""
    window = browser.new_context(**DESK.options(f"http://localhost:{port}"))
    try:
        window.add_cookies([{"domain": "localhost", "path": "/", **cookie}])  # type: ignore[typeddict-item]
        page = window.new_page()
        answer = page.goto("/physician/", wait_until="load")
        if answer is None or answer.status != 200 or page.locator("[data-row]").count() == 0:
            raise RuntimeError("the queue was not shown")
        return float(page.evaluate(_PAINT))
    finally:
        window.close()
