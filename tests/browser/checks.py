"""What must hold on any page. Each check returns what is wrong with it; empty is good."""

import json

from tests.browser.visits import Visit, script

MAX_PRESSES = 120  # of the keyboard walk; a page that is longer repeats itself
_AT_ONCE = 10
_DOUBLED = """[...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id, place, all) => all.indexOf(id) !== place)"""


def fits(visit: Visit) -> list[str]:
    """What makes the page scroll sideways, leaves the window, or is cut off."""
    return list(visit.in_isolation(f"({script('fits')})()"))


def untranslated(visit: Visit) -> list[str]:
    """Text in the other language that is not marked with `lang` or `translate="no"`.

    On an English page that is any Japanese letter; on a Japanese page a sentence in English, or
    a text that is nothing but English words.
    """
    language = json.dumps(visit.device.language)
    return list(visit.in_isolation(f"({script('words')})({language})"))


def doubled_ids(visit: Visit) -> list[str]:
    """Ids that two elements have: a label then names the wrong field."""
    return list(visit.in_isolation(_DOUBLED))


def keyboard_walk(visit: Visit) -> list[str]:
    """What Tab does not reach, and where the focus cannot be seen or is covered.

    Leaves the focus somewhere; nothing is pressed but Tab.
    """
    stops = int(visit.in_isolation(f"({script('stops')})()"))
    # More presses than stops: a date has parts, and what scrolls is a stop of Chromium's own.
    for _ in range(min(2 * stops + 40, MAX_PRESSES) // _AT_ONCE):
        for _ in range(_AT_ONCE):
            visit.page.keyboard.press("Tab")
        if visit.in_isolation("walk.over()"):
            return list(visit.in_isolation("walk.result()"))
    wrong = list(visit.in_isolation("walk.result()"))
    if stops > MAX_PRESSES // 2:
        return [each for each in wrong if not each.startswith("not reached")]
    return wrong
