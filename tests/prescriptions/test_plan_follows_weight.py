"""Feature 101: a plan rests on the newest weight, and a change of a tenth is told (D-19)."""

import pytest

from tests.callers import Caller
from tests.factories.formulary import LotFactory, ProductFactory
from tests.factories.prescriptions import CourseFactory, ready_patient, ready_prescription
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db
TARGET = {"target_daily_mg_per_kg": "0.5", "target_cumulative_mg_per_kg": "120"}


@pytest.fixture
def course():
    """A planned course of a woman of 60 kg; the clinic holds 10 and 20 mg."""
    course = CourseFactory(patient=ready_patient(kg="60.0"))
    for strength in (10, 20):
        product = ProductFactory(clinic=course.patient.clinic, strength_mg=strength)
        LotFactory(product=product)
    return course


def plan(course):
    answer = Caller(physician_for(course)).post(f"/v1/courses/{course.ref}/plan_dose", TARGET)
    assert answer.status_code == 200, answer.content
    return answer.json()


def weigh(about, kg, taken_on="2026-03-10"):
    body = {"patient": about.patient.ref, "kg": kg, "taken_on": taken_on}
    answer = Caller(physician_for(about)).post("/v1/weights", body)
    assert answer.status_code == 201, answer.content


def rules_of(said):
    return {finding["rule"]: finding for finding in said["findings"]}


def test_the_plan_is_redrawn_by_the_newest_weight(course):
    before = plan(course)
    weigh(course, "80.0")
    after = plan(course)

    assert (before["weight_kg"], before["daily_mg"], before["days"]) == ("60", 30, 240)
    assert (after["weight_kg"], after["daily_mg"], after["days"]) == ("80", 40, 240)
    assert (after["weighed_on"], after["cumulative_mg"]) == ("2026-03-10", "9600")
    assert (before["ends_on"], after["ends_on"]) == ("2026-11-04", "2026-11-04")


@pytest.mark.parametrize(
    ("kg", "says", "daily_mg", "days"),
    [
        ("65.9", False, 30, 263),
        ("66.0", True, 30, 264),
        ("54.1", False, 20, 324),
        ("54.0", True, 20, 324),
    ],
)
def test_d_19_a_change_of_a_tenth_up_or_down_is_told_with_the_plan_that_follows_from_it(
    course, kg, says, daily_mg, days
):
    weigh(course, kg)

    said = plan(course)

    assert (said["daily_mg"], said["days"]) == (daily_mg, days)
    assert ("D-19" in rules_of(said)) is says
    if says:
        weight = rules_of(said)["D-19"]
        assert (weight["level"], weight["supplies"]) == ("warn", [1])
        assert weight["remedy"] == "Plan the dose again by the new weight."


def test_a_weight_before_the_newest_redraws_nothing(course):
    before = plan(course)
    weigh(course, "80.0", taken_on="2026-03-01")

    after = plan(course)

    assert (after["weight_kg"], after["daily_mg"]) == (before["weight_kg"], before["daily_mg"])
    assert "D-19" in rules_of(after)  # she lost a quarter in two days, or somebody mistyped


@pytest.mark.parametrize(("kg", "says"), [("57.1", []), ("57.2", ["warn"])])
def test_d_19_a_draft_by_the_old_weight_is_warned_of_before_it_is_signed(kg, says):
    row = ready_prescription()  # 52 kg
    weigh(row, kg)

    path = f"/v1/prescriptions/{row.ref}/assessment"
    findings = Caller(physician_for(row)).get(path).json()["findings"]

    assert [f["level"] for f in findings if f["rule"] == "D-19"] == says
