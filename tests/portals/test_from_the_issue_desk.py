"""What the issue promises the physician, promise by promise, read from its text alone."""

import re
from datetime import timedelta

import pytest

from backend.followups.models import SecondCourseDecision
from backend.prescriptions.models import Prescription
from tests.factories.accounts import PatientFactory
from tests.factories.booking import NOW, VisitFactory
from tests.factories.care import physician_of, treats
from tests.factories.prescriptions import (
    CourseFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.worklist import TaskFactory
from tests.portals.forms_seen import form_with, forms_on, press
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db

REASONS = {
    "return": {"reason": "dose", "note": "20 mgにしてください。"},
    "decline": {
        "reason": "interaction",
        "patient_text_ja": "今回は処方できません。",
        "patient_text_en": "Not this time.",
    },
}


def review_of(prescription: Prescription) -> str:
    return f"/physician/prescriptions/{prescription.ref}"


def test_the_queue_puts_the_urgent_first_and_then_who_waited_longest():
    clinic = ready_prescription(submitted_at=NOW - timedelta(hours=1)).clinic
    for name, hours, priority in (("late", 30, 2), ("urgent", 2, 1), ("early", 5, 2)):
        ready_prescription(
            PatientFactory(clinic=clinic, on_clock=True, name=name),
            submitted_at=NOW - timedelta(hours=hours),
            created_at=NOW - timedelta(hours=hours + 1),
            priority=priority,
        )
    physician = physician_of(Prescription.objects.first().patient)

    page = Reader(physician).get("/physician/").content.decode()

    rows = re.findall(r"<tr data-row.*?</tr>", page, re.DOTALL)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]
    assert [next((n for n in ("urgent", "late", "early") if n in row), "") for row in said] == [
        "urgent",
        "late",
        "early",
        "",
    ]
    assert "Urgent" in said[0]
    assert "2 h" in said[0]
    assert "/ 4 h" in said[0]
    assert re.search(r"1 d 6 h|30 h", said[1])
    assert "/ 1 d" in said[1]
    assert re.search("late|overdue|past", said[1].replace("late 24 y", ""), re.IGNORECASE)


def test_each_row_of_the_queue_says_why_it_is_here():
    prescription = ready_prescription(patient_on_doxycycline(), status="draft", draft=True)
    author = Reader(prescription.created_by)
    draft = f"{review_of(prescription)}/draft"
    sent = press(author, draft, form_with(author.get(draft), act="submit"))
    assert sent.status_code == 200, text_of(sent)

    page = author.get("/physician/").content.decode()

    why = re.search(r'<td class="why">.*?</td>', page, re.DOTALL)[0]
    assert "C-11" in why
    assert "Blocked" in why
    assert "First prescription" in why


def test_an_approval_asks_for_the_proof_again_and_only_then_signs():
    prescription = ready_prescription()
    physician = physician_of(prescription.patient)
    body = {"act": "approve", "version": str(prescription.version)}

    asked = Reader(physician, fresh=False).send(review_of(prescription), **body)

    assert asked.status_code == 302
    assert "/account/reauthenticate" in asked["Location"]
    assert Prescription.objects.get(id=prescription.id).status == "in_review"
    Reader(physician).send(review_of(prescription), **body)
    assert Prescription.objects.get(id=prescription.id).status == "approved"


@pytest.mark.parametrize(("verb", "status"), [("return", "returned"), ("decline", "declined")])
def test_a_return_and_a_decline_carry_a_coded_reason(verb, status):
    prescription = ready_prescription()
    reader = Reader(physician_of(prescription.patient))
    form = form_with(reader.get(review_of(prescription)), act=verb)
    said = REASONS[verb]

    freely = press(reader, review_of(prescription), form, **{**said, "reason": "my own words"})
    assert freely.status_code == 422
    assert Prescription.objects.get(id=prescription.id).status == "in_review"
    done = press(reader, review_of(prescription), form, **said)

    row = Prescription.objects.get(id=prescription.id)
    assert done.status_code == 200
    assert row.status == status
    assert said["reason"] in form.choices["reason"]
    assert len(form.choices["reason"]) > 4
    assert getattr(row, f"{verb}_reason") == said["reason"]


