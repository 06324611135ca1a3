"""Pictures of the pages, for people to look at: build/screens/."""

from pathlib import Path

from tests.browser.devices import SCHEMES
from tests.browser.visits import Visit

FOLDER = Path(__file__).resolve().parents[2] / "build" / "screens"
HIGHEST_PX = 6000  # of a picture; a longer page is shown to here


def keep(visit: Visit, name: str, *, schemes: tuple[str, ...] = SCHEMES) -> list[Path]:
    """The whole page in each scheme: <name>-<language>-<scheme>-<width>.png; leaves its own."""
    kept = []
    for scheme in schemes:
        visit.page.emulate_media(color_scheme=scheme)
        kept.append(_taken(visit, name, scheme))
    visit.page.emulate_media(color_scheme=visit.device.scheme)
    return kept


def _taken(visit: Visit, name: str, scheme: str) -> Path:
    device = visit.device
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{device.language}-{scheme}-{device.width}.png"
    height = min(int(visit.in_isolation("document.documentElement.scrollHeight")), HIGHEST_PX)
    whole = {"x": 0, "y": 0, "width": device.width, "height": max(height, device.height)}
    visit.page.screenshot(path=path, full_page=True, clip=whole, animations="disabled")
    return path
