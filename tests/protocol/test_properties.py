"""What must hold whatever the facts: no rule breaks, every finding has words, nothing is lost."""

import copy
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.assess import assess
from backend.protocol.facts import BadFacts, case_from_facts, facts_of
from backend.protocol.findings import Decision
from backend.protocol.pack import load
from backend.protocol.texts import Wording
from tests.protocol.imagined import leaves, patients
from tests.protocol.situations import NOW, PACKS, WOMAN, asked, given, running

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@for_all(patients(), st.sampled_from(PACKS))
def test_no_rule_breaks_and_every_finding_has_words(patient, pack):
    facts, purpose = patient
    found = asked(facts, purpose, pack=pack)

    for finding in found.findings:
        assert "error" not in dict(finding.evidence), finding
        assert finding.missing or finding.message != Wording(finding.rule).name
        assert finding.remedy is not None


@QUICK
@for_all(patients())
def test_facts_survive_being_stored(patient):
    facts, _ = patient
    case = case_from_facts(facts, NOW)

    assert case_from_facts(facts_of(case), NOW) == case


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@QUICK
@for_all(st.sampled_from(sorted(set(leaves(running(WOMAN))))), ANYTHING)
def test_any_value_at_all_is_answered_or_refused_never_an_accident(path, value):
    facts = copy.deepcopy(running(WOMAN))

    answer = None
    with suppress(BadFacts):
        case = case_from_facts(given(facts, {path: value}), NOW)
        answer = assess(case, load("jp_house_2026"), "prescribe")

    assert answer is None or answer.decision in Decision