def desk_pages(prescription: Prescription) -> list[str]:
    patient, course = prescription.patient, prescription.course
    visit = VisitFactory(patient=patient, physician=prescription.created_by.staff_member)
    return [
        "/physician/",
        "/physician/calendar",
        "/physician/tasks",
        "/physician/patients",
        f"/physician/patients/{patient.ref}",
        f"/physician/courses/{course.ref}",
        f"/physician/courses/{course.ref}/prescribe",
        f"/physician/visits/{visit.ref}",
        review_of(prescription),
        f"{review_of(prescription)}/panels",
        f"{review_of(prescription)}/draft",
    ]


def test_an_urgent_task_is_a_banner_on_every_page_of_the_desk():
    prescription = ready_prescription()
    reader = Reader(prescription.created_by)
    paths = desk_pages(prescription)
    quiet = [path for path in paths if "urgent-banner" in reader.get(path).content.decode()]
    task = TaskFactory(urgent=True, patient=prescription.patient)

    shown = [reader.get(path).content.decode() for path in [*paths, f"/physician/tasks/{task.ref}"]]

    assert quiet == []
    for page in shown:
        assert "1 urgent task" in page.split("<main")[0]


def test_nothing_on_the_desk_decides_about_two_at_once():
    prescription = ready_prescription()
    other = ready_prescription(PatientFactory(clinic=prescription.clinic, on_clock=True))
    reader = Reader(treats(prescription.created_by.staff_member, other.patient))

    for path in desk_pages(prescription):
        for form in forms_on(reader.get(path)):
            named = set(re.findall(r"rx_\w+", f"{form.action} {form.fields} {form.choices}"))
            assert len(named) <= 1, path
            listed = {len(form.choices[name]) for name in form.checkboxes}
            assert listed <= {1}, path
    assert forms_on(reader.get("/physician/")) == []


def test_the_calendar_shows_ones_own_visits_of_a_day_where_the_clinic_is():
    visit = VisitFactory(patient=PatientFactory(name="朝の 患者", on_clock=True))
    of_a_colleague = PatientFactory(clinic=visit.patient.clinic, name="他の 患者")
    treats(visit.physician, of_a_colleague)
    VisitFactory(patient=of_a_colleague)

    said = text_of(Reader(visit.physician).get("/physician/calendar", day="2026-03-12"))
    day_after = text_of(Reader(visit.physician).get("/physician/calendar", day="2026-03-13"))

    assert "12 March 2026" in said
    assert re.search(r"09:00.{0,20}09:30.{0,40}朝の 患者|朝の 患者.{0,40}09:00", said)
    assert "他の 患者" not in said
    assert "朝の 患者" not in day_after


def test_the_timeline_tells_what_happened_with_the_newest_first():
    prescription = ready_prescription()
    reader = Reader(prescription.created_by)

    said = text_of(reader.get(f"/physician/patients/{prescription.patient.ref}"))

    story = said.split("Timeline")[1]
    days = re.findall(r"(\d{1,2} \w+ 2026, \d\d:\d\d) (Prescription|Visit|Course)", story)
    assert ("10 March 2026, 11:30", "Prescription") in days
    assert ("10 March 2026, 11:00", "Visit") in days
    assert story.index("Prescription") < story.index("Course 1 planned")


def test_a_second_course_is_decided_on_the_page_of_the_first():
    course = CourseFactory(patient=ready_patient(), ended=True, indication="acne")
    reader = Reader(physician_of(course.patient))
    address = f"/physician/courses/{course.ref}"
    form = form_with(reader.get(address), act="decide_second_course")
    said = {"decision": "decline", "iga": "2", "reason": "軽い再燃。外用で経過をみる。"}

    decided = press(reader, address, form, **said)

    assert SecondCourseDecision.objects.get(course=course).status == "declined"
    assert "軽い再燃" in text_of(decided)
