"""Worse news never helps: one bad fact more never makes a decision milder, in any pack."""

from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol import vocabulary as v
from tests.protocol.imagined import any_of, in_all_packs, near, one, patients
from tests.protocol.situations import ago, given

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def never_milder(patient, path, there, more, *, but=()):
    """Assert that one entry more on the list at `path` makes no pack's decision milder."""
    facts, purpose = patient

    before = in_all_packs(given(facts, {path: there}), purpose, but=but)
    after = in_all_packs(given(facts, {path: [*there, more]}), purpose, but=but)

    assert all(now >= once for once, now in zip(before, after, strict=True))


ASKED_OF_ILLNESS = ("intake", "prescribe")


@MANY
@for_all(patients(ASKED_OF_ILLNESS), any_of(v.CONDITIONS), one(v.CONDITIONS))
def test_one_condition_more(patient, there, condition):
    # Truncal nodules are D-03's own grounds for a dose above 1 mg/kg; all else holds of them too.
    but = ("D-03",) if condition == "truncal_nodules" else ()

    never_milder(patient, "patient.conditions", there, condition, but=but)


@MANY
@for_all(patients(ASKED_OF_ILLNESS), any_of(v.FAMILY_HISTORY), one(v.FAMILY_HISTORY))
def test_one_illness_more_in_the_family(patient, there, illness):
    never_milder(patient, "patient.family_history", there, illness)


@MANY
@for_all(patients(ASKED_OF_ILLNESS), any_of(v.MEDICINES), one(v.MEDICINES), st.data())
def test_one_medicine_more(patient, codes, code, data):
    there = [{"code": other, "stopped_on": data.draw(near(0, 7, 28))} for other in codes]

    never_milder(patient, "patient.medicines", there, {"code": code})


@MANY
@for_all(patients(), any_of(v.ALLERGIES), one(v.ALLERGIES))
def test_one_allergy_more(patient, there, allergy):
    never_milder(patient, "patient.allergies", there, allergy)


@MANY
@for_all(patients(("checkin",)), any_of(v.RED_FLAGS), one(v.RED_FLAGS))
def test_one_red_flag_more(patient, there, flag):
    never_milder(patient, "checkin.red_flags", there, flag)


@MANY
@for_all(patients(("checkin",)), any_of(v.RED_FLAGS), one(v.RED_FLAGS))
def test_a_red_flag_is_never_clear_whatever_else_is_said(patient, there, flag):
    facts, purpose = patient

    assert min(in_all_packs(given(facts, {"checkin.red_flags": [*there, flag]}), purpose)) > 0


@MANY
@for_all(patients(("checkin", "prescribe")), any_of(v.SYMPTOMS), one(v.SYMPTOMS))
def test_one_symptom_more(patient, there, symptom):
    never_milder(patient, "checkin.symptoms", there, symptom)


RISING = {
    ("triglycerides", "mg/dL"): (149, 150, 299, 300, 499, 500, 799, 800, 999, 1000),
    ("triglycerides", "mmol/L"): ("1.69", "3.38", "3.39", "5.64", "5.65", "8.99", 9, "11.3"),
    ("total_cholesterol", "mg/dL"): (299, 300),
    ("alt", "U/L"): (40, 41, 80, 81, 120, 121),
    ("ast", "U/L"): (40, 41, 80, 81, 120, 121),
    ("bilirubin", "mg/dL"): (80, 81),
    ("ck", "U/L"): (200, 201, 400, 401),
}
STEPS = st.sampled_from(
    [(kind, low, high) for kind, row in RISING.items() for low, high in pairwise(row)]
)


@MANY
@for_all(patients(("checkin", "prescribe")), STEPS)
def test_a_higher_result(patient, step):
    facts, purpose = patient
    (analyte, unit), low, high = step

    def found(value):
        result = {"analyte": analyte, "unit": unit, "value": value, "uln": 40, "taken_on": ago(0)}
        return in_all_packs(given(facts, {"labs": [*facts["labs"], result]}), purpose)

    assert all(now >= once for once, now in zip(found(low), found(high), strict=True))
