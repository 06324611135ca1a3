"""D- rules: each answer with the numbers that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import JP, MAN, US, WOMAN, ago, running


def dose(daily_mg, kg=60):
    return {"prescription.daily_mg": daily_mg, "patient.weights": [{"kg": kg, "on": ago(3)}]}


MICRONISED = {"prescription.product": "micronised"}

FULMINANS = {"patient.conditions": ["truncal_nodules", "sinus_tracts", "ibd"]}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("D-01", JP, MAN, "prescribe", dose(30, "59.9")), "warn dose=0.501, start=0.5"),
        (("D-02", JP, MAN, "prescribe", dose(30, "60.1")), "warn low dose=0.499"),
        (("D-02", JP, MAN, "prescribe", dose(60, "59.9")), "senior high dose=1.002"),
        (("D-03", JP, MAN, "prescribe", dose(140, "69.9")), "block dose=2.003, highest=2"),
        (("D-03", JP, MAN, "prescribe", dose(90) | {"course.iga": 4}), "senior dose=1.5"),
        (("D-03", JP, MAN, "prescribe", dose(90)), "hold dose=1.5"),
        (
            ("D-04", US, MAN, "prescribe", {"prescription.doses_per_day": 1}),
            "warn prescription.doses_per_day=1",
        ),
        (
            ("D-05", JP, running(MAN), "prescribe", dose(40) | {"course.taken_with_food": False}),
            "warn daily_mg=40, last_daily_mg=30",
        ),
        (
            ("D-06", US, running(MAN), "prescribe", dose(30) | MICRONISED),
            "block switch last_product=standard, product=micronised",
        ),
        (
            ("D-06", US, MAN, "prescribe", dose("96.6") | MICRONISED),
            "block too_high dose=1.61, highest=1.6",
        ),
        (
            ("D-06", US, MAN, "prescribe", dose("23.4") | MICRONISED),
            "warn dose=0.39, lowest=0.4, usual=0.8",
        ),
        (("D-07", JP, running(MAN, 168), "prescribe", {}), "senior days=168, limit=168"),
        (("D-07", US, running(MAN, 140), "prescribe", {}), "senior days=140, limit=140"),
        (
            ("D-08", JP, running(MAN), "prescribe", {"course.dispensed_mg": 8220}),
            "warn mg_per_kg=151, total_mg=9060",
        ),
        (
            ("D-08", JP, running(MAN), "prescribe", {"course.dispensed_mg": 12420}),
            "senior mg_per_kg=221, total_mg=13260",
        ),
        (
            ("D-09", US, running(MAN, 139), "prescribe", {"course.lesions_now": 11}),
            "counsel baseline=40, now=11",
        ),
        (("D-10", JP, MAN, "prescribe", dose(20)), "warn dose=0.333"),
        (
            ("D-11", JP, MAN, "prescribe", {"patient.conditions": ["ibd", "renal_severe"]}),
            "hold daily_mg=30, highest=10",
        ),
        (
            (
                "D-11",
                JP,
                running(MAN),
                "prescribe",
                {"patient.conditions": ["ibd", "renal_severe"]},
            ),
            "senior impaired conditions=renal_severe",
        ),
        (
            ("D-11", US, MAN, "prescribe", {"patient.conditions": ["renal_severe"]}),
            "warn impaired conditions=renal_severe",
        ),
        (
            ("D-13", JP, MAN, "prescribe", FULMINANS),
            "hold dose=0.5, risks=sinus_tracts, truncal_nodules",
        ),
        (
            ("D-13", JP, MAN, "prescribe", dose(20) | FULMINANS),
            "senior dose=0.333, risks=sinus_tracts, truncal_nodules",
        ),
        (
            ("D-14", JP, MAN, "prescribe", {"course.indication": "rosacea"}),
            "hold dose=0.5, highest=0.3",
        ),
        (
            ("D-14", JP, MAN, "prescribe", dose(30, 120) | {"course.indication": "rosacea"}),
            "senior dose=0.25, highest=0.3",
        ),
        (
            ("D-16", JP, MAN, "prescribe", {"prescription.product": "lidose"}),
            "hold product product=lidose",
        ),
        (("D-16", JP, MAN, "prescribe", dose(25)), "hold daily_mg=25, strengths=10/20/30"),
        (("D-17", JP, WOMAN, "prescribe", {"prescription.days": 31}), "block days=31"),
        (("D-17", JP, MAN, "dispense", {"prescription.days": 31}), "hold days=31"),
        (("D-18", JP, MAN, "prescribe", {"prescription.days": 31}), "hold days=31, highest=30"),
        (("D-18", US, MAN, "dispense", {"prescription.days": "7.5"}), "hold days=7.5, highest=30"),
        (("D-19", JP, MAN, "prescribe", {"patient.weights": []}), "hold none patient.weights=none"),
        (
            ("D-19", JP, MAN, "prescribe", {"patient.weights": [{"kg": 60, "on": ago(31)}]}),
            "hold old on=2026-05-15",
        ),
        (
            (
                "D-19",
                JP,
                MAN,
                "prescribe",
                {"patient.weights": [{"kg": 60, "on": ago(20)}, {"kg": 54, "on": ago(3)}]},
            ),
            "warn before_kg=60, kg=54",
        ),
    ],
)
def test_a_dose_or_a_supply_is_answered_with_the_numbers_that_decided(question, says):
    assert answers(*question) == says
