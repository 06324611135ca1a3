"""The imagined patients are various: what is asked of them is not true by emptiness."""

from collections import Counter

import pytest
from hypothesis import given as for_all
from hypothesis import settings

from backend.protocol.assess import RULES, assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Decision
from backend.protocol.pack import load
from tests.protocol.imagined import PEOPLE, patients
from tests.protocol.situations import NOW, PACKS, asked


@pytest.mark.parametrize("pack", PACKS)
def test_unchanged_they_are_all_clear(pack):
    for who, purpose in PEOPLE:
        assert asked(who, purpose, pack=pack).decision == "clear"


def test_they_meet_every_decision_and_most_rules():
    decisions, met = Counter(), set()

    @settings(max_examples=800, derandomize=True, database=None, deadline=None)
    @for_all(patients())
    def meet(patient):
        facts, purpose = patient
        case = case_from_facts(facts, NOW)
        for pack in PACKS:
            found = assess(case, load(pack), purpose)
            decisions[found.decision] += 1
            met.update(finding.rule for finding in found.findings)

    meet()

    assert set(decisions) == set(Decision)
    assert max(decisions.values()) < decisions.total() / 2
    assert len({rule.id for rule in RULES} - met) < len(RULES) / 5
