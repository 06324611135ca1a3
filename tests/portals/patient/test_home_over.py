"""Today when the medicine is not taken any more: halted, or ended."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import followups, prescriptions, records
from tests.portals.patient.test_home import NOON, TODAY, home_of, patient_at
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def test_a_halt_is_the_first_thing_said_and_nothing_is_to_be_taken():
    patient = patient_at()
    prescriptions.CourseFactory(
        patient=patient, status="halted", halted_at=NOON, halt_reason="physician"
    )

    answer = Reader(patient).get("/me/")

    said = text_of(answer)
    assert said.index("Stop taking the medicine") < said.index("What happens next")
    assert "Take today" not in said
    assert f'href="tel:{patient.clinic.telephone.replace("-", "")}"' in answer.content.decode()


def test_a_halt_by_a_check_in_repeats_what_to_do_about_it():
    patient = patient_at(followups.DAY_7_AT)
    row = followups.make_followed(patient=patient)
    reader = Reader(patient)
    reader.send(
        f"/me/check-ins/{row.ref}",
        flags=["sjs"],
        rest_none="on",
        phq_1="0",
        phq_2="0",
        with_food="yes",
        missed_doses="0",
        contraception_kept="yes",
        wants_blood_donation="no",
    )

    said = text_of(reader.get("/me/"))

    assert "Stop taking the medicine" in said
    assert "call the emergency number at once" in said


def test_who_cannot_become_pregnant_is_not_told_to_prevent_it():
    patient = patient_at()
    prescriptions.CourseFactory(
        patient=patient, status="halted", halted_at=NOON, halt_reason="physician"
    )
    value = {"can_become_pregnant": False, "cannot_reason": "male"}
    records.StatementFactory(patient=patient, topic="pregnancy_potential", value=value)

    said = home_of(patient)

    assert "Do not give blood" in said
    assert "preventing pregnancy" not in said


@pytest.mark.parametrize(("on", "is_over"), [(date(2026, 12, 4), False), (date(2026, 12, 5), True)])
def test_after_the_end_prevention_goes_on_for_a_month(on, is_over):
    ended_on = date(2026, 11, 5)
    patient = patient_at(datetime.combine(on, NOON.time(), UTC))
    prescriptions.CourseFactory(
        patient=patient,
        status="ended",
        started_on=TODAY,
        ended_on=ended_on,
        end_reason="completed",
    )

    said = home_of(patient)

    assert "Your course has ended" in said
    assert ("Keep preventing pregnancy" in said) is not is_over


def test_after_the_end_the_decision_on_a_second_course_is_told():
    patient = patient_at(datetime(2027, 2, 1, 3, tzinfo=UTC))
    course = followups.FollowedCourseFactory(patient=patient, ended=True)
    followups.SecondCourseDecisionFactory(course=course)

    said = home_of(patient)

    assert "decided against another course for now" in said
    assert "軽い再燃" not in said
