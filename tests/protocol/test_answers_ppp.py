"""P-PP-: each answer with the tests, methods, records and days that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import EU, MAN, UK, WOMAN, ago, ended, pregnancy_test

LIGATION = {"patient.can_become_pregnant": False, "patient.cannot_reason": "tubal_ligation"}


def methods(*listed):
    return {"contraception.methods": [{"code": code, "since": ago(days)} for code, days in listed]}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            (
                "P-PP-01",
                EU,
                MAN,
                "intake",
                {"course.severity": "moderate", "course.prior_treatment_failed": ["topical"]},
            ),
            "hold failed=topical, severity=moderate",
        ),
        (
            ("P-PP-01", UK, MAN, "intake", {"course.prior_treatment_failed": []}),
            "hold failed=none, severity=severe",
        ),
        (
            ("P-PP-01", UK, MAN, "prescribe", {"course.no_other_treatment_attested": False}),
            "hold not_attested course.no_other_treatment_attested=false",
        ),
        (
            ("P-PP-02", EU, MAN, "prescribe", {"prescriber.retinoid_expert": False}),
            "hold prescriber.retinoid_expert=false",
        ),
        (
            ("P-PP-03", UK, WOMAN, "prescribe", methods(("injection", 200))),
            "hold not_enough methods=injection",
        ),
        (
            ("P-PP-03", UK, WOMAN, "prescribe", methods(("injection", 200), ("sponge", 3))),
            "hold too_soon methods=injection, sponge",
        ),
        (
            (
                "P-PP-04",
                UK,
                WOMAN,
                "prescribe",
                methods(("progestogen_only_pill", 200), ("sponge", 200)),
            ),
            "hold methods=progestogen_only_pill",
        ),
        (
            (
                "P-PP-04",
                UK,
                WOMAN,
                "prescribe",
                methods(("progestogen_only_pill", 200), ("implant", 200)),
            ),
            "counsel methods=progestogen_only_pill",
        ),
        (
            ("P-PP-05", UK, WOMAN, "prescribe", {"pregnancy_tests": [pregnancy_test(4)]}),
            "hold old first_on=2026-06-12, taken_on=2026-06-11",
        ),
        (
            (
                "P-PP-05",
                UK,
                WOMAN,
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(0, setting="home")]},
            ),
            "hold home result=negative, setting=home, taken_on=2026-06-15",
        ),
        (
            ("P-PP-05", UK, WOMAN, "prescribe", {"pregnancy_tests": []}),
            "hold none pregnancy_tests=none",
        ),
        (
            (
                "P-PP-05",
                UK,
                WOMAN,
                "prescribe",
                {"pregnancy_tests": [pregnancy_test(0, "pending")]},
            ),
            "hold not_negative result=pending, setting=clinic, taken_on=2026-06-15",
        ),
        (
            ("P-PP-06", UK, WOMAN, "dispense", {"prescription.issued_on": ago(7)}),
            "block issued_on=2026-06-08, last_on=2026-06-14",
        ),
        (("P-PP-07", UK, WOMAN, "intake", LIGATION), "hold reason=tubal_ligation"),
        (
            (
                "P-PP-07",
                UK,
                WOMAN,
                "prescribe",
                {"patient.can_become_pregnant": False, "patient.cannot_reason": "hysterectomy"},
            ),
            "hold undocumented patient.cannot_reason=hysterectomy, "
            "programme.exemption_documented=false",
        ),
        (
            ("P-PP-07", UK, WOMAN, "prescribe", {"programme.exemption_documented": True}),
            "warn programme.exemption_documented=true",
        ),
        (
            ("P-PP-08", EU, WOMAN, "prescribe", {"visit.consents": ["treatment"]}),
            "hold visit.consents=treatment",
        ),
        (
            (
                "P-PP-09",
                UK,
                MAN,
                "prescribe",
                {"visit.mood_asked": False, "visit.sexual_function_asked": False},
            ),
            "hold not_asked lacking=mood, sexual_function",
        ),
        (
            ("P-PP-09", EU, MAN, "prescribe", {"visit.sexual_function_asked": False}),
            "warn not_asked lacking=sexual_function",
        ),
        (
            ("P-PP-10", UK, MAN, "prescribe", {"visit.in_person_first_done": False}),
            "hold visit.in_person_first_done=false",
        ),
        (("P-PP-11", UK, MAN, "prescribe", {}), "counsel patient.cannot_reason=male"),
        (
            (
                "P-PP-12",
                EU,
                ended(WOMAN, 3),
                "checkin",
                {"pregnancy_tests": [pregnancy_test(2, "positive")]},
            ),
            "stop test taken_on=2026-06-13",
        ),
    ],
)
def test_the_european_programme_is_answered_with_what_decided(question, says):
    assert answers(*question) == says
