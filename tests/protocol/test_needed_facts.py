"""Section 11, fact by fact: in every pack exactly the needed facts hold when they are unknown."""

import pytest

from backend.protocol.vocabulary import CHECKIN_ITEMS
from tests.protocol.imagined import leaves
from tests.protocol.situations import (
    MAN,
    PACKS,
    SECOND_COURSE,
    WOMAN,
    asked,
    ended,
    running,
)

PACKS_OF = {
    "all": set(PACKS),
    "jp": {"jp_house_2026"},
    "us": {"us_ipledge_2023", "us_ipledge_2026"},
    "us_2023": {"us_ipledge_2023"},
    "uk": {"uk_mhra_2023", "uk_mhra_2026"},
    "uk_eu": {"uk_mhra_2023", "uk_mhra_2026", "eu_ppp_2018"},
}
CAN = "patient.can_become_pregnant patient.breastfeeding"
CANNOT = "patient.can_become_pregnant patient.cannot_reason"
ILL = (
    "patient.birth_on patient.conditions patient.family_history patient.allergies"
    " patient.medicines patient.procedures patient.activities phq course.status"
    " course.indication course.severity course.prior_treatment_failed"
)
INTAKE = {"all": f"patient.zone {ILL}", "jp": "plan.aesthetic"}
PRESCRIBE = {
    "all": f"patient.zone {ILL} patient.weights labs visit.mode visit.consents"
    " visit.identity_verified course.dispensed_mg prescription.product prescription.daily_mg"
    " prescription.days prescription.lot_importer",
    "jp": "visit.video_seconds visit.kind visit.care_plan_agreed visit.privacy_confirmed"
    " visit.hospital_arranged visit.disclosures prescriber.online_training_done",
    "us": "prescription.doses_per_day programme.patient_enrolled programme.prescriber_certified",
    "uk": "visit.in_person_first_done course.no_other_treatment_attested",
    "uk_eu": "visit.mood_asked visit.sexual_function_asked prescriber.retinoid_expert",
}
PRESCRIBE_CAN = {
    "all": f"{CAN} patient.pregnant contraception.declined contraception.methods pregnancy_tests",
    "jp": "contraception.abstinence",
    "us": "contraception.abstinence",
    "uk_eu": "visit.on",
}
PENDING = {"all": "course.number"}
RUNNING = {
    "all": "course.started_on course.last_daily_mg",
    "jp": "course.day7_checkin_done",
    "us": "course.last_product",
}
DAY_84 = {"all": "course.lesions_baseline course.lesions_now"}
DISPENSE = {
    "all": "patient.zone patient.allergies course.status prescription.days prescription.voided"
    " prescription.lot_importer prescription.issued_on dispense.step dispense.identity_checked"
    " dispense.days_supplied dispense.already_dispensed",
    "jp": "prescription.route",
    "us": "programme.patient_enrolled programme.pharmacy_certified programme.rma_obtained"
    " programme.do_not_dispense_after",
}
DISPENSE_CAN = {
    "all": f"{CAN} pregnancy_tests",
    "us": "programme.comprehension_on programme.forms_match",
}
VISIT_WINDOW = dict.fromkeys(("jp", "us_2023", "uk_eu"), "visit.on")
CHECKIN = {
    "all": "patient.zone patient.procedures labs phq course.status checkin.red_flags"
    " checkin.wants_blood_donation " + " ".join(f"checkin.items.{name}" for name in CHECKIN_ITEMS),
}
TAKING = {
    "all": "course.started_on checkin.adherence.with_food checkin.adherence.missed_doses",
}
PREVENTING = {"all": f"{CAN} pregnancy_tests checkin.adherence.contraception_kept"}
SECOND = {
    "all": "patient.zone course.number course.iga course.scarring course.previous.ended_on"
    " course.previous.dispensed_mg_per_kg",
}
SITUATIONS = {
    "intake of a man": (MAN, "intake", INTAKE, {"all": CANNOT}),
    "intake of a woman": (
        WOMAN,
        "intake",
        INTAKE,
        {"all": f"{CAN} patient.pregnant contraception.declined"},
    ),
    "first prescription of a man": (
        MAN,
        "prescribe",
        *(PRESCRIBE, PENDING, {"all": CANNOT, "us": "programme.counselled_on"}),
    ),
    "first prescription of a woman": (
        WOMAN,
        "prescribe",
        *(PRESCRIBE, PRESCRIBE_CAN, PENDING, {"us": "programme.first_window"}),
    ),
    "week 6 of a man": (
        running(MAN),
        "prescribe",
        *(PRESCRIBE, RUNNING, {"all": CANNOT, "us_2023": "programme.counselled_on"}),
    ),
    "week 6 of a woman": (running(WOMAN), "prescribe", PRESCRIBE, PRESCRIBE_CAN, RUNNING),
    "week 13 of a woman": (
        running(WOMAN, 90),
        "prescribe",
        *(PRESCRIBE, PRESCRIBE_CAN, RUNNING, DAY_84),
    ),
    "hand-over to a man": (MAN, "dispense", DISPENSE, VISIT_WINDOW, {"all": CANNOT}),
    "hand-over to a woman": (running(WOMAN), "dispense", DISPENSE, DISPENSE_CAN),
    "check-in of a man": (running(MAN), "checkin", CHECKIN, TAKING, {"all": CANNOT}),
    "check-in of a woman": (running(WOMAN), "checkin", CHECKIN, TAKING, PREVENTING),
    "after the course of a woman": (
        ended(WOMAN),
        "checkin",
        *(CHECKIN, PREVENTING, {"all": "course.ended_on"}),
    ),
    "two months after the course": (
        ended(MAN, 60),
        "checkin",
        *(CHECKIN, {"all": CANNOT}),
    ),
    "second course": (SECOND_COURSE, "second_course", SECOND),
}


def needed_in(pack, tables):
    return {
        path
        for table in tables
        for packs, paths in table.items()
        if pack in PACKS_OF[packs]
        for path in paths.split()
    }


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_needed_fact_holds_and_is_named_and_no_other_matters(situation, pack):
    who, purpose, *tables = SITUATIONS[situation]
    held = set()

    for path in set(leaves(who)):
        found = asked(who, purpose, pack=pack, unset=[path])
        if found.decision == "hold" and path in found.missing:
            held.add(path)
        else:
            assert found.decision == "clear", path

    assert held == needed_in(pack, tables)
