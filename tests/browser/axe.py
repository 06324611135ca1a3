"""axe-core on an open page: WCAG 2.2, levels A and AA.

It runs in a world of its own beside the page's (Visit.in_isolation): a <script> would be refused
by the Content-Security-Policy, and switching that off (Playwright's bypass_csp) would leave the
policy untested. Read tests/browser/vendor/axe-core/README.md before changing the version.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.browser.visits import Visit

VERSION = "4.14.1"
WCAG_A_AND_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OF_COLOUR = ("color-contrast", "link-in-text-block")  # all that a colour scheme can break
_SOURCE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
_RUN = """
(async () => {
  const options = { runOnly: %s, rules: %s, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
    `${id}: ${help}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}` +
    ` ${node.any.map((each) => each.message).join(" ")}`));
})()"""


def axe_violations(visit: Visit) -> list[str]:
    """Every violation of WCAG 2.2 A and AA: rule, what it says, where, the element."""
    # Off unless asked for: targets of at least 24 by 24 pixels (WCAG 2.2 AA).
    rules = {"target-size": {"enabled": True}}
    return _run(visit, {"type": "tag", "values": WCAG_A_AND_AA}, rules)


def colour_violations(visit: Visit) -> list[str]:
    """The rules about colour alone: for the second scheme of a page that was looked at in one."""
    return _run(visit, {"type": "rule", "values": OF_COLOUR}, {})


def axe_version(visit: Visit) -> str:
    """The version that axe says it is."""
    return str(visit.in_isolation(f"{_source()};axe.version"))


def _run(visit: Visit, only: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    run = _RUN % (json.dumps(only), json.dumps(rules))
    if not visit.in_isolation(
        "typeof axe !== 'undefined'"
    ):  # since an earlier run in this document
        visit.in_isolation(f"{_source()};0")
    return list(visit.in_isolation(run, awaited=True))


@cache
def _source() -> str:
    return _SOURCE.read_text(encoding="utf-8")
