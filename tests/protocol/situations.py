"""People and moments that the rule tests start from: everything in place, clear in every pack.

`levels(rule, who, purpose, {"patient.birth_on": ...})` is the short way to ask one rule about a
person with one thing changed.
"""

import copy
from datetime import UTC, date, datetime, timedelta

from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load

NOW = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)  # noon in Tokyo
TODAY = date(2026, 6, 15)
JP, US, US_2026, UK, UK_2023, EU = (
    "jp_house_2026",
    "us_ipledge_2023",
    "us_ipledge_2026",
    "uk_mhra_2026",
    "uk_mhra_2023",
    "eu_ppp_2018",
)
PACKS = (JP, US, US_2026, UK, UK_2023, EU)


def ago(days):
    """The day so many days ago, as JSON has it. Negative: to come."""
    return (TODAY - timedelta(days=days)).isoformat()


def given(base, changes=None, unset=()):
    """A copy of the facts with dotted paths changed and others removed (unknown)."""
    facts = copy.deepcopy(base)
    for path, value in (changes or {}).items():
        *sections, key = path.split(".")
        place = facts
        for section in sections:
            place = place.setdefault(section, {})
        place[key] = value
    for path in unset:
        *sections, key = path.split(".")
        place = facts
        for section in sections:
            place = place[section]
        del place[key]
    return facts


def asked(who, purpose, changes=None, *, pack=JP, unset=(), now=NOW):
    """The whole assessment."""
    return assess(case_from_facts(given(who, changes, unset), now), load(pack), purpose)


def levels(rule, who, purpose, changes=None, *, pack=JP, unset=(), now=NOW):
    """What one rule says: the levels of its findings, mildest first."""
    findings = asked(who, purpose, changes, pack=pack, unset=unset, now=now).of(rule)
    return [f.level.value for f in sorted(findings, key=lambda f: f.level.rank)]


def missing(rule, who, purpose, changes=None, *, pack=JP, unset=(), now=NOW):
    """The facts that one rule misses."""
    findings = asked(who, purpose, changes, pack=pack, unset=unset, now=now).of(rule)
    return {path for finding in findings for path in finding.missing}


def pregnancy_test(days_ago, result="negative", setting="clinic", **more):
    """A pregnancy test so many days ago."""
    return {"taken_on": ago(days_ago), "result": result, "setting": setting, **more}


def lab(analyte, value, days_ago=5, unit=None, **more):
    """A laboratory result in its usual unit; liver and CK with an upper limit of 40."""
    usual = {"alt": "U/L", "ast": "U/L", "ck": "U/L", "anc": "10^9/L"}.get(analyte, "mg/dL")
    uln = {} if usual != "U/L" else {"uln": 40}
    return (
        {"analyte": analyte, "value": value, "unit": unit or usual}
        | uln
        | {
            "taken_on": ago(days_ago),
            **more,
        }
    )


GOOD_LABS = [lab("alt", 25), lab("triglycerides", 88, fasting=True)]
DISCLOSED = [
    "unapproved",
    "import_route",
    "domestic_alternative",
    "overseas_safety",
    "relief_excluded",
    "content",
    "cost",
    "risks",
]

MAN = {
    "patient": {
        "zone": "Asia/Tokyo",
        "birth_on": "1993-02-01",
        "can_become_pregnant": False,
        "cannot_reason": "male",
        "weights": [{"kg": 60, "on": ago(3)}],
        "conditions": [],
        "family_history": [],
        "allergies": [],
        "medicines": [],
        "procedures": [],
        "activities": [],
    },
    "labs": GOOD_LABS,
    "phq": [{"on": ago(0), "phq2": 0, "phq9": 2, "item9": 0}],
    "visit": {
        "kind": "follow_up",
        "mode": "video",
        "on": ago(0),
        "video_seconds": 600,
        "history": "own_patient",
        "in_person_first_done": True,
        "care_plan_agreed": True,
        "identity_verified": True,
        "privacy_confirmed": True,
        "hospital_arranged": True,
        "mood_asked": True,
        "sexual_function_asked": True,
        "disclosures": DISCLOSED,
        "consents": [
            "treatment",
            "online_care",
            "personal_data",
            "ipledge",
            "acknowledgement_of_risk",
        ],
    },
    "prescriber": {"code": "dr_mori", "online_training_done": True, "retinoid_expert": True},
    "course": {
        "number": 1,
        "status": "not_started",
        "dispensed_mg": 0,
        "indication": "acne",
        "severity": "severe",
        "iga": 3,
        "scarring": False,
        "prior_treatment_failed": ["systemic_antibiotic", "topical"],
        "no_other_treatment_attested": True,
    },
    "prescription": {
        "product": "standard",
        "soya_oil": True,
        "daily_mg": 30,
        "days": 28,
        "doses_per_day": 2,
        "issued_on": ago(0),
        "lot_importer": "none",
        "route": "in_house",
        "voided": False,
    },
    "dispense": {
        "step": "hand_over",
        "identity_checked": True,
        "days_supplied": 28,
        "already_dispensed": False,
    },
    "programme": {
        "patient_enrolled": True,
        "prescriber_certified": True,
        "pharmacy_certified": True,
        "comprehension_on": ago(0),
        "forms_match": True,
        "counselled_on": ago(0),
        "home_test_opt_in": False,
        "exemption_documented": False,
        "rma_obtained": True,
        "do_not_dispense_after": ago(-3),
        "first_window": "none",
    },
    "plan": {"price_yen": 60000, "months": 2, "aesthetic": False, "no_refund_clause": False},
}
WOMAN = given(
    MAN,
    {
        "patient.can_become_pregnant": True,
        "patient.pregnant": False,
        "patient.breastfeeding": False,
        "contraception": {
            "methods": [
                {"code": "iud_copper", "since": ago(200)},
                {"code": "male_condom", "since": ago(200)},
            ],
            "abstinence": False,
            "declined": False,
        },
        "pregnancy_tests": [pregnancy_test(30, setting="laboratory"), pregnancy_test(0)],
    },
    unset=["patient.cannot_reason"],
)


def running(who, days=40):
    """The same person so many days after the first dose, up to date with everything."""
    return given(
        who,
        {
            "course.status": "running",
            "course.started_on": ago(days),
            "course.dispensed_mg": 840,
            "course.last_daily_mg": 30,
            "course.last_product": "standard",
            "course.taken_with_food": True,
            "course.day7_checkin_done": True,
            "course.lesions_baseline": 40,
            "course.lesions_now": 20,
            "checkin": {
                "items": dict.fromkeys(
                    (
                        *("lips", "skin", "eyes", "nose", "joints", "back"),
                        *("headache", "fatigue", "hair", "gut", "sun", "flare"),
                    ),
                    0,
                ),
                "red_flags": [],
                "symptoms": [],
                "adherence": {"with_food": True, "missed_doses": 0, "contraception_kept": True},
                "wants_blood_donation": False,
            },
        },
    )


def ended(who, days=10):
    """The same person so many days after the last dose."""
    return given(
        running(who, 150),
        {"course.status": "ended", "course.ended_on": ago(days)},
    )


SECOND_COURSE = {
    "patient": {"zone": "Asia/Tokyo"},
    "course": {
        "number": 2,
        "status": "not_started",
        "iga": 4,
        "scarring": False,
        "previous": {"ended_on": ago(120), "dispensed_mg_per_kg": 119},
    },
}
