"""What the issue promises somebody in treatment, promise by promise, read from its text alone."""

import re
from datetime import UTC, date, datetime

import pytest

from backend.followups.models import CheckIn
from backend.worklist.models import Task
from tests.factories.accounts import PatientFactory
from tests.factories.care import physician_of
from tests.factories.followups import DAY_7_AT, FollowUpFactory, make_followed
from tests.factories.pharmacy import DispenseFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.portals.forms_seen import forms_on, press
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_treatment():
    """Day 7 of a first course: 30 capsules of 20 mg were handed over on the first day."""
    patient = PatientFactory(on_clock=True, test_clock__frozen_at=DAY_7_AT)
    check_in = make_followed(patient=patient)
    course = check_in.course
    prescription = PrescriptionFactory(course=course, claimed=True)
    DispenseFactory(prescription=prescription, capsules=30)
    type(prescription).objects.filter(id=prescription.id).update(status="dispensed")
    return check_in


def test_my_course_says_what_to_take_today_and_what_comes_next(in_treatment):
    in_treatment.status = "missed"
    in_treatment.save(update_fields=["status"])
    FollowUpFactory(
        plan=in_treatment.follow_up.plan,
        occurrence=14,
        local_date=date(2026, 3, 24),
        due_at=datetime(2026, 3, 24, tzinfo=UTC),
    )
    reader = Reader(in_treatment.patient)

    said = text_of(reader.get("/me/")) + text_of(reader.get("/me/course"))

    assert re.search(r"Take today 1 capsule .*20 mg a day", said)
    assert re.search(r"Next check-in 24 March 2026", said)
    assert re.search(r"Pregnancy test before the next supply 2 Apr 2026 – 8 Apr 2026", said)


def test_my_course_shows_the_dose_so_far_against_the_target(in_treatment):
    course = Reader(in_treatment.patient).get("/me/course")

    said = text_of(course)
    assert "12 mg/kg" in said
    assert "600 mg" in said
    assert "target of 120 to 150 mg per kg" in said
    assert "10 March 2026 11.5" in said
    assert "Target from: 120 mg/kg" in said
    assert re.search(r"<(progress|svg|meter)\b[^>]*dose", course.content.decode())


def test_my_course_says_what_to_expect_when(in_treatment):
    said = text_of(Reader(in_treatment.patient).get("/me/course"))

    assert re.search(r"Weeks 1 and 2 now Acne may flare", said)
    assert re.search(r"From month 1 .{0,40}effect", said)


ALL_IS_WELL = {
    "rest_none": "on",
    "phq_1": "0",
    "phq_2": "0",
    "with_food": "yes",
    "missed_doses": "0",
    "contraception_kept": "yes",
    "wants_blood_donation": "no",
}


def test_a_red_flag_says_at_once_what_to_do_and_whom_to_call(in_treatment):
    reader = Reader(in_treatment.patient)
    address = f"/me/check-ins/{in_treatment.ref}"
    form = forms_on(reader.get(address))[0]

    answer = press(reader, address, form, flags=["bih"], **ALL_IS_WELL)

    said, page = text_of(answer), answer.content.decode()
    assert "Stop the medicine now and go to an emergency department" in said
    assert "crisis line" not in said
    assert 'href="tel:119"' in page
    assert re.search(r'href="tel:03-?0000-?0000"', page)
    assert CheckIn.objects.get(id=in_treatment.id).answers["red_flags"] == ["bih"]
    assert Task.objects.filter(patient=in_treatment.patient, priority="urgent").exists()


def test_a_red_flag_has_its_advice_beside_it_before_anything_is_sent(in_treatment):
    page = Reader(in_treatment.patient).get(f"/me/check-ins/{in_treatment.ref}").content.decode()

    parts = re.split(r'(?=<input type="checkbox" name="flags")', page)[1:]

    assert len(parts) == 12
    for part in parts:
        beside = part.split("<fieldset")[0]
        assert re.search(r'href="tel:[0-9-]+"', beside), part[:200]


def test_a_check_in_without_trouble_is_answered_by_one_form(in_treatment):
    reader = Reader(in_treatment.patient)
    address = f"/me/check-ins/{in_treatment.ref}"
    form = forms_on(reader.get(address))[0]

    answer = press(reader, address, form, nothing="on", **ALL_IS_WELL)

    assert answer.status_code == 200
    assert CheckIn.objects.get(id=in_treatment.id).status == "answered"
    assert "tel:119" not in answer.content.decode()


def test_the_patient_reads_who_looked_at_the_record_and_when():
    patient = PatientFactory(on_clock=True)
    physician = physician_of(patient, name="高橋 医師")
    assert "高橋 医師" not in text_of(Reader(patient).get("/me/record-accesses"))
    Reader(physician).get(f"/physician/patients/{patient.ref}")

    seen = Reader(patient).get("/me/record-accesses")

    line = next(
        part for part in seen.content.decode().split('<li class="card') if "高橋 医師" in part
    )
    assert re.search(r'<time datetime="20', line)
