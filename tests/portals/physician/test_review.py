"""One review page: every gate, every button with why not, and each decision through its verb."""

import re

import pytest

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.worklist import TaskFactory
from tests.portals.physician.reviewing import at, opener, shown, why_not
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
QUERIES = 12


def test_the_head_says_whom_it_is_about_in_the_numbers_that_a_dose_is_judged_by(row, colleague):
    said = " ".join(text_of(Reader(colleague).get(at(row))).split())

    assert "24 y" in said
    assert "Can become pregnant yes" in said
    assert "52.0 kg" in said
    assert "Course 1 , not started" in said.replace("1, ", "1 , ")
    assert "0.0 → 11.5 mg/kg" in said
    assert "120–150" in said


def test_a_clear_one_can_be_approved_and_its_gates_are_folded(row, colleague):
    page = shown(colleague, row)

    assert "Nothing stands against an approval." in page
    assert re.search(r"\d+ clear gates", page)
    assert opener(page, "a") == "?open=approve"


def test_what_stands_is_shown_with_rule_evidence_remedy_and_who():
    row = ready_prescription(patient_on_doxycycline())
    colleague = PhysicianFactory(clinic=row.clinic)

    page = shown(colleague, row)

    first = page[page.index('class="gate ') :]
    assert 'class="gate block"' in first[:40]
    assert "C-11" in first
    assert "doxycycline" in first
    assert "(The p" in first
    assert opener(page, "a") is None
    assert "C-11" in why_not(page, "approve")
    assert opener(page, "r") == "?open=return"
    assert opener(page, "d") == "?open=decline"


def test_each_dialog_repeats_patient_medicine_dose_and_days(row, colleague):
    page = shown(colleague, row, open="approve")

    dialog = page[page.index('<dialog id="approve"') :]
    dialog = dialog[: dialog.index("</dialog>")]
    assert "open data-modal" in dialog
    for what in (row.patient.name, row.product.name, "20 mg a day", "30 days"):
        assert what in dialog


def test_an_urgent_task_about_the_patient_keeps_it_from_being_approved(row, colleague):
    TaskFactory(patient=row.patient, urgent=True)

    page = shown(colleague, row)

    assert opener(page, "a") is None
    assert why_not(page, "approve") == "An urgent task about this patient is still open"


def test_an_urgent_task_about_another_patient_does_not(row, colleague):
    TaskFactory(patient=PatientFactory(clinic=row.clinic), urgent=True)

    assert opener(shown(colleague, row), "a") == "?open=approve"


@pytest.mark.parametrize(
    ("course", "words"),
    [({"halted": True}, "The course is halted"), ({"ended": True}, "The course is over")],
)
def test_a_course_that_is_not_open_keeps_it_from_being_approved(course, words):
    row = PrescriptionFactory(
        course=CourseFactory(patient=ready_patient(), **course), in_review=True
    )

    page = shown(PhysicianFactory(clinic=row.clinic), row)

    assert why_not(page, "approve") == words


def test_who_drafted_it_cannot_sign_off_its_findings(senior):
    page = shown(senior.created_by.staff_member, senior)

    assert "Another physician than the one who drafted it has to sign" in page
    assert 'id="sign_off_' not in page


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_what_is_not_in_review_is_shown_to_be_written(status):
    row = PrescriptionFactory(**{status: True})

    answer = Reader(row.created_by).get(at(row))

    assert answer["Location"] == f"{at(row)}/draft"


def test_a_look_leaves_an_entry_about_the_patient(row, colleague):
    shown(colleague, row)

    entry = AuditEntry.objects.get(action="prescription.assess")
    assert entry.pseudonym == pseudonym_of(row.patient.ref)


def test_another_clinics_is_not_found(row):
    assert Reader(PhysicianFactory()).get(at(row)).status_code == 404


def test_next_goes_on_to_what_follows_and_from_the_last_to_the_first(row, colleague):
    later = ready_prescription(
        course=CourseFactory(patient=ready_patient(clinic=row.clinic)), submitted_at=NOW
    )

    onward = Reader(colleague).get(f"{at(row)}/next")
    around = Reader(colleague).get(f"{at(later)}/next")

    assert onward["Location"] == at(later)
    assert around["Location"] == at(row)


def test_the_panels_come_by_themselves_or_as_a_page(row, colleague):
    whole = Reader(colleague).get(f"{at(row)}/panels").content.decode()
    part = Reader(colleague).client.get(f"{at(row)}/panels", headers={"HX-Request": "true"})

    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert 'id="panel-dose"' in part.content.decode()
    assert 'id="panel-symptoms"' in part.content.decode()


TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.mark.parametrize("path", ["", "/panels"])
def test_a_review_takes_few_queries(senior, path, django_assert_max_num_queries):
    reader = Reader(PhysicianFactory(clinic=senior.clinic))
    reader.get(at(senior) + path)

    with django_assert_max_num_queries(100) as asked:
        reader.get(at(senior) + path)

    counted = [q["sql"] for q in asked.captured_queries if not q["sql"].startswith(TRANSACTIONS)]
    assert len(counted) <= QUERIES, "\n".join(q[:90] + q[q.find(" FROM ") :][:60] for q in counted)
