"""Feature 103 before the signature: a procedure that was noted blocks, and lets go on the day.

It is 10 March 2026 where the patient lives; 30 days of medicine would be taken to 8 April.
"""

from datetime import UTC, datetime

import pytest

from tests.callers import Caller
from tests.factories.prescriptions import ready_patient, ready_prescription
from tests.pharmacy.counter import approved_prescription, claim, client_of, set_clock
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
BEFORE_MIDNIGHT = datetime(2026, 3, 10, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
MIDNIGHT = datetime(2026, 3, 10, 15, tzinfo=UTC)


def note(row, *procedures):
    """What the clinic notes over the API: kind and day of each, booked ones too."""
    value = {"procedures": [{"kind": kind, "on": on} for kind, on in procedures]}
    body = {"patient": row.patient.ref, "topic": "procedures", "value": value}
    answer = Caller(physician_for(row)).post("/v1/statements", body)
    assert answer.status_code == 201, answer.content


def levels(row, rule):
    path = f"/v1/prescriptions/{row.ref}/assessment"
    findings = Caller(physician_for(row)).get(path).json()["findings"]
    return [finding["level"] for finding in findings if finding["rule"] == rule]


def approve(row):
    return do(row, "approve", by=physician_for(row))


@pytest.mark.parametrize("kind", ["lasik", "refractive_surgery"])
def test_c_22_eye_surgery_blocks_for_six_months_and_lets_go_at_midnight(kind):
    row = ready_prescription()
    note(row, (kind, "2025-09-11"))  # six months after is 11 March

    set_clock(row, BEFORE_MIDNIGHT)
    blocked, refused = levels(row, "C-22"), approve(row)
    set_clock(row, MIDNIGHT)

    assert (blocked, refused.status_code, refused.json()["code"]) == (["block"], 422, "not_clear")
    assert [f["rule"] for f in refused.json()["findings"] if f["level"] == "block"] == ["C-22"]
    assert levels(row, "C-22") == []
    assert approve(row).status_code == 200


@pytest.mark.parametrize(
    ("on", "days", "says"),
    [
        ("2026-10-08", 30, []),  # six months before is 8 April, the last day of the supply
        ("2026-10-07", 30, ["block"]),
        ("2026-10-07", 29, []),
    ],
)
def test_c_22_surgery_that_is_booked_blocks_a_supply_that_reaches_into_its_six_months(
    on, days, says
):
    row = ready_prescription(days=days)
    note(row, ("lasik", on))

    assert levels(row, "C-22") == says
    assert approve(row).status_code == (422 if says else 200)


def test_c_22_surgery_that_is_put_off_blocks_no_more():
    row = ready_prescription()
    note(row, ("lasik", "2026-06-01"))
    booked = approve(row).status_code
    note(row, ("lasik", "2027-06-01"))

    assert (booked, approve(row).status_code) == (422, 200)


def test_c_22_nobody_signs_eye_surgery_off_in_japan():
    row = ready_prescription()
    note(row, ("lasik", "2025-12-24"))

    answer = do(row, "sign_off", {"rule": "C-22", "reason": "She insists."}, by=physician_for(row))

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_sign_off")
    assert approve(row).status_code == 422


def test_procedures_that_nobody_asked_about_hold():
    row = ready_prescription(ready_patient(without=["procedures"]))

    held = [levels(row, rule) for rule in ("C-22", "C-24", "C-25")]
    note(row)

    assert held == [["hold"]] * 3
    assert approve(row).status_code == 200


@pytest.mark.parametrize("kind", ["waxing", "dermabrasion", "ablative_laser"])
def test_c_24_a_wounding_procedure_from_today_on_is_warned_of_and_yesterdays_is_not(kind):
    row = ready_prescription()
    note(row, (kind, "2026-03-10"))
    today = levels(row, "C-24")
    note(row, (kind, "2026-03-09"))

    assert (today, levels(row, "C-24")) == (["warn"], [])
    assert approve(row).status_code == 200


@pytest.mark.parametrize(
    "kind", ["superficial_peel", "non_ablative_laser", "vascular_laser", "hair_removal_laser"]
)
def test_c_25_a_milder_procedure_asks_for_a_second_physician_in_japan(kind):
    row = ready_prescription()
    note(row, (kind, "2026-03-10"))
    before = approve(row)
    signed = do(row, "sign_off", {"rule": "C-25", "reason": "Mild."}, by=physician_for(row))

    assert (before.status_code, before.json()["decision"]) == (422, "senior")
    assert (signed.status_code, approve(row).status_code) == (200, 200)


def test_c_22_surgery_that_is_noted_after_the_approval_voids_it_at_the_counter():
    row = approved_prescription()
    note(row, ("lasik", "2026-06-01"))

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (409, "facts_changed")
    assert (row.status, row.void_reason) == ("voided", "facts_changed")
