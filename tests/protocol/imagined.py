"""Imagined patients: somebody clear in every pack, with one to five facts changed near an edge.

Few changes on purpose: where everything is wrong already, nothing can get worse, and a property
about worse news would hold of any engine. `test_imagined.py` measures that they are various.
"""

from hypothesis import strategies as st

from backend.protocol import vocabulary as v
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import decide
from backend.protocol.pack import load
from tests.protocol.situations import (
    MAN,
    NOW,
    PACKS,
    SECOND_COURSE,
    WOMAN,
    ago,
    ended,
    given,
    pregnancy_test,
    running,
)

GRADES = dict.fromkeys(v.CHECKIN_ITEMS, 1) | {"lips": 2}  # with one more of 4 they sum to 16
BEFORE_THE_START = given(WOMAN, {"checkin": running(WOMAN)["checkin"]})
PEOPLE = (
    *((who, "intake") for who in (MAN, WOMAN)),
    *((who, "prescribe") for who in (MAN, WOMAN)),
    *((running(who, days), "prescribe") for who in (MAN, WOMAN) for days in (20, 40, 90)),
    *((who, "dispense") for who in (MAN, WOMAN, running(MAN), running(WOMAN))),
    *((running(who, days), "checkin") for who in (MAN, WOMAN) for days in (10, 40)),
    *((ended(who, days), "checkin") for who in (MAN, WOMAN) for days in (10, 29)),
    (BEFORE_THE_START, "checkin"),
    (SECOND_COURSE, "second_course"),
)


def some(codes, most=3):
    """At least one of these codes, each once."""
    return st.lists(st.sampled_from(sorted(codes)), min_size=1, max_size=most, unique=True)


def any_of(codes, most=4):
    """These codes, a few of them or none, each once."""
    return st.lists(st.sampled_from(sorted(codes)), max_size=most, unique=True)


def one(codes):
    return st.sampled_from(sorted(codes))


def near(*edges):
    """A day at, just before or just after so many days ago."""
    return st.sampled_from([ago(edge + by) for edge in edges for by in (-1, 0, 1)])


def rows(most=2, needed=(), **columns):
    """A short list of tables; a column that is not needed may be left out."""
    must = {name: kind for name, kind in columns.items() if name in needed}
    may = {name: kind for name, kind in columns.items() if name not in needed}
    return st.lists(st.fixed_dictionaries(must, optional=may), min_size=1, max_size=most)


def results(analyte, unit, *values):
    """One result, near a threshold; liver, bilirubin and CK as multiples of a limit of 40."""
    return st.fixed_dictionaries(
        {
            "analyte": st.just(analyte),
            "unit": st.just(unit),
            "value": st.sampled_from(values),
            "taken_on": near(0, 28, 31),
        },
        optional={"uln": st.just(40), "fasting": st.booleans()},
    )


