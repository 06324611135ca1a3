"""The physician's other pages: the day, a visit, a patient, a course, a prescription's draft."""

from datetime import timedelta

import pytest

from backend import clock
from backend.booking.models import Visit
from backend.prescriptions.models import Course, Prescription
from backend.records.models import Weight
from tests.factories import accounts
from tests.factories.booking import SLOT, VisitFactory
from tests.factories.prescriptions import CourseFactory, ready_patient, ready_prescription
from tests.portals.reader import Reader, queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def prescription():
    return ready_prescription(status="draft")


@pytest.fixture
def physician(prescription):
    return Reader(prescription.created_by)


def test_the_calendar_shows_the_visits_of_that_day_at_the_clinics_hours():
    visit = VisitFactory()
    reader = Reader(visit.physician)

    that_day = text_of(reader.get("/physician/calendar", day="2026-03-12"))
    another = text_of(reader.get("/physician/calendar", day="2026-03-13"))

    assert visit.patient.name in that_day
    assert "09:00" in that_day
    assert visit.patient.name not in another
    assert "No visits on this day" in another


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_not_found(day):
    visit = VisitFactory()

    assert Reader(visit.physician).get("/physician/calendar", day=day).status_code == 404


def test_a_visit_is_begun_and_completed_with_what_was_ticked():
    visit = VisitFactory(starts_at=clock.now())
    reader, page = Reader(visit.physician), f"/physician/visits/{visit.ref}"

    begun = reader.send(page, act="start", version=1, mode="video", kind="first", history="records")
    visit.refresh_from_db()
    completed = reader.send(page, act="complete", version=visit.version, done=["mood_asked"])

    visit.refresh_from_db()
    assert (begun.status_code, completed.status_code) == (303, 303)
    assert (visit.status, visit.mood_asked, visit.privacy_confirmed) == ("completed", True, None)


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_next_course_is_offered_only_after_a_decision(is_allowed):
    course = CourseFactory(ended=True)
    if is_allowed:
        Course.objects.update(next_course_allowed_at=clock.now())
    patient = ready_patient(patient=course.patient)
    physician = accounts.PhysicianFactory(clinic=patient.clinic)
    VisitFactory(patient=patient, physician=physician, completed=True)

    answer = Reader(physician).get(f"/physician/patients/{patient.ref}")

    said = text_of(answer)
    assert "Plan a course" in said
    assert ("Another course needs a recorded decision first" in said) is not is_allowed


def test_a_visit_that_changed_meanwhile_is_not_begun_over_it():
    visit = VisitFactory(starts_at=clock.now())

    answer = Reader(visit.physician).send(
        f"/physician/visits/{visit.ref}",
        act="start",
        version=7,
        mode="video",
        kind="first",
        history="records",
    )

    assert answer.status_code == 412
    assert Visit.objects.get().status == "booked"
    assert "changed since" in text_of(answer)


def test_the_room_opens_around_the_time_of_the_visit_for_its_physician_alone():
    visit = VisitFactory()
    colleague = accounts.PhysicianFactory(clinic=visit.patient.clinic)
    VisitFactory(patient=visit.patient, physician=colleague, starts_at=SLOT + timedelta(days=1))

    early = Reader(visit.physician).get(f"/physician/visits/{visit.ref}/join")
    another = Reader(colleague).get(f"/physician/visits/{visit.ref}/join")

    assert early.status_code == 409
    assert another.status_code in {403, 409}


def test_a_patient_whom_one_does_not_treat_is_not_shown():
    stranger = accounts.PatientFactory()
    physician = accounts.PhysicianFactory(clinic=stranger.clinic)
    elsewhere = accounts.PhysicianFactory()

    refused = Reader(physician).get(f"/physician/patients/{stranger.ref}")
    hidden = Reader(elsewhere).get(f"/physician/patients/{stranger.ref}")

    assert (refused.status_code, hidden.status_code) == (403, 404)
    assert "This record is closed to you" in refused.content.decode()
    assert "Timeline" not in refused.content.decode()


