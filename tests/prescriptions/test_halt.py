"""Halting: the drug is stopped and everything open is void, in one transaction."""

import pytest
from django.db import transaction

from backend.audit.models import AuditEntry
from backend.kernel.actor import Actor, Role, job
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import CourseHalt
from backend.prescriptions.steps.halt_course import halt_course
from tests.factories.prescriptions import NOW, CourseFactory, PrescriptionFactory
from tests.prescriptions.people import do_course, physician_for

pytestmark = pytest.mark.django_db
OPEN = ["draft", "in_review", "returned", "approved", "claimed", "partially_dispensed"]
CLOSED = ["declined", "cancelled", "dispensed", "expired", "rejected", "voided"]


@pytest.mark.parametrize("status", OPEN)
def test_a_halt_voids_the_open_prescription_whatever_its_state(status):
    course = CourseFactory(running=True)
    row = PrescriptionFactory(course=course, **{status: True})

    halt_course(course, reason_code="R-01", by=job("check_in"), at=NOW)

    row.refresh_from_db()
    assert (row.status, row.void_reason, row.voided_at) == ("voided", "course_halted", NOW)
    course.refresh_from_db()
    assert (course.status, course.halt_reason, course.halted_at) == ("halted", "R-01", NOW)
    voided = OutboxEvent.objects.get(type="prescriptions.prescription.voided")
    assert voided.payload["was"] == status
    assert OutboxEvent.objects.filter(type="prescriptions.course.halted").count() == 1
    assert AuditEntry.objects.filter(action="prescription.void_with_course").count() == 1


@pytest.mark.parametrize("status", CLOSED)
def test_what_is_closed_stays_as_it_was(status):
    course = CourseFactory(running=True)
    row = PrescriptionFactory(course=course, **{status: True})

    halt_course(course, reason_code="R-01", by=job("check_in"), at=NOW)

    row.refresh_from_db()
    assert row.status == status


def test_a_halt_keeps_its_findings_and_who_said_it():
    course = CourseFactory(running=True)
    finding = {"rule": "R-01", "level": "urgent"}
    patient = Actor(role=Role.PATIENT, label="patient:usr_test", patient_id=course.patient_id)

    halt_course(course, reason_code="R-01", findings=[finding], by=patient, at=NOW)

    kept = CourseHalt.objects.get()
    assert (kept.findings, kept.halted_by) == ([finding], "patient:usr_test")


@pytest.mark.parametrize("trait", ["halted", "ended", "cancelled"])
def test_a_second_alarm_never_fails_and_is_recorded(trait):
    course = CourseFactory(**{trait: True})

    halt_course(course, reason_code="R-12", by=job("check_in"), at=NOW)

    course.refresh_from_db()
    assert course.status == trait
    assert CourseHalt.objects.get().reason_code == "R-12"
    assert AuditEntry.objects.get(action="course.stop").facts["was"] == trait
    assert not OutboxEvent.objects.exists()


def test_a_course_may_be_halted_before_its_first_dose():
    course = CourseFactory()

    halt_course(course, reason_code="R-12", by=job("check_in"), at=NOW)

    course.refresh_from_db()
    assert (course.status, course.started_on) == ("halted", None)


def test_a_halt_stands_or_falls_with_the_act_around_it():
    course = CourseFactory(running=True)
    row = PrescriptionFactory(course=course, approved=True)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        halt_course(course, reason_code="R-01", by=job("check_in"), at=NOW)
        raise ZeroDivisionError

    row.refresh_from_db()
    course.refresh_from_db()
    assert (row.status, course.status) == ("approved", "running")


def test_a_physician_halts_over_the_api_with_a_coded_reason():
    course = CourseFactory(running=True)

    answer = do_course(course, "halt", {"reason": "laboratory"}, by=physician_for(course))

    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["halt_reason"]) == ("halted", "laboratory")
    assert AuditEntry.objects.filter(action="course.halt", object_ref=course.ref).exists()


def test_a_physician_does_not_halt_twice():
    course = CourseFactory(halted=True)

    answer = do_course(course, "halt", {"reason": "other"}, by=physician_for(course))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


@pytest.mark.django_db(transaction=True)
def test_a_halt_outside_a_transaction_is_a_mistake_of_ours():
    with pytest.raises(RuntimeError):
        halt_course(CourseFactory(running=True), reason_code="R-01", by=job("x"), at=NOW)
