"""A result that arrives between check-ins stops the drug as an answer does."""

from datetime import date
from decimal import Decimal

import pytest

from backend import clock
from backend.followups.services.weigh_result import weigh_result
from backend.kernel.actor import job
from backend.prescriptions.models import Decision
from backend.worklist.models import Task
from tests.factories.prescriptions import NOW, CourseFactory, PrescriptionFactory, ready_patient
from tests.factories.records import (
    LabResultFactory,
    PhqScoreFactory,
    PregnancyTestFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db
RUNNING = {"status": "running", "started_on": date(2026, 2, 10)}
TRIGLYCERIDES = {"analyte": "triglycerides", "unit": "mg/dL", "uln": None, "fasting": True}
ALT = {"analyte": "alt", "unit": "U/L", "uln": Decimal(40)}
HALTING = {
    "positive test": (PregnancyTestFactory, {"positive": True}, "R-12"),
    "thoughts of dying": (PhqScoreFactory, {"suicidal": True}, "R-02"),
    "triglycerides of 800": (LabResultFactory, {**TRIGLYCERIDES, "value": Decimal(800)}, "L-13"),
    "triglycerides of 1000": (LabResultFactory, {**TRIGLYCERIDES, "value": Decimal(1000)}, "L-14"),
    "she breastfeeds": (
        StatementFactory,
        {"topic": "breastfeeding", "value": {"breastfeeding": True}},
        "C-03",
    ),
}
HARMLESS = {
    "triglycerides of 799": (LabResultFactory, {**TRIGLYCERIDES, "value": Decimal(799)}),
    "ALT above three times, unconfirmed": (LabResultFactory, {**ALT, "value": Decimal(121)}),
    "negative test": (PregnancyTestFactory, {}),
    "normal ALT": (LabResultFactory, {}),
    "well": (PhqScoreFactory, {}),
    "she does not breastfeed": (
        StatementFactory,
        {"topic": "breastfeeding", "value": {"breastfeeding": False}},
    ),
}


@pytest.fixture
def prescription():
    course = CourseFactory(patient=ready_patient(), **RUNNING)
    return PrescriptionFactory(course=course, approved=True)


def arrives(row, factory, traits):
    when = {"noted_at": NOW} if factory is StatementFactory else {"taken_on": date(2026, 3, 10)}
    result = factory(patient=row.patient, **when, **traits)
    return result, weigh(row, result)


def weigh(row, result):
    at = clock.now(row.patient)
    said = weigh_result(patient_id=row.patient.id, about_ref=result.ref, by=job("followups"), at=at)
    row.refresh_from_db()
    row.course.refresh_from_db()
    return said


@pytest.mark.parametrize(("factory", "traits", "rule"), HALTING.values(), ids=HALTING.keys())
def test_what_says_stop_halts_voids_and_calls_somebody(prescription, factory, traits, rule):
    result, said = arrives(prescription, factory, traits)

    task = Task.objects.get()
    assert said in {"stop", "urgent"}
    assert (prescription.course.status, prescription.course.halt_reason) == ("halted", rule)
    assert (prescription.status, prescription.void_reason) == ("voided", "course_halted")
    assert (task.priority, task.blocks_release, task.about_ref) == ("urgent", True, result.ref)
    assert Decision.objects.get(moment="result").decision == said


@pytest.mark.parametrize(("factory", "traits"), HARMLESS.values(), ids=HARMLESS.keys())
def test_what_says_less_changes_nothing(prescription, factory, traits):
    _, said = arrives(prescription, factory, traits)

    assert said is None
    assert (prescription.course.status, prescription.status) == ("running", "approved")
    assert not Task.objects.exists()


def test_a_result_halts_a_course_whose_first_capsule_is_still_at_the_counter():
    """L-13: stop, before the first dose too."""
    row = PrescriptionFactory(course=CourseFactory(patient=ready_patient()), approved=True)

    _, said = arrives(row, LabResultFactory, {**TRIGLYCERIDES, "value": Decimal(900)})

    assert (said, row.course.status, row.status) == ("stop", "halted", "voided")


def test_the_same_news_twice_and_news_about_what_is_dealt_with_are_one_alarm(prescription):
    result, _ = arrives(prescription, PregnancyTestFactory, {"positive": True})

    again = weigh(prescription, result)
    _, another = arrives(prescription, LabResultFactory, {})

    assert (again, another) == (None, None)
    assert Task.objects.count() == 1
    assert prescription.course.halts.count() == 1


def test_a_patient_without_a_course_has_nothing_to_stop():
    patient = ready_patient()
    result = PregnancyTestFactory(patient=patient, positive=True)

    said = weigh_result(
        patient_id=patient.id, about_ref=result.ref, by=job("followups"), at=clock.now(patient)
    )

    assert said is None
    assert not Task.objects.exists()
