"""A button appears exactly when the service would accept it, and says why not when it would not."""

import json
import re
import uuid
from typing import Any

import pytest

from backend.prescriptions.rules import CourseStatus, PrescriptionStatus
from tests.factories.care import physician_of
from tests.factories.prescriptions import (
    CourseFactory,
    ready_patient,
    ready_prescription,
)
from tests.factories.worklist import TaskFactory
from tests.portals.forms_seen import forms_on
from tests.portals.reader import Reader

pytestmark = pytest.mark.django_db

BODIES: dict[str, dict[str, Any]] = {
    "approve": {},
    "return": {"reason": "dose", "note": "20 mg"},
    "decline": {
        "reason": "interaction",
        "patient_text_ja": "今回は処方できません。",
        "patient_text_en": "Not this time.",
    },
    "submit": {},
    "cancel": {},
}
ON_THE_REVIEW = ("approve", "return", "decline")
ON_THE_DRAFT = ("update", "submit", "cancel")
COURSE_BODIES: dict[str, dict[str, Any]] = {
    "halt": {"reason": "mood"},
    "end": {"reason": "completed", "ended_on": "2026-03-10"},
    "cancel": {},
}
COURSES = {
    **{status.value: {status.value: True} for status in CourseStatus if status != "not_started"},
    "not_started": {},
    "halted before the first dose": {"halted": True, "started_on": None},
}


def accepted(reader: Reader, path: str, row: Any, body: dict[str, Any]) -> bool:
    """Whether the service does it."""
    token = reader.client.get("/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', token)
    answer = reader.client.post(
        path,
        json.dumps(body),
        content_type="application/json",
        headers={
            "X-CSRFToken": found[1],
            "Idempotency-Key": uuid.uuid4().hex,
            "If-Match": f'"{row.version}"',
        },
    )
    assert answer.status_code < 500, answer.content
    assert answer.status_code not in {400, 401, 403, 428}, answer.content
    return answer.status_code < 400


def content_of(row: Any) -> dict[str, Any]:
    """The same prescription for fewer days."""
    return {
        "visit": row.visit.ref,
        "product": row.product.ref,
        "lot": row.lot.ref,
        "daily_mg": row.daily_mg,
        "days": row.days - 10,
        "doses_per_day": row.doses_per_day,
        "route": row.route,
    }


def offered(answer: Any) -> dict[str, bool]:
    """By verb: whether a form on the page does it."""
    return {
        form.fields["act"]: form.can_be_pressed
        for form in forms_on(answer)
        if form.fields.get("act")
    }


@pytest.mark.parametrize("status", list(PrescriptionStatus))
@pytest.mark.parametrize("verb", [*ON_THE_REVIEW, *ON_THE_DRAFT])
def test_what_can_be_done_with_a_prescription_has_a_button_and_nothing_else_has(status, verb):
    prescription = ready_prescription(status=status.value, **{status.value: True})
    reader = Reader(physician_of(prescription.patient))
    part = "/draft" if verb in ON_THE_DRAFT else ""
    answer = reader.client.get(f"/physician/prescriptions/{prescription.ref}{part}", follow=True)

    found = offered(answer)

    body = BODIES[verb] if verb != "update" else content_of(prescription)
    would = accepted(reader, f"/v1/prescriptions/{prescription.ref}/{verb}", prescription, body)
    assert found.get(verb, False) is would


@pytest.mark.parametrize(
    "status", [s for s in PrescriptionStatus if s not in {"draft", "returned"}]
)
def test_what_cannot_be_done_says_why_not(status):
    prescription = ready_prescription(status=status.value, **{status.value: True})
    reader = Reader(physician_of(prescription.patient))
    page = reader.get(f"/physician/prescriptions/{prescription.ref}").content.decode()

    barred = re.findall(r'aria-disabled="true" aria-describedby="(\w+)"', page)

    assert (barred == []) is (status == "in_review")
    for name in barred:
        assert re.search(rf'id="{name}">[^<]{{10,}}<', page)
        assert status.value not in re.search(rf'id="{name}">([^<]+)<', page)[1]


@pytest.mark.parametrize("situation", COURSES)
@pytest.mark.parametrize("verb", COURSE_BODIES)
def test_what_can_be_done_with_a_course_has_a_button_and_nothing_else_has(situation, verb):
    course = CourseFactory(patient=ready_patient(), **COURSES[situation])
    reader = Reader(physician_of(course.patient))

    found = offered(reader.get(f"/physician/courses/{course.ref}"))

    would = accepted(reader, f"/v1/courses/{course.ref}/{verb}", course, COURSE_BODIES[verb])
    assert found.get(verb, False) is would


def test_a_blocked_prescription_cannot_be_approved_and_says_by_which_rule():
    prescription = ready_prescription(
        ready_patient(said={"medicines": {"medicines": [{"code": "doxycycline", "text": "x"}]}})
    )
    reader = Reader(physician_of(prescription.patient))
    answer = reader.get(f"/physician/prescriptions/{prescription.ref}")

    assert offered(answer).get("approve", False) is False
    why = re.search(r'id="why_approve">([^<]+)<', answer.content.decode())[1]
    assert "C-11" in why
    assert not accepted(reader, f"/v1/prescriptions/{prescription.ref}/approve", prescription, {})


@pytest.mark.parametrize(
    ("is_senior", "is_urgent", "would"),
    [(True, False, True), (False, False, False), (True, True, False)],
)
def test_a_halted_course_is_resumed_by_a_senior_once_nothing_urgent_waits(
    is_senior, is_urgent, would
):
    course = CourseFactory(patient=ready_patient(), halted=True)
    if is_urgent:
        TaskFactory(patient=course.patient, urgent=True)
    reader = Reader(physician_of(course.patient, is_senior=is_senior))

    answer = reader.get(f"/physician/courses/{course.ref}")

    assert offered(answer)["resume"] is would
    assert ('id="why_resume"' in answer.content.decode()) is not would
