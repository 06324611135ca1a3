"""What PostgreSQL refuses, whatever the code does."""

import pytest
from django.db import IntegrityError

from backend.prescriptions.models import Course, Prescription
from tests.factories.prescriptions import (
    NOW,
    TODAY,
    CourseFactory,
    DecisionFactory,
    PrescriptionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "trait", "change"),
    [
        ("course_status_known", None, {"status": "paused"}),
        ("course_number_from_1", None, {"number": 0}),
        ("course_indication_known", None, {"indication": "wrinkles"}),
        ("course_started_on_fits_status", None, {"status": "running"}),
        ("course_started_on_fits_status", None, {"started_on": TODAY}),
        ("course_started_on_fits_status", "running", {"started_on": None}),
        ("course_started_on_fits_status", "running", {"status": "cancelled"}),
        ("course_started_on_fits_status", "ended", {"started_on": None}),
        ("course_ended_with_day_and_reason", "running", {"status": "ended"}),
        ("course_ended_with_day_and_reason", "running", {"ended_on": TODAY}),
        ("course_ends_after_it_starts", "ended", {"ended_on": "2025-02-28"}),
        ("course_halted_at_when_halted", "running", {"status": "halted"}),
        ("course_halted_at_and_reason_together", "running", {"halted_at": NOW}),
        ("course_next_only_after_end", "running", {"next_course_allowed_at": NOW}),
    ],
)
def test_a_course_keeps_its_states(constraint, trait, change):
    course = CourseFactory(**({trait: True} if trait else {}))

    with pytest.raises(IntegrityError, match=constraint):
        Course.objects.filter(id=course.id).update(**change)


@pytest.mark.parametrize("trait", ["running", "halted", None])
def test_a_patient_has_one_open_course(trait):
    course = CourseFactory(**({trait: True} if trait else {}))

    with pytest.raises(IntegrityError, match="course_one_open_per_patient"):
        CourseFactory(patient=course.patient)


@pytest.mark.parametrize(
    ("constraint", "trait", "change"),
    [
        ("prescription_status_known", "draft", {"status": "lost"}),
        ("prescription_daily_mg_in_range", "draft", {"daily_mg": 0}),
        ("prescription_daily_mg_in_range", "draft", {"daily_mg": 201}),
        ("prescription_days_in_range", "draft", {"days": 0}),
        ("prescription_days_in_range", "draft", {"days": 31}),
        ("prescription_doses_per_day_known", "draft", {"doses_per_day": 3}),
        ("prescription_capsules_from_1", "draft", {"capsules": 0}),
        ("prescription_route_known", "draft", {"route": "post"}),
        ("prescription_priority_known", "draft", {"priority": 3}),
        ("prescription_dispensed_within_capsules", "claimed", {"dispensed_capsules": 31}),
        ("prescription_returned_within_dispensed", "dispensed", {"returned_capsules": 31}),
        ("prescription_decided_by_and_at_together", "in_review", {"decided_at": NOW}),
        ("prescription_signed_is_decided_and_dated", "in_review", {"status": "approved"}),
        ("prescription_signed_is_decided_and_dated", "in_review", {"status": "expired"}),
        ("prescription_issued_on_and_valid_until", "in_review", {"issued_on": TODAY}),
        ("prescription_declined_with_reason_and_words", "in_review", {"status": "declined"}),
        ("prescription_submitted_at_when_in_review", "draft", {"status": "in_review"}),
        ("prescription_voided_when_voided", "approved", {"status": "voided"}),
        ("prescription_voided_when_voided", "voided", {"status": "approved"}),
        ("prescription_void_reason_and_at_together", "approved", {"void_reason": "other"}),
        ("prescription_claim_has_pharmacy_and_end", "approved", {"status": "claimed"}),
        ("prescription_claim_has_pharmacy_and_end", "claimed", {"claim_lapses_at": None}),
    ],
)
def test_a_prescription_keeps_its_states(constraint, trait, change):
    row = PrescriptionFactory(**{trait: True})

    with pytest.raises(IntegrityError, match=constraint):
        Prescription.objects.filter(id=row.id).update(**change)


def test_a_window_never_closes_before_the_day_of_issue():
    row = PrescriptionFactory(in_review=True)

    with pytest.raises(IntegrityError, match="prescription_issued_on_and_valid_until"):
        Prescription.objects.filter(id=row.id).update(issued_on=TODAY, valid_until="2026-03-09")


@pytest.mark.parametrize("change", [{"dispensed_capsules": -1}, {"returned_capsules": -1}])
def test_capsules_are_never_negative(change):
    row = PrescriptionFactory(claimed=True)

    with pytest.raises(IntegrityError):
        Prescription.objects.filter(id=row.id).update(**change)


@pytest.mark.parametrize(
    "trait", ["draft", "in_review", "returned", "approved", "claimed", "partially_dispensed"]
)
def test_a_course_has_one_open_prescription(trait):
    row = PrescriptionFactory(**{trait: True})

    with pytest.raises(IntegrityError, match="prescription_one_open_per_course"):
        PrescriptionFactory(course=row.course)


@pytest.mark.parametrize("column", ["decided_by", "created_by"])
def test_nobody_prescribes_for_themselves(column):
    row = PrescriptionFactory(in_review=True)
    patient = row.patient.user
    change = {column: patient} | ({"decided_at": NOW} if column == "decided_by" else {})

    with pytest.raises(IntegrityError, match="nobody prescribes for themselves"):
        Prescription.objects.filter(id=row.id).update(**change)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("decision_purpose_known", {"purpose": "curiosity"}),
        ("decision_known", {"decision": "maybe"}),
    ],
)
def test_a_decision_speaks_the_words_of_the_rules(constraint, change):
    with pytest.raises(IntegrityError, match=constraint):
        DecisionFactory(**change)
