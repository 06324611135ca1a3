"""Silence never clears: a fact less never makes a decision milder than hold, in any pack."""

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.findings import Decision
from tests.protocol.imagined import in_all_packs, leaves, patients
from tests.protocol.situations import given

MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IF_KNOWN = {("intake", "pregnancy_tests"), ("intake", "labs")}  # C-01, C-09


ALWAYS_NEEDED = {  # whatever the other facts; the rest of section 11: test_needed_facts.py
    "intake": "patient.zone patient.birth_on patient.can_become_pregnant patient.conditions"
    " patient.family_history patient.allergies patient.medicines patient.procedures"
    " patient.activities phq course.status course.indication",
    "prescribe": "patient.zone patient.birth_on patient.can_become_pregnant patient.conditions"
    " patient.family_history patient.allergies patient.medicines patient.procedures"
    " patient.activities patient.weights labs phq visit.mode visit.consents"
    " visit.identity_verified course.status course.indication course.dispensed_mg"
    " prescription.product prescription.daily_mg prescription.days prescription.lot_importer",
    "dispense": "patient.zone patient.can_become_pregnant patient.allergies course.status"
    " prescription.days prescription.voided prescription.lot_importer prescription.issued_on"
    " dispense.step dispense.already_dispensed",
    "checkin": "patient.zone patient.can_become_pregnant patient.procedures labs phq"
    " course.status checkin.red_flags checkin.wants_blood_donation checkin.items.lips"
    " checkin.items.flare",
    "second_course": "patient.zone course.number course.iga course.scarring"
    " course.previous.ended_on course.previous.dispensed_mg_per_kg",
}


@MANY
@for_all(patients(), st.data())
def test_a_needed_fact_less_never_clears(patient, data):
    facts, purpose = patient
    path = data.draw(st.sampled_from(ALWAYS_NEEDED[purpose].split()), label="unknown")

    after = in_all_packs(given(facts, {path: None}), purpose)

    assert min(after) >= Decision.HOLD.rank


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
