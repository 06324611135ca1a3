"""What must hold on any page. Each check returns what is wrong with it; empty is good."""

import json

from tests.browser.visits import Visit, script

MAX_STOPS = 60  # of the keyboard walk; a longer page repeats itself


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


def keyboard_walk(visit: Visit) -> list[str]:
    """What Tab does not reach, and where the focus cannot be seen or is covered.

    Leaves the focus somewhere; nothing is pressed but Tab.
    """
    stops = int(visit.in_isolation(f"({script('stops')})()"))
    for _ in range(min(stops, MAX_STOPS) + 1):
        visit.page.keyboard.press("Tab")
    wrong = list(visit.in_isolation("walk.result()"))
    if stops > MAX_STOPS:
        return [each for each in wrong if not each.startswith("not reached")]
    return wrong
