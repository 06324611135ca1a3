"""R-, A-, K- and T- rules: each answer with what was reported."""

import pytest

from backend.protocol.vocabulary import CHECKIN_ITEMS
from tests.protocol.answers import answers
from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    SECOND_COURSE,
    UK,
    US,
    WOMAN,
    ago,
    ended,
    pregnancy_test,
    running,
)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            ("R-01", JP, running(MAN), "checkin", {"checkin.red_flags": ["bih", "gut"]}),
            "urgent checkin.red_flags=bih, gut",
        ),
        (
            ("R-02", JP, running(MAN), "checkin", {"checkin.red_flags": ["mood"]}),
            "urgent checkin.red_flags=mood, score=0",
        ),
        (
            ("R-02", JP, running(MAN), "checkin", {"phq": [{"on": ago(9), "phq9": 1, "item9": 2}]}),
            "urgent checkin.red_flags=none, score=2",
        ),
        (
            (
                "R-12",
                JP,
                running(WOMAN),
                "dispense",
                {"pregnancy_tests": [pregnancy_test(2, "positive")]},
            ),
            "stop test taken_on=2026-06-13",
        ),
        (
            (
                "A-10",
                JP,
                running(MAN),
                "checkin",
                {"checkin.red_flags": ["hearing", "gut", "vision"]},
            ),
            "counsel rules=R-08, R-09",
        ),
        (
            ("A-11", US, running(MAN), "checkin", {"checkin.red_flags": ["bih"]}),
            "counsel rules=R-01",
        ),
        (
            ("A-12", UK, running(MAN), "checkin", {"checkin.red_flags": ["bih"]}),
            "counsel rules=R-01",
        ),
        (
            ("A-13", EU, running(MAN), "checkin", {"checkin.red_flags": ["bih"]}),
            "counsel rules=R-01",
        ),
        (
            ("K-01", JP, running(MAN), "checkin", {"checkin.red_flags": ["vision", "hearing"]}),
            "stop red rules=R-09, R-10",
        ),
        (
            (
                "K-02",
                JP,
                running(MAN),
                "checkin",
                {"checkin.items.joints": 4, "checkin.items.back": 4, "checkin.items.hair": 3},
            ),
            "urgent items=back, joints",
        ),
        (
            (
                "K-03",
                JP,
                running(MAN),
                "checkin",
                {"phq": [{"on": ago(1), "phq9": 15, "item9": 0}]},
            ),
            "urgent on=2026-06-14, score=15",
        ),
        (
            (
                "K-04",
                JP,
                running(MAN),
                "checkin",
                {"phq": [{"on": ago(1), "phq9": 14, "item9": 0}]},
            ),
            "hold on=2026-06-14, score=14",
        ),
        (
            (
                "K-05",
                JP,
                running(MAN),
                "checkin",
                {"checkin.items.joints": 4, "checkin.items.back": 3, "checkin.items.hair": 3},
            ),
            "hold items=back, hair",
        ),
        (
            (
                "K-06",
                JP,
                running(MAN),
                "checkin",
                {f"checkin.items.{name}": 2 for name in CHECKIN_ITEMS[:9]},
            ),
            "hold total=18",
        ),
        (("K-08", JP, running(MAN), "checkin", {"phq": []}), "hold none at_most_days=7"),
        (
            ("K-08", JP, running(MAN), "checkin", {"phq": [{"on": ago(8), "phq2": 0}]}),
            "hold old at_most_days=7, on=2026-06-07",
        ),
        (
            ("K-09", JP, running(MAN), "checkin", {"checkin.adherence.with_food": False}),
            "counsel food checkin.adherence.with_food=false",
        ),
        (
            ("K-09", JP, running(MAN), "checkin", {"checkin.adherence.missed_doses": 3}),
            "counsel missed missed=3",
        ),
        (
            (
                "K-10",
                JP,
                running(WOMAN),
                "checkin",
                {"checkin.adherence.contraception_kept": False},
            ),
            "stop checkin.adherence.contraception_kept=false, course.status=running",
        ),
        (
            ("C-23", JP, ended(MAN, 10), "checkin", {"checkin.wants_blood_donation": True}),
            "counsel ended release_on=2026-07-05",
        ),
        (("T-08", JP, ended(WOMAN, 30), "checkin", {}), "counsel release_on=2026-06-16"),
        (
            ("T-08", JP, ended(WOMAN, 31), "checkin", {"pregnancy_tests": [pregnancy_test(1)]}),
            "hold release_on=2026-06-15",
        ),
        (
            ("T-11", JP, running(MAN, 84), "prescribe", {"course.lesions_now": 29}),
            "senior baseline=40, now=29",
        ),
        (
            ("T-20", JP, SECOND_COURSE, "second_course", {"course.previous.ended_on": ago(55)}),
            "block ended_on=2026-04-21, first_on=2026-06-16",
        ),
        (
            (
                "T-20",
                US,
                SECOND_COURSE,
                "second_course",
                {"course.previous.ended_on": "2026-04-16"},
            ),
            "block ended_on=2026-04-16, first_on=2026-06-16",
        ),
        (
            ("T-21", JP, SECOND_COURSE, "second_course", {"course.iga": 2}),
            "block course.scarring=false, iga=2",
        ),
        (("T-22", JP, SECOND_COURSE, "second_course", {}), "counsel mg_per_kg=119"),
        (
            (
                "T-22",
                JP,
                SECOND_COURSE,
                "second_course",
                {"course.previous.dispensed_mg_per_kg": "120.50"},
            ),
            "warn mg_per_kg=120.5",
        ),
        (("T-24", JP, SECOND_COURSE, "second_course", {"course.number": 3}), "senior number=3"),
    ],
)
def test_what_the_course_shows_is_answered_with_what_was_reported(question, says):
    assert answers(*question) == says
