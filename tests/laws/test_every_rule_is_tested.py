"""Law 11: every rule of docs/domain.md is cited by a test or listed as open; the page is true."""

import re
from pathlib import Path

import pytest

from backend.protocol.ask import LETTERS
from backend.protocol.assess import RULES
from backend.protocol.pack_shape import ALL

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
ASKED, OPEN = PAGE.split("## Open: not asked of facts")
ROW = re.compile(r"^\| ([A-Z](?:-[A-Z]{2})?-\d{2}) \|(.*)$", re.MULTILINE)
ROWS = {rule: [cell.strip() for cell in rest.split("|")] for rule, rest in ROW.findall(ASKED)}
OPEN_ROWS = [rule for rule, _ in ROW.findall(OPEN.split("## Defaults")[0])]


def cited():
    """The rule ids that tests name: C-04 in a text, c_04 in a name."""
    here = Path(__file__)
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests").rglob("*.toml")]
    text = "\n".join(f.read_text(encoding="utf-8") for f in files if f != here)
    ids = set(re.findall(r"\b[A-Z](?:-[A-Z]{2})?-\d{2}\b", text))
    names = re.findall(r"(?<![a-z])[a-z](?:_(?:jp|us|pp))?_\d{2}(?!\d)", text)
    return ids | {name.upper().replace("_", "-") for name in names}


def test_the_page_names_each_rule_once():
    rows = [rule for rule, _ in ROW.findall(ASKED)] + OPEN_ROWS

    assert len(rows) == len(set(rows)) > 200


def test_every_rule_that_is_asked_is_cited_by_a_test():
    assert set(ROWS) - cited() == set()


def test_the_page_and_the_engine_have_the_same_rules():
    engine = {rule.id for rule in RULES} | {"X-06", "X-07"}

    assert set(ROWS) == engine
    assert not engine & set(OPEN_ROWS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_says_when_and_where_each_rule_is_asked(rule):
    _, _, asked, _, packs, _, _ = ROWS[rule.id]

    assert {LETTERS[letter] for letter in re.findall("[IPDCS]", asked)} == rule.purposes
    assert (ALL if packs == "all" else set(packs.split())) == rule.programmes
