"""What one rule answers, in one line: the levels, the words and the facts that decided."""

from backend.protocol.pack import load
from backend.protocol.texts import Wording, Words, rule_texts, worded
from tests.protocol.situations import asked


def answers(rule, pack, who, purpose, changes):
    """`level answer fact=value, ...` of each finding, mildest first, with `|` between them.

    The answer is left out where it is named after the level. Missing facts are left out too.
    Fails if a finding has no words of its own.
    """
    found = [f for f in asked(who, purpose, changes, pack=pack).of(rule) if not f.missing]
    mildest_first = sorted(found, key=lambda finding: finding.level.rank)
    return " | ".join(_line(finding, load(pack).numbers) for finding in mildest_first)


def _line(finding, numbers):
    facts = ", ".join(f"{name}={value}" for name, value in finding.evidence)
    answer = _answer(finding, numbers)
    words = [finding.level.value, "" if answer == finding.level.value else answer, facts]
    return " ".join(word for word in words if word)


def _answer(finding, numbers):
    """Under which name the finding's message stands in the text files; its level's first."""
    words = Words({name: worded(value) for name, value in finding.evidence}, numbers)
    entry = rule_texts()[finding.rule]
    names = sorted(entry, key=lambda name: name != finding.level.value)
    messages = [name for name in names if name not in ("source", "who", "reads", "needs", "levels")]
    found = [n for n in messages if Wording(finding.rule).message(n, words) == finding.message]
    assert found, finding
    assert found[0] != "name", finding
    return found[0]