LABS = st.lists(
    st.one_of(
        results("triglycerides", "mg/dL", 149, 150, 299, 300, 499, 500, 799, 800, 999, 1000),
        results("triglycerides", "mmol/L", "1.69", "3.39", "5.64", "5.65", "8.99", 9, "11.3"),
        results("total_cholesterol", "mg/dL", 299, 300),
        results("alt", "U/L", 40, 41, 80, 81, 120, 121),
        results("ast", "U/L", 40, 41, 80, 81, 120, 121),
        results("bilirubin", "umol/L", 80, 81),
        results("ck", "U/L", 200, 201, 400, 401),
        results("anc", "10^9/L", "0.99", 1),
    ),
    min_size=1,
    max_size=4,
)
TESTS = st.lists(
    st.builds(
        pregnancy_test,
        st.sampled_from((-1, 0, 1, 3, 4, 6, 7, 18, 30, 60)),
        st.sampled_from(("negative", *sorted(v.TEST_RESULTS))),
        one(v.TEST_SETTINGS),
        coded=st.booleans(),
    ),
    max_size=3,
)
PHQ = rows(
    needed=["on"],
    on=near(0, 7, 30),
    phq2=st.sampled_from((0, 2, 3)),
    phq9=st.sampled_from((0, 9, 10, 14, 15)),
    item9=st.sampled_from((0, 0, 0, 1)),
)
YES_OR_NO = {
    "patient": (
        "can_become_pregnant",
        "pregnant",
        "breastfeeding",
        "growth_finished",
        "guardian_consent",
    ),
    "contraception": (
        "abstinence",
        "declined",
    ),
    "visit": (
        "in_person_first_done",
        "care_plan_agreed",
        "identity_verified",
        "privacy_confirmed",
        "hospital_arranged",
        "mood_asked",
        "sexual_function_asked",
    ),
    "prescriber": (
        "online_training_done",
        "retinoid_expert",
    ),
    "course": (
        "taken_with_food",
        "scarring",
        "no_other_treatment_attested",
        "day7_checkin_done",
    ),
    "prescription": (
        "soya_oil",
        "voided",
    ),
    "dispense": (
        "identity_checked",
        "already_dispensed",
    ),
    "checkin": (
        "wants_blood_donation",
        "adherence.contraception_kept",
        "adherence.with_food",
    ),
    "programme": (
        "patient_enrolled",
        "prescriber_certified",
        "pharmacy_certified",
        "forms_match",
        "home_test_opt_in",
        "exemption_documented",
        "rma_obtained",
    ),
    "plan": ("no_refund_clause",),
}
CHANGES = {
    f"{section}.{key}": st.booleans() for section, keys in YES_OR_NO.items() for key in keys
} | {
    "patient.birth_on": st.sampled_from(("2014-06-15", "2014-06-16", "2008-06-15", "2008-06-16")),
    "patient.cannot_reason": one(v.CANNOT_REASONS),
    "patient.conditions": some(v.CONDITIONS),
    "patient.family_history": some(v.FAMILY_HISTORY),
    "patient.allergies": some(v.ALLERGIES),
    "patient.activities": some(v.ACTIVITIES),
    "patient.medicines": rows(needed=["code"], code=one(v.MEDICINES), stopped_on=near(0, 7, 28)),
    "patient.procedures": rows(needed=["kind", "on"], kind=one(v.PROCEDURES), on=near(0, 183)),
    "patient.weights": rows(
        needed=["kg", "on"], kg=st.sampled_from((30, 54, 60, 66)), on=near(0, 30)
    ),
    "contraception.methods": rows(3, needed=["code"], code=one(v.METHODS), since=near(30, 200)),
    "pregnancy_tests": TESTS,
    "labs": LABS,
    "phq": PHQ,
    "visit.on": near(0, 3, 29),
    "visit.mode": one(v.VISIT_MODES),
    "visit.kind": one(v.VISIT_KINDS),
    "visit.history": one(v.VISIT_HISTORIES),
    "visit.video_seconds": st.sampled_from((179, 180)),
    "visit.consents": some(v.CONSENTS, 5),
    "visit.disclosures": some(v.DISCLOSURES, 8),
    "course.number": st.integers(1, 4),
    "course.status": one(v.COURSE_STATUSES),
    "course.started_on": near(0, 7, 28, 56, 84, 140, 168),
    "course.ended_on": near(0, 30),
    "course.dispensed_mg": st.sampled_from((0, 8000, 12500)),
    "course.last_daily_mg": st.sampled_from((0, 20, 30, 60)),
    "course.last_product": one(v.PRODUCTS),
    "course.indication": one(v.INDICATIONS),
    "course.severity": one(v.SEVERITIES),
    "course.iga": st.integers(0, 4),
    "course.lesions_baseline": st.sampled_from((0, 40)),
    "course.lesions_now": st.sampled_from((11, 28, 29)),
    "course.prior_treatment_failed": some(v.FAILED_TREATMENTS),
    "course.previous.ended_on": near(55, 61),
    "course.previous.dispensed_mg_per_kg": st.sampled_from((119, 120)),
    "prescription.product": one(v.PRODUCTS),
    "prescription.daily_mg": st.sampled_from((8, 10, 20, 30, 40, 60, 70, 120, 130)),
    "prescription.days": st.sampled_from((7, 8, 28, 30, 31)),
    "prescription.doses_per_day": st.integers(1, 2),
    "prescription.issued_on": near(0, 3, 6),
    "prescription.lot_importer": st.sampled_from(("none", "dr_mori", "dr_abe")),
    "prescription.route": one(v.ROUTES),
    "dispense.step": one(v.STEPS),
    "dispense.days_supplied": st.sampled_from((27, 28, 29)),
    "checkin.items": st.builds(
        lambda name, grade: GRADES | {name: grade}, one(v.CHECKIN_ITEMS), st.integers(0, 4)
    ),
    "checkin.red_flags": some(v.RED_FLAGS, 2),
    "checkin.symptoms": some(v.SYMPTOMS, 2),
    "checkin.adherence.missed_doses": st.integers(0, 1),
    "programme.counselled_on": near(0, 30),
    "programme.comprehension_on": near(0),
    "programme.do_not_dispense_after": near(0),
    "programme.first_window": one(v.FIRST_WINDOWS),
    "programme.first_window_test_on": near(19),
    "plan.aesthetic": st.booleans(),
    "plan.price_yen": st.sampled_from((50000, 50001)),
    "plan.months": st.sampled_from((1, 2)),
}
PERSON = "patient.can patient.cannot patient.breast patient.aller course.status course.started"
READ_AT = {
    "intake": "patient. contraception.decl pregnancy_tests labs phq course. plan.",
    "prescribe": "patient. contraception. pregnancy_tests labs phq visit. prescriber. course."
    " prescription. programme. checkin.symptoms checkin.red_flags",
    "dispense": f"{PERSON} course.ended pregnancy_tests visit.on prescription. dispense."
    " programme.",
    "checkin": f"{PERSON} course.ended patient.procedures pregnancy_tests labs phq checkin.",
    "second_course": "course.",
}
CHANGED_AT = {
    purpose: [path for path in CHANGES if path.startswith(tuple(read.split()))]
    for purpose, read in READ_AT.items()
}


def leaves(facts, above=""):
    """Every fact of these, as a dotted path; a list is one fact."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


@st.composite
def patients(draw, at=tuple(READ_AT)):
    """Facts and the purpose at which they are asked, one of `at`.

    Chance picks who and what evenly; hypothesis would come back to the same few.
    """
    chance = draw(st.randoms(use_true_random=True))
    who, purpose = chance.choice([one for one in PEOPLE if one[1] in at])
    paths = CHANGED_AT[purpose]
    changed = chance.sample(paths, chance.randint(1, min(5, len(paths))))
    return given(who, {path: draw(CHANGES[path]) for path in changed}), purpose


def in_all_packs(facts, purpose, *, but=()):
    """The decision in each pack, as a rank; of all rules but these."""
    case = case_from_facts(facts, NOW)
    answers = [assess(case, load(pack), purpose) for pack in PACKS]
    return [decide(f for f in one.findings if f.rule not in but).rank for one in answers]
