"""What one rule answers, in one line: each finding's level and the facts that decided."""

import re

from backend.protocol.texts import Wording
from tests.protocol.situations import asked

GAP = re.compile(r"(?<!\w)\?")  # a fact that the message should show and does not


def answers(rule, pack, who, purpose, changes):
    """`level fact=value, ...` of each finding, mildest first, with `|` between them.

    Fails if a finding has no words of its own, or a gap in them. Missing facts are left out.
    """
    found = [f for f in asked(who, purpose, changes, pack=pack).of(rule) if not f.missing]
    for finding in found:
        assert finding.message != Wording(rule).name, finding
        assert not GAP.search(finding.message.en), finding
    lines = [
        f"{f.level.value} " + ", ".join(f"{name}={value}" for name, value in f.evidence)
        for f in sorted(found, key=lambda f: f.level.rank)
    ]
    return " | ".join(line.strip() for line in lines)
