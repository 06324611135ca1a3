"""Submitting: on the worklist, with what the rules say at that moment."""

import pytest

from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_prescription,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db


def test_a_draft_goes_on_the_worklist_with_a_decision():
    row = ready_prescription(status="draft")

    answer = do(row, "submit", by=physician_for(row))

    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "in_review"
    row.refresh_from_db()
    assert row.submitted_at == NOW
    decision = Decision.objects.get()
    assert (decision.moment, decision.decision, decision.asked_at) == ("submit", "clear", NOW)
    assert OutboxEvent.objects.get().type == "prescriptions.prescription.submitted"


def test_what_is_blocked_may_be_submitted_and_says_why():
    row = ready_prescription(patient_on_doxycycline(), status="draft")

    answer = do(row, "submit", by=physician_for(row))

    assert answer.status_code == 200
    decision = Decision.objects.get()
    assert decision.decision == "block"
    assert "C-11" in [finding["rule"] for finding in decision.findings]


def test_a_patient_about_whom_nothing_is_known_is_submitted_on_hold():
    row = PrescriptionFactory()

    assert do(row, "submit", by=physician_for(row)).status_code == 200
    assert Decision.objects.get().decision == "hold"


def test_a_returned_prescription_is_submitted_again():
    row = ready_prescription(status="returned", return_reason="dose", return_note="Less.")

    assert do(row, "submit", by=physician_for(row)).json()["status"] == "in_review"


def test_nothing_is_submitted_twice_or_on_a_halted_course():
    waiting = PrescriptionFactory(in_review=True)
    halted = PrescriptionFactory(course=CourseFactory(halted=True))

    assert do(waiting, "submit", by=physician_for(waiting)).json()["code"] == (
        "not_allowed_from_here"
    )
    assert do(halted, "submit", by=physician_for(halted)).json()["code"] == "course_halted"
