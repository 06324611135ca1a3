"""J- and W- rules: each answer with what the law or the pharmacy lacks."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import JP, MAN, UK, US, ago, running


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("J-04", JP, MAN, "prescribe", {"visit.mode": "chat"}), "block mode mode=chat"),
        (("J-04", UK, MAN, "prescribe", {"visit.mode": "phone"}), "hold mode mode=phone"),
        (
            ("J-04", JP, MAN, "prescribe", {"visit.video_seconds": 179}),
            "hold short lowest=180, seconds=179",
        ),
        (
            ("J-06", JP, MAN, "prescribe", {"visit.kind": "first", "visit.history": "none"}),
            "warn visit.history=none",
        ),
        (
            ("J-07", JP, MAN, "prescribe", {"visit.kind": "first", "visit.history": "none"}),
            "hold days=28, highest=7",
        ),
        (
            ("J-08", JP, running(MAN, 7), "prescribe", {"course.day7_checkin_done": False}),
            "hold course.day7_checkin_done=false",
        ),
        (
            ("J-09", JP, MAN, "prescribe", {"visit.care_plan_agreed": False}),
            "hold visit.care_plan_agreed=false",
        ),
        (
            ("J-10", JP, MAN, "prescribe", {"visit.consents": ["treatment", "personal_data"]}),
            "hold visit.consents=personal_data, treatment",
        ),
        (
            ("J-12", JP, MAN, "prescribe", {"visit.privacy_confirmed": False}),
            "hold visit.privacy_confirmed=false",
        ),
        (
            ("J-13", JP, MAN, "prescribe", {"visit.hospital_arranged": False}),
            "hold visit.hospital_arranged=false",
        ),
        (
            ("J-14", JP, MAN, "prescribe", {"prescriber.online_training_done": False}),
            "hold prescriber.online_training_done=false",
        ),
        (
            (
                "J-17",
                JP,
                MAN,
                "dispense",
                {"prescription.route": "pharmacy", "prescription.issued_on": ago(4)},
            ),
            "hold issued_on=2026-06-11, last_on=2026-06-14",
        ),
        (
            ("J-20", US, MAN, "prescribe", {"prescription.lot_importer": "dr_abe"}),
            "block unapproved importer=dr_abe",
        ),
        (
            (
                "J-20",
                JP,
                MAN,
                "dispense",
                {"prescription.lot_importer": "dr_abe", "prescription.route": "pharmacy"},
            ),
            "block importer importer=dr_abe, prescriber=dr_mori "
            "| block route importer=dr_abe, route=pharmacy",
        ),
        (
            (
                "J-21",
                JP,
                MAN,
                "prescribe",
                {"visit.disclosures": ["unapproved", "import_route", "cost", "risks", "content"]},
            ),
            "hold lacking=domestic_alternative, overseas_safety, relief_excluded",
        ),
        (
            ("J-22", JP, MAN, "intake", {"plan.aesthetic": True, "plan.no_refund_clause": True}),
            "hold months=2, price_yen=60000",
        ),
        (
            ("J-25", JP, MAN, "prescribe", {"visit.consents": ["treatment", "online_care"]}),
            "hold visit.consents=online_care, treatment",
        ),
        (
            ("W-02", JP, MAN, "dispense", {"visit.on": ago(30)}),
            "hold last_on=2026-06-14, visit_on=2026-05-16",
        ),
        (
            ("W-04", JP, MAN, "dispense", {"dispense.identity_checked": False}),
            "hold dispense.identity_checked=false",
        ),
        (
            ("W-05", JP, MAN, "dispense", {"dispense.days_supplied": 29}),
            "block prescribed=28, supplied=29",
        ),
        (
            ("W-05", JP, MAN, "dispense", {"dispense.days_supplied": 27}),
            "warn prescribed=28, supplied=27",
        ),
        (
            ("W-06", JP, MAN, "dispense", {"dispense.already_dispensed": True}),
            "block dispense.already_dispensed=true",
        ),
        (
            ("W-10", JP, MAN, "dispense", {"prescription.issued_on": ago(-1)}),
            "hold issued_on=2026-06-16",
        ),
    ],
)
def test_what_the_law_or_the_pharmacy_asks_is_answered_with_what_is_lacking(question, says):
    assert answers(*question) == says
