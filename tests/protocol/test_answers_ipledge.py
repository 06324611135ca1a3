"""P-US-: each answer with the tests, methods, records and days that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import MAN, US, US_2026, WOMAN, ago, pregnancy_test, running

LIGATION = {"patient.can_become_pregnant": False, "patient.cannot_reason": "tubal_ligation"}

MISSED = {"programme.first_window": "missed", "programme.first_window_test_on": ago(19)}


def methods(*listed):
    return {"contraception.methods": [{"code": code, "since": ago(days)} for code, days in listed]}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("P-US-01", US, WOMAN, "intake", LIGATION), "hold reason=tubal_ligation"),
        (
            (
                "P-US-02",
                US,
                MAN,
                "prescribe",
                {
                    "visit.consents": ["treatment"],
                    "programme.prescriber_certified": False,
                    "programme.patient_enrolled": False,
                },
            ),
            "block lacking=consent, patient, prescriber",
        ),
        (
            (
                "P-US-02",
                US,
                MAN,
                "dispense",
                {"programme.patient_enrolled": False, "programme.pharmacy_certified": False},
            ),
            "block lacking=patient, pharmacy",
        ),
        (
            ("P-US-03", US, WOMAN, "prescribe", methods(("iud_copper", 200))),
            "block not_enough methods=iud_copper",
        ),
        (
            ("P-US-03", US, WOMAN, "prescribe", methods(("iud_copper", 200), ("sponge", 3))),
            "block too_soon methods=iud_copper, sponge",
        ),
        (
            (
                "P-US-06",
                US,
                WOMAN,
                "prescribe",
                methods(("progestogen_only_pill", 200), ("withdrawal", 200)),
            ),
            "block methods=progestogen_only_pill, withdrawal",
        ),
        (
            (
                "P-US-06",
                US,
                running(WOMAN),
                "prescribe",
                methods(("iud_copper", 200), ("sponge", 200), ("female_condom", 200)),
            ),
            "counsel methods=female_condom",
        ),
        (
            (
                "P-US-07",
                US,
                WOMAN,
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(0), pregnancy_test(18)]},
            ),
            "block apart=19",
        ),
        (
            (
                "P-US-08",
                US,
                running(WOMAN),
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(1, setting="home")]},
            ),
            "block home taken_on=2026-06-14",
        ),
        (
            ("P-US-08", US, running(WOMAN), "dispense", {"pregnancy_tests": []}),
            "block none pregnancy_tests=none",
        ),
        (
            ("P-US-09", US, WOMAN, "dispense", {"pregnancy_tests": [pregnancy_test(8)]}),
            "block old last_on=2026-06-13, taken_on=2026-06-07",
        ),
        (
            ("P-US-09", US, WOMAN, "prescribe", {"pregnancy_tests": []}),
            "block none pregnancy_tests=none",
        ),
        (
            ("P-US-10", US, WOMAN, "prescribe", MISSED | {"pregnancy_tests": [pregnancy_test(1)]}),
            "block early first_on=2026-06-15, taken_on=2026-06-14",
        ),
        (
            (
                "P-US-10",
                US_2026,
                WOMAN,
                "prescribe",
                MISSED | {"pregnancy_tests": [pregnancy_test(1, setting="home")]},
            ),
            "block setting taken_on=2026-06-14",
        ),
        (
            ("P-US-10", US, WOMAN, "prescribe", MISSED | {"pregnancy_tests": []}),
            "block none pregnancy_tests=none, programme.first_window=missed",
        ),
        (
            ("P-US-11", US, MAN, "dispense", {"visit.on": ago(31)}),
            "block last_on=2026-06-13, visit_on=2026-05-15",
        ),
        (
            ("P-US-12", US, MAN, "prescribe", {"programme.counselled_on": ago(31)}),
            "hold counselled_on=2026-05-15",
        ),
        (
            ("P-US-13", US, WOMAN, "dispense", {"programme.comprehension_on": ago(1)}),
            "block questions answered_on=2026-06-14",
        ),
        (
            ("P-US-13", US, WOMAN, "dispense", {"programme.forms_match": False}),
            "block forms programme.forms_match=false",
        ),
        (
            (
                "P-US-14",
                US,
                MAN,
                "dispense",
                {"programme.rma_obtained": False, "programme.do_not_dispense_after": ago(2)},
            ),
            "block no_rma programme.rma_obtained=false | block late last_on=2026-06-13",
        ),
        (
            (
                "P-US-16",
                US,
                running(WOMAN),
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(2, "positive")]},
            ),
            "stop test taken_on=2026-06-13",
        ),
    ],
)
def test_ipledge_is_answered_with_what_decided(question, says):
    assert answers(*question) == says
