"""Which numbers, levels and choices a pack must have; anything else does not load.

The unit of each number is part of the shape, so that a pack cannot quietly mean weeks.
"""

from collections.abc import Mapping

CONFIDENCES = frozenset({"H", "M", "L", "DESIGN"})
ALL = frozenset({"jp", "us", "uk", "eu"})
JP, US, UK, EU = ({"jp"}, {"us"}, {"uk"}, {"eu"})

# name: unit. Every pack has these.
NUMBERS: Mapping[str, str] = {
    # days and ages (X-)
    "month_at_least": "days",
    "adult_age": "years",
    "minimum_age": "years",
    # dose
    "start_dose": "mg/kg/day",
    "usual_dose_lowest": "mg/kg/day",
    "usual_dose_highest": "mg/kg/day",
    "highest_dose": "mg/kg/day",
    "severe_iga": "IGA",
    "long_course_from": "days",
    "cumulative_target_lowest": "mg/kg",
    "cumulative_warn_above": "mg/kg",
    "cumulative_senior_above": "mg/kg",
    "renal_start_highest": "mg/day",
    "fulminans_dose_below": "mg/kg/day",
    "rosacea_highest_dose": "mg/kg/day",
    "supply_highest": "days",
    "weight_age_highest": "days",
    "weight_change_from": "fraction",
    # contraindications
    "tetracycline_washout": "days",
    "inducer_washout": "days",
    "baseline_triglycerides_from": "mg/dL",
    "phq9_senior_from": "score",
    "phq_age_highest": "days",
    "phq2_positive_from": "score",
    "eye_surgery_distance": "months",
    "procedure_distance": "months",
    # laboratory
    "results_before_start": "months",
    "intensified_interval": "months",
    "triglycerides_per_mmol": "mg/dL per mmol/L",
    "cholesterol_per_mmol": "mg/dL per mmol/L",
    "triglycerides_counsel_from": "mg/dL",
    "triglycerides_warn_from": "mg/dL",
    "triglycerides_hold_from": "mg/dL",
    "triglycerides_stop_from": "mg/dL",
    "triglycerides_stop_from_mmol": "mmol/L",
    "triglycerides_urgent_from": "mg/dL",
    "halved_dose": "fraction",
    "liver_raised_above": "x ULN",
    "liver_hold_above": "x ULN",
    "liver_stop_above": "x ULN",
    "liver_confirmed_within": "days",
    "bilirubin_stop_above": "x ULN",
    "cholesterol_warn_from": "mg/dL",
    "ck_hold_above": "x ULN",
    "ck_urgent_above": "x ULN",
    "neutrophils_stop_below": "10^9/L",
    # check-ins
    "flare_watch": "days",
    "item_hold": "grade",
    "item_urgent": "grade",
    "item_sum_hold_from": "score",
    "phq9_urgent_from": "score",
    "phq9_hold_from": "score",
    "checkin_phq_age_highest": "days",
    # timeline
    "weak_response_from": "days",
    "weak_response_below": "fraction",
    "relapse_iga_from": "IGA",
    "third_course_from": "course",
}

# name: (unit, programmes). Only packs of these programmes have these.
NUMBERS_OF_SOME: Mapping[str, tuple[str, frozenset[str]]] = {
    "retreat_after_days": ("days", frozenset(JP | UK | EU)),
    "retreat_after_months": ("months", frozenset(US)),
    "breastfeeding_release": ("days", frozenset(US)),
    "test_window": ("days", frozenset(JP | US)),
    "visit_window": ("days", ALL),
    "peak_results_due_from": ("days", frozenset(JP | US)),
    "peak_results_taken_from": ("days", frozenset(JP | US)),
    "label_results_due_from": ("days", frozenset(UK | EU)),
    "label_results_taken_from": ("days", frozenset(UK | EU)),
    "label_results_interval": ("months", frozenset(UK | EU)),
    # JP
    "online_video_lowest": ("seconds", frozenset(JP)),
    "first_visit_supply_highest": ("days", frozenset(JP)),
    "day7_checkin_due_from": ("days", frozenset(JP)),
    "prescription_validity": ("days", frozenset(JP)),
    "contract_months_above": ("months", frozenset(JP)),
    "contract_price_above": ("JPY", frozenset(JP)),
    # US
    "micronised_lowest": ("mg/kg/day", frozenset(US)),
    "micronised_usual_highest": ("mg/kg/day", frozenset(US)),
    "micronised_highest": ("mg/kg/day", frozenset(US)),
    "early_stop_fall_above": ("fraction", frozenset(US)),
    "early_stop_before": ("days", frozenset(US)),
    "two_tests_apart": ("days", frozenset(US)),
    "lockout": ("days", frozenset(US)),
    "counselling_age_highest": ("days", frozenset(US)),
    # UK, EU
    "test_before_visit": ("days", frozenset(UK | EU)),
    "script_window": ("days", frozenset(UK | EU)),
}

# Rules whose level differs by pack.
LEVELS = frozenset({
    "C-07", "C-08", "C-09", "C-10", "C-11", "C-22", "C-25", "D-11", "J-04", "P-PP-09",
})  # fmt: skip

# name: whether texts (codes) or numbers are listed.
CHOICES: Mapping[str, type] = {
    "capsules_standard_mg": int,
    "capsules_micronised_mg": int,
    "products": str,
    "minors": str,
    "acknowledgement_of": str,
    "counselling_at": str,
    "first_window_missed": str,
    "rules_off": str,
}
# name: the codes that the rules know; a switch has exactly one of them.
SWITCHES: Mapping[str, frozenset[str]] = {
    "minors": frozenset({"nothing", "guardian", "guardian_and_senior", "second_prescriber"}),
    "acknowledgement_of": frozenset({"nobody", "can_and_not_exempt", "everyone"}),
    "counselling_at": frozenset({"never", "enrolment", "every_prescription"}),
    "first_window_missed": frozenset({"nothing", "lockout", "immediate_retest"}),
}
PRODUCTS = frozenset({"standard", "lidose", "micronised"})


def numbers_of(programme: str) -> dict[str, str]:
    """The names and units of the numbers that a pack of this programme must have."""
    some = {name: unit for name, (unit, of) in NUMBERS_OF_SOME.items() if programme in of}
    return dict(NUMBERS) | some
