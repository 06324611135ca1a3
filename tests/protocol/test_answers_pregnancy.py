"""C-01 and P-JP-: each answer with the tests, methods and days that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import JP, MAN, WOMAN, ago, pregnancy_test, running

LIGATION = {"patient.can_become_pregnant": False, "patient.cannot_reason": "tubal_ligation"}


def methods(*listed):
    return {"contraception.methods": [{"code": code, "since": ago(days)} for code, days in listed]}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            ("C-01", JP, WOMAN, "prescribe", {"pregnancy_tests": [pregnancy_test(1, "pending")]}),
            "block test result=pending, taken_on=2026-06-14",
        ),
        (
            (
                "C-01",
                JP,
                WOMAN,
                "intake",
                {"patient.pregnant": True, "pregnancy_tests": [pregnancy_test(1, "indeterminate")]},
            ),
            "block says patient.pregnant=true "
            "| block test result=indeterminate, taken_on=2026-06-14",
        ),
        (("P-JP-01", JP, WOMAN, "intake", LIGATION), "hold reason=tubal_ligation"),
        (
            ("P-JP-02", JP, WOMAN, "prescribe", {"pregnancy_tests": [pregnancy_test(7)]}),
            "hold old last_on=2026-06-14, taken_on=2026-06-08",
        ),
        (
            ("P-JP-02", JP, WOMAN, "dispense", {"pregnancy_tests": []}),
            "hold none pregnancy_tests=none",
        ),
        (
            (
                "P-JP-03",
                JP,
                WOMAN,
                "prescribe",
                methods(("combined_pill", 200), ("withdrawal", 200)),
            ),
            "hold not_enough methods=combined_pill, withdrawal",
        ),
        (
            ("P-JP-03", JP, WOMAN, "prescribe", methods(("iud_copper", 3))),
            "hold too_soon methods=iud_copper",
        ),
        (("P-JP-04", JP, WOMAN, "prescribe", {}), "counsel course.status=not_started"),
        (
            (
                "P-JP-06",
                JP,
                WOMAN,
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(1, setting="home", coded=True)]},
            ),
            "hold first taken_on=2026-06-14",
        ),
        (
            (
                "P-JP-06",
                JP,
                running(WOMAN),
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(1, setting="home")]},
            ),
            "hold uncoded taken_on=2026-06-14",
        ),
        (
            (
                "P-JP-08",
                JP,
                running(WOMAN),
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(2, "positive")]},
            ),
            "stop test taken_on=2026-06-13",
        ),
        (
            ("P-JP-08", JP, running(MAN), "checkin", {"checkin.red_flags": ["pregnancy"]}),
            "stop reported checkin.red_flags=pregnancy",
        ),
    ],
)
def test_pregnancy_prevention_in_japan_is_answered_with_what_decided(question, says):
    assert answers(*question) == says
