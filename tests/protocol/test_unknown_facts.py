"""Section 11: a needed fact that is absent holds and is named; nobody is cleared by silence."""

import pytest

from backend.protocol import vocabulary as v
from tests.protocol.situations import (
    SECOND_COURSE,
    WOMAN,
    asked,
    running,
)


def leaves(facts, above=""):
    """Every fact of the base, as a dotted path."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


# What a prescription in a running course does not rest on: asked only of others, or in another
# phase.
NOT_NEEDED = {
    "visit.history",  # first visits
    "visit.on",
    "visit.in_person_first_done",
    "visit.mood_asked",
    "visit.sexual_function_asked",
    "prescriber.retinoid_expert",
    "prescriber.code",  # imported lots
    "prescription.soya_oil",  # an allergy to soya
    "prescription.doses_per_day",
    "prescription.issued_on",
    "prescription.route",
    "prescription.voided",
    "course.iga",  # doses above 1 mg/kg
    "course.scarring",
    "course.no_other_treatment_attested",
    "course.lesions_baseline",  # from day 84
    "course.lesions_now",
    "course.last_product",
    "course.taken_with_food",  # increases
    "course.number",  # before the first dose
}


@pytest.mark.parametrize("path", sorted(set(leaves(running(WOMAN)))))
def test_at_prescribe_removing_a_needed_fact_never_clears(path):
    section = path.split(".")[0]
    if section in ("dispense", "programme", "plan", "checkin") or path in NOT_NEEDED:
        assert asked(running(WOMAN), "prescribe", unset=[path]).decision == "clear"
        return

    found = asked(running(WOMAN), "prescribe", unset=[path])

    assert found.decision == "hold"
    assert path in found.missing
    assert not [f.rule for f in found.findings if "error" in dict(f.evidence)]


NEEDED_AT_DISPENSE = [
    "patient.allergies",
    "patient.breastfeeding",
    "patient.can_become_pregnant",
    "pregnancy_tests",
    "course.status",
    "prescription.days",
    "prescription.issued_on",
    "prescription.lot_importer",
    "prescription.route",
    "prescription.voided",
    "dispense.step",
    "dispense.identity_checked",
    "dispense.days_supplied",
    "dispense.already_dispensed",
]
NEEDED_AT_CHECKIN = [
    "patient.breastfeeding",
    "patient.can_become_pregnant",
    "patient.procedures",
    "pregnancy_tests",
    "labs",
    "phq",
    "course.status",
    "course.started_on",
    "checkin.red_flags",
    "checkin.wants_blood_donation",
    "checkin.adherence.with_food",
    "checkin.adherence.missed_doses",
    "checkin.adherence.contraception_kept",
    *(f"checkin.items.{name}" for name in v.CHECKIN_ITEMS),
]
NEEDED_AT_INTAKE = [
    *(f"patient.{name}" for name in (
        "birth_on", "can_become_pregnant", "pregnant", "breastfeeding", "conditions",
        "family_history", "allergies", "medicines", "procedures", "activities",
    )),
    "contraception.declined",
    "phq",
    "course.status",
    "course.indication",
    "course.severity",
    "course.prior_treatment_failed",
    "plan.aesthetic",
]  # fmt: skip
NEEDED_FOR_A_SECOND_COURSE = [
    "course.number",
    "course.iga",
    "course.scarring",
    "course.previous.ended_on",
    "course.previous.dispensed_mg_per_kg",
]


@pytest.mark.parametrize(
    ("who", "purpose", "path"),
    [
        *((running(WOMAN), "dispense", path) for path in NEEDED_AT_DISPENSE),
        *((running(WOMAN, 20), "checkin", path) for path in NEEDED_AT_CHECKIN),
        *((WOMAN, "intake", path) for path in NEEDED_AT_INTAKE),
        *((SECOND_COURSE, "second_course", path) for path in NEEDED_FOR_A_SECOND_COURSE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_removing_a_needed_fact_holds_and_names_it(who, purpose, path):
    found = asked(who, purpose, unset=[path])

    assert found.decision == "hold"
    assert path in found.missing
    assert not [f.rule for f in found.findings if "error" in dict(f.evidence)]
