"""What one rule answers, in one line: the levels, the words and the facts that decided."""

from backend.protocol.texts import Wording, rule_texts, worded
from tests.protocol.situations import asked


def answers(rule, pack, who, purpose, changes):
    """`level answer fact=value, ...` of each finding, mildest first, with `|` between them.

    The answer is left out where it is named after the level. Missing facts are left out too.
    Fails if a finding has no words of its own.
    """
    found = [f for f in asked(who, purpose, changes, pack=pack).of(rule) if not f.missing]
    return " | ".join(map(_line, sorted(found, key=lambda f: f.level.rank)))


def _line(finding):
    facts = ", ".join(f"{name}={value}" for name, value in finding.evidence)
    answer = _answer(finding)
    words = [finding.level.value, "" if answer == finding.level.value else answer, facts]
    return " ".join(word for word in words if word)


def _answer(finding):
    """Under which name the finding's message stands in the text files; its level's first."""
    words = {name: worded(value) for name, value in finding.evidence}
    entry = rule_texts()[finding.rule]
    names = sorted(entry, key=lambda name: name != finding.level.value)
    messages = [name for name in names if name not in ("source", "who", "reads", "needs", "levels")]
    found = [n for n in messages if Wording(finding.rule).message(n, words) == finding.message]
    assert found, finding
    assert found[0] != "name", finding
    return found[0]
