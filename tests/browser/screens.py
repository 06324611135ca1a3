"""Pictures of the pages, for people to look at: build/screens/."""

from pathlib import Path

from tests.browser.devices import SCHEMES
from tests.browser.visits import Visit

FOLDER = Path(__file__).resolve().parents[2] / "build" / "screens"
HIGHEST_PX = 6000  # of a picture; a longer page is shown to here


def keep(visit: Visit, name: str, *, folder: Path = FOLDER) -> list[Path]:
    """The whole page in light and dark: <name>-<language>-<scheme>-<width>.png."""
    kept = []
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        visit.page.emulate_media(color_scheme=scheme)
        device = visit.device
        kept.append(folder / f"{name}-{device.language}-{scheme}-{device.width}.png")
        _take(visit, kept[-1])
    visit.page.emulate_media(color_scheme=visit.device.scheme)
    return kept


def _take(visit: Visit, path: Path) -> None:
    """In a window as high as the page: a bar that keeps to the window is at its end, not midway."""
    device = visit.device
    whole = int(visit.in_isolation("document.documentElement.scrollHeight"))
    height = min(max(whole, device.height), HIGHEST_PX)
    visit.page.set_viewport_size({"width": device.width, "height": height})
    visit.page.screenshot(path=path, animations="disabled")
    visit.page.set_viewport_size({"width": device.width, "height": device.height})
