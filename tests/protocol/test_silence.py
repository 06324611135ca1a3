"""Silence never clears: a fact less never makes a decision milder than hold, in any pack."""

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.findings import Decision
from tests.protocol.imagined import in_all_packs, leaves, patients
from tests.protocol.situations import given

MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IF_KNOWN = {("intake", "pregnancy_tests"), ("intake", "labs")}  # C-01, C-09


@MANY
@for_all(patients(), st.data())
def test_a_fact_less_never_makes_it_milder_than_hold(patient, data):
    facts, purpose = patient
    known = [path for path in leaves(facts) if (purpose, path) not in IF_KNOWN]
    path = data.draw(st.sampled_from(sorted(known)), label="unknown")

    before = in_all_packs(facts, purpose)
    after = in_all_packs(given(facts, unset=[path]), purpose)

    assert all(
        now >= min(once, Decision.HOLD.rank) for once, now in zip(before, after, strict=True)
    )
