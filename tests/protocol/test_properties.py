"""What must hold whatever the facts: worse news never helps, silence never clears."""

import copy
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol import vocabulary as v
from backend.protocol.assess import assess
from backend.protocol.facts import BadFacts, case_from_facts, facts_of
from backend.protocol.findings import Decision
from backend.protocol.pack import load
from backend.protocol.texts import Wording
from tests.protocol.situations import (
    MAN,
    NOW,
    PACKS,
    WOMAN,
    ago,
    asked,
    ended,
    given,
    lab,
    pregnancy_test,
    running,
)

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PEOPLE = (
    MAN,
    WOMAN,
    running(MAN),
    running(WOMAN),
    running(WOMAN, 90),
    ended(WOMAN),
    ended(MAN, 40),
)
days = st.integers(-40, 220).map(ago)
packs = st.sampled_from(PACKS)


def some(codes, most=4):
    return st.lists(st.sampled_from(sorted(codes)), max_size=most, unique=True)


labs = st.lists(
    st.builds(
        lab,
        st.sampled_from(("alt", "ast", "triglycerides", "total_cholesterol", "ck", "anc")),
        st.sampled_from((1, 25, 90, 121, 300, 500, 800, 1000)),
        st.integers(-3, 60),
    ),
    max_size=5,
)
tests = st.lists(
    st.builds(
        pregnancy_test,
        st.integers(-3, 60),
        st.sampled_from(sorted(v.TEST_RESULTS)),
        st.sampled_from(sorted(v.TEST_SETTINGS)),
    ),
    max_size=3,
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "patient.conditions": some(v.CONDITIONS),
        "patient.allergies": some(v.ALLERGIES),
        "patient.family_history": some(v.FAMILY_HISTORY),
        "patient.birth_on": st.sampled_from(("1990-01-01", "2010-01-01", "2015-01-01")),
        "patient.medicines": st.lists(
            st.builds(
                lambda code, on: {"code": code, "stopped_on": on},
                st.sampled_from(sorted(v.MEDICINES)),
                days,
            ),
            max_size=2,
        ),
        "contraception.methods": st.lists(
            st.builds(
                lambda code, on: {"code": code, "since": on},
                st.sampled_from(sorted(v.METHODS)),
                days,
            ),
            max_size=3,
        ),
        "checkin.red_flags": some(v.RED_FLAGS),
        "checkin.symptoms": some(v.SYMPTOMS),
        "labs": labs,
        "pregnancy_tests": tests,
        "prescription.daily_mg": st.sampled_from((5, 10, 20, 25, 30, 60, 130)),
        "prescription.days": st.sampled_from((7, 28, 30, 31)),
        "prescription.product": st.sampled_from(sorted(v.PRODUCTS)),
        "course.severity": st.sampled_from(sorted(v.SEVERITIES)),
        "course.indication": st.sampled_from(sorted(v.INDICATIONS)),
        "visit.mode": st.sampled_from(sorted(v.VISIT_MODES)),
        "patient.can_become_pregnant": st.sampled_from((True, False, None)),
        "patient.cannot_reason": st.sampled_from(sorted(v.CANNOT_REASONS)),
        "programme.exemption_documented": st.booleans(),
    },
)
SITUATIONS = st.tuples(
    st.sampled_from(PEOPLE),
    CHANGES,
    packs,
    st.sampled_from(("intake", "prescribe", "dispense", "checkin")),
)


def worse(before, after):
    return after.decision.rank >= before.decision.rank


@QUICK
@for_all(SITUATIONS, st.sampled_from(sorted(v.CONDITIONS)))
def test_one_condition_more_never_makes_the_decision_milder(situation, condition):
    who, changes, pack, purpose = situation
    facts = given(who, changes)
    more = [*facts["patient"]["conditions"], condition]

    before = asked(facts, purpose, pack=pack)
    after = asked(facts, purpose, {"patient.conditions": more}, pack=pack)

    grounds = condition == "truncal_nodules" and "D-03" in {f.rule for f in before.findings}
    assert worse(before, after) or grounds  # D-03: nodules are grounds for a higher dose


@QUICK
@for_all(SITUATIONS, st.sampled_from(sorted(v.MEDICINES)))
def test_one_medicine_more_never_makes_the_decision_milder(situation, code):
    who, changes, pack, purpose = situation
    facts = given(who, changes)
    more = [*facts["patient"]["medicines"], {"code": code}]

    before = asked(facts, purpose, pack=pack)

    assert worse(before, asked(facts, purpose, {"patient.medicines": more}, pack=pack))


@QUICK
@for_all(SITUATIONS, st.sampled_from(sorted(v.RED_FLAGS)))
def test_one_red_flag_more_never_makes_the_decision_milder(situation, flag):
    who, changes, pack, _ = situation
    facts = given(running(who), changes)
    more = [*facts["checkin"]["red_flags"], flag]

    before = asked(facts, "checkin", pack=pack)
    after = asked(facts, "checkin", {"checkin.red_flags": more}, pack=pack)

    assert worse(before, after)
    assert after.decision != "clear"


@QUICK
@for_all(SITUATIONS)
def test_no_rule_breaks_and_every_finding_has_words(situation):
    who, changes, pack, purpose = situation
    found = asked(who, purpose, changes, pack=pack)

    for finding in found.findings:
        assert "error" not in dict(finding.evidence), finding
        assert finding.missing or finding.message != Wording(finding.rule).name
        assert finding.remedy is not None


@QUICK
@for_all(SITUATIONS)
def test_facts_survive_being_stored(situation):
    who, changes, _, _ = situation
    case = case_from_facts(given(who, changes), NOW)

    assert case_from_facts(facts_of(case), NOW) == case


def leaves(facts, above=""):
    """Every fact of the base, as a dotted path."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


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
