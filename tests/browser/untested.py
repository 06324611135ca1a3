"""What a run did not look at, said so that nobody overlooks it."""

from typing import Any

NO_BROWSER = "no browser: set CHROMIUM, or apt-get install chromium"
NO_LETTERS = "no Japanese font: apt-get install fontconfig fonts-ipafont-gothic"
_TITLE = "NOT TESTED: THE PAGES IN A BROWSER"


def say_it(terminalreporter: Any) -> None:
    """At the end of a run: how many tests were skipped for want of a browser or its letters."""
    skipped = [str(one.longrepr) for one in terminalreporter.stats.get("skipped", [])]
    for reason in (NO_BROWSER, NO_LETTERS):
        missed = sum(reason in one for one in skipped)
        if missed:
            terminalreporter.section(_TITLE, sep="!", red=True, bold=True)
            terminalreporter.line(f"{missed} tests did not run: {reason}", red=True, bold=True)