def test_a_weight_is_noted_on_the_patients_page(physician, prescription):
    patient = prescription.patient
    before = Weight.objects.filter(patient=patient).count()

    answer = physician.send(
        f"/physician/patients/{patient.ref}", act="weight", kg="52.5", taken_on="2026-03-10"
    )

    assert answer.status_code == 303
    assert Weight.objects.filter(patient=patient).count() == before + 1
    shown = text_of(physician.get(f"/physician/patients/{patient.ref}"))
    assert "It is in the record." in shown
    assert "52.5 kg" in shown


def test_a_weight_that_cannot_be_says_so_at_its_field_and_keeps_what_was_typed(
    physician, prescription
):
    answer = physician.send(
        f"/physician/patients/{prescription.patient.ref}",
        act="weight",
        kg="5.0",
        taken_on="2026-03-10",
    )

    assert answer.status_code in {400, 422}
    assert 'value="5.0"' in answer.content.decode()


def test_patients_are_found_by_how_the_name_is_read(physician, prescription):
    patient = prescription.patient

    found = text_of(physician.get("/physician/patients", name=patient.name_kana[:2]))
    other = text_of(physician.get("/physician/patients", name="ンンン"))

    assert patient.name in found
    assert patient.name not in other
    assert "Nobody found" in other


def test_a_plan_is_calculated_and_nothing_is_stored(physician, prescription):
    before = Prescription.objects.count()

    answer = physician.send(
        f"/physician/courses/{prescription.course.ref}/prescribe",
        act="plan",
        target_daily_mg_per_kg="0.5",
        target_cumulative_mg_per_kg="120",
        days_per_supply="30",
    )

    assert answer.status_code == 200, text_of(answer)
    assert "Supply" in text_of(answer)
    assert Prescription.objects.count() == before


def test_a_draft_is_changed_and_sent_to_review(physician, prescription):
    page = f"/physician/prescriptions/{prescription.ref}/draft"
    fields = {
        "visit": prescription.visit.ref,
        "product": prescription.product.ref,
        "lot": prescription.lot.ref,
        "daily_mg": 20,
        "days": 28,
        "doses_per_day": 1,
        "route": prescription.route,
        "priority": "normal",
    }

    changed = physician.send(page, act="update", version=prescription.version, **fields)
    prescription.refresh_from_db()
    submitted = physician.send(page, act="submit", version=prescription.version)

    prescription.refresh_from_db()
    assert (changed.status_code, submitted.status_code) == (303, 303), text_of(changed)
    assert (prescription.days, prescription.status) == (28, "in_review")


def test_a_course_is_halted_with_a_reason(physician, prescription):
    course = prescription.course

    answer = physician.send(
        f"/physician/courses/{course.ref}", act="halt", version=course.version, reason="mood"
    )

    assert answer.status_code == 303
    assert Course.objects.get(id=course.id).status == "halted"


def test_a_second_course_asks_who_decides_once_more():
    course = CourseFactory(patient=ready_patient(), ended=True)
    VisitFactory(patient=course.patient, physician=course.created_by.staff_member)
    reader, page = Reader(course.created_by, fresh=False), f"/physician/courses/{course.ref}"

    offered = text_of(reader.get(page))
    answer = reader.send(
        f"/physician/courses/{course.ref}",
        act="decide_second_course",
        version=course.version,
        decision="decline",
        iga=1,
        reason="well",
    )

    assert answer.status_code == 303
    assert answer["Location"].startswith("/account/reauthenticate/?next=/physician/courses/")
    assert "prove who you are once more" in offered


@pytest.mark.parametrize(
    "where",
    [
        "patients/{0.patient.ref}",
        "courses/{0.course.ref}",
        "courses/{0.course.ref}/prescribe",
        "prescriptions/{0.ref}/draft",
    ],
)
def test_a_page_asks_the_database_at_most_twelve_times(physician, prescription, where):
    path = "/physician/" + where.format(prescription)
    physician.get(path)

    answer, asked = queries_of(lambda: physician.get(path))

    assert answer.status_code == 200
    assert len(asked) <= 12, asked
