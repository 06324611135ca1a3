"""What the issue promises on the review page, promise by promise, read from its text alone."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from backend import clock
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription
from tests.factories.booking import NOW
from tests.factories.care import physician_of
from tests.factories.followups import (
    DAY_7_AT,
    CheckInFactory,
    FollowedCourseFactory,
    FollowUpFactory,
    PlanFactory,
    answers,
)
from tests.factories.pharmacy import DispenseFactory
from tests.factories.prescriptions import (
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.records import LabResultFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def review_of(prescription: Prescription) -> str:
    return f"/physician/prescriptions/{prescription.ref}"


def with_high_fat() -> Prescription:
    prescription = ready_prescription()
    LabResultFactory(patient=prescription.patient, high_triglycerides=True, value=Decimal(820))
    return prescription


SITUATIONS = {
    "clear": ready_prescription,
    "senior": lambda: ready_prescription(
        ready_patient(said={"conditions": {"conditions": ["depression"]}})
    ),
    "hold": lambda: ready_prescription(ready_patient(without=("phq",))),
    "block": lambda: ready_prescription(patient_on_doxycycline()),
    "stop": with_high_fat,
}
WORDS = {
    "clear": "Clear",
    "senior": "second physician",
    "hold": "On hold",
    "block": "Blocked",
    "stop": "Stop",
}


@pytest.mark.parametrize("level", SITUATIONS)
def test_every_gate_is_a_row_with_rule_evidence_source_and_remedy(level):
    prescription = SITUATIONS[level]()
    physician = physician_of(prescription.patient)
    now = clock.now(prescription.patient)
    assessment, _case = assess_prescription(prescription, prescriber=physician, at=now)
    assert assessment.decision.value == level

    page = Reader(physician).get(review_of(prescription)).content.decode()

    heading = re.search(r'<h2 id="gates">.*?</h2>', page, re.DOTALL)[0]
    assert WORDS[level].lower() in heading.lower()
    rows = [unescape(re.sub(r"<[^>]+>", " ", row)) for row in page.split("data-row")[1:]]
    for finding in assessment.findings:
        row = next(row for row in rows if re.search(rf"\b{finding.rule} ", row))
        assert finding.message.en in row
        assert finding.source in row
        assert finding.remedy is None or finding.remedy.en in row
        for fact, _value in finding.evidence:
            assert fact in row


def test_a_gate_that_is_clear_is_named_too():
    prescription = ready_prescription()

    said = text_of(Reader(physician_of(prescription.patient)).get(review_of(prescription)))

    assert re.search(r"Pregnancy test within its window P-JP-02", said)
    assert re.search(r"Other medicines, and one source only.{0,40}C-11", said)


def test_the_dose_curve_and_its_table_say_the_same_against_the_target():
    course = FollowedCourseFactory(patient=ready_patient())
    filled = PrescriptionFactory(course=course, claimed=True)
    DispenseFactory(prescription=filled, capsules=30, handed_over_at=NOW - timedelta(days=30))
    Prescription.objects.filter(id=filled.id).update(status="dispensed")
    prescription = ready_prescription(course=course)

    page = panels_of(prescription)

    curve = json.loads(re.search(r'<script id="chart-dose"[^>]*>(.*?)</script>', page)[1])
    drawn = [[f"{v:.1f}" for v in s["values"] if v is not None] for s in curve["series"]]
    table = re.search(r"<table>.*?</table>", page.split('data-chart="chart-dose"')[1], re.DOTALL)
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in table[0].split("<tr>")[2:]]
    said = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
    assert said == drawn
    assert drawn[1][-1] == f"{1200 / 52:.1f}"
    assert [line["at"] for line in curve["thresholds"]] == [120, 150]
    assert "120 mg/kg" in page
    assert "150 mg/kg" in page


def test_symptoms_and_mood_are_a_map_and_a_table_over_the_check_ins():
    course = FollowedCourseFactory(patient=ready_patient())
    plan = PlanFactory(course=course)
    for day, lips, mood in ((7, 1, 0), (14, 3, 4)):
        CheckInFactory(
            follow_up=FollowUpFactory(plan=plan, done=True, occurrence=day),
            day=day,
            answered=True,
            opened_at=DAY_7_AT + timedelta(days=day - 7),
            answered_at=DAY_7_AT + timedelta(days=day - 7, hours=1),
            answers=answers(items={"lips": lips}, phq2=mood),
        )
    prescription = ready_prescription(course=course)

    page = panels_of(prescription)

    symptoms = page.split('id="panel-symptoms"')[1]
    table = re.search(r"<table.*?</table>", symptoms, re.DOTALL)[0]
    lips = re.search(r"<tr[^>]*>\s*<th[^>]*>Dry lips.*?</tr>", table, re.DOTALL)[0]
    assert re.findall(r">\s*([0-4])\b", lips) == ["1", "3"]
    mood = re.search(r"<tr[^>]*>\s*<th[^>]*>[^<]*PHQ-2.*?</tr>", table, re.DOTALL)[0]
    assert re.findall(r">\s*([0-6])\b", mood) == ["0", "4"]


def panels_of(prescription: Prescription) -> str:
    """The panels, by the address that the review page names."""
    reader = Reader(physician_of(prescription.patient))
    review = reader.get(review_of(prescription)).content.decode()
    address = re.search(r'<a href="([^"]+/panels)"', review)[1]
    return reader.get(address).content.decode()


def test_laboratory_values_stand_beside_their_thresholds():
    prescription = with_high_fat()

    page = Reader(physician_of(prescription.patient)).get(review_of(prescription)).content.decode()

    chart = json.loads(
        re.search(r'<script id="chart-lab-triglycerides"[^>]*>(.*?)</script>', page)[1]
    )
    assert chart["series"][0]["values"] == [90.0, 820.0]
    assert {(t["tone"], t["at"]) for t in chart["thresholds"]} >= {("hold", 500), ("stop", 800)}
    table = page.split('data-chart="chart-lab-triglycerides"')[1].split("</figure>")[0]
    assert re.findall(r"<td>([0-9.]+)</td>", table) == ["90.0", "820.0"]
    assert "500 mg/dL" in table
    assert "800 mg/dL" in table


def test_the_pregnancy_window_says_until_when_a_test_counts():
    prescription = ready_prescription()

    said = text_of(Reader(physician_of(prescription.patient)).get(review_of(prescription)))

    assert "Valid until 15 March 2026: 6 days left" in said
    assert "9 March 2026: negative" in said
