"""One look at a listed page: every check and both pictures in a single visit."""

from django.test import override_settings

from tests.browser import screens
from tests.browser.axe import axe_violations, colour_violations
from tests.browser.checks import doubled_ids, fits, keyboard_walk, untranslated
from tests.browser.house import NOBODY, House
from tests.browser.listed import Listed
from tests.browser.pages import PAGES
from tests.browser.server import Server
from tests.browser.visits import Visit

MAX_BYTES = 100_000  # issue: every page at most 100 kB on a first visit
MAX_STATEMENTS = 12  # issue: at most 12 queries a page
_OF_THE_TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT")


def pages_on(device: str) -> list[Listed]:
    """The listed pages that are looked at on this device."""
    return [page for page in PAGES if page.device.name == device]


def who_of(page: Listed, house: House) -> object:
    """The person who looks, or None for nobody."""
    return None if page.who == NOBODY else house.people[page.who]


def look_at(page: Listed, house: House, visit: Visit, server: Server) -> dict[str, list[str]]:
    """What is wrong with this page, by check; empty is good. With script it keeps its pictures."""
    if page.status != 200:
        visit.expected.append(f"status of {page.status}")
    with override_settings(**page.settings):
        if page.way is not None:
            page.way(visit, house)
        return _looked_at(page, page.path(house), visit, server)


def _looked_at(page: Listed, path: str, visit: Visit, server: Server) -> dict[str, list[str]]:
    answer = visit.go(path)
    wrong = {
        "status": [] if answer.status == page.status else [f"{answer.status} at {path}"],
        "place": _place(visit, path),
        "weight": _weight(visit),
        "queries": _queries(visit, server, path),
        "fits": fits(visit),
        "untranslated": untranslated(visit),
        "doubled ids": doubled_ids(visit),
    }
    if visit.device.script:
        wrong |= _seen_and_walked(page, visit)
    return {name: found for name, found in wrong.items() if found and not _let_off(page, name)}


def _let_off(page: Listed, check: str) -> bool:
    return check in page.forgiven


def _seen_and_walked(page: Listed, visit: Visit) -> dict[str, list[str]]:
    """Both pictures, and what needs script of ours, which takes its time."""
    wrong = {"axe": axe_violations(visit)}
    screens.keep(visit, page.name)
    visit.page.emulate_media(color_scheme="dark")
    wrong["axe in the dark"] = colour_violations(visit)
    wrong["keyboard"] = keyboard_walk(visit)
    wrong["policy"] = visit.breaches()
    return wrong


def _place(visit: Visit, path: str) -> list[str]:
    """Below /account/ a page that asks for a proof first is another page, with a 200 too."""
    stayed = visit.page.url.endswith(path) or not path.startswith("/account/")
    return [] if stayed else [f"{path} led to {visit.page.url}"]


def _weight(visit: Visit) -> list[str]:
    came = visit.transferred_bytes()
    return [f"{came} bytes came, {MAX_BYTES} may"] if came > MAX_BYTES else []


def _queries(visit: Visit, server: Server, path: str) -> list[str]:
    """The statements, when they are too many twice: a process asks some things only once."""
    if len(_asked(server, path)) > MAX_STATEMENTS:
        visit.go(path)
    asked = _asked(server, path)
    if len(asked) <= MAX_STATEMENTS:
        return []
    return [f"{len(asked)} statements, {MAX_STATEMENTS} may", *(each[:120] for each in asked)]


def _asked(server: Server, path: str) -> list[str]:
    asked = server.served(path.partition("?")[0]).statements
    return [each for each in asked if not each.startswith(_OF_THE_TRANSACTION)]
