from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    ClinicFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.worklist import OPENED, TaskFactory

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(hours=1)
DONE = {"outcome": "patient_advised", "note": "電話で確認した。"}
REACHED = {**DONE, "contacted_at": "2026-03-10T04:00:00Z"}


@pytest.fixture
def clinic():
    return ClinicFactory()


def task_of(clinic, **traits):
    patient = PatientFactory(clinic=clinic, on_clock=True, test_clock__frozen_at=NOW)
    return TaskFactory(patient=patient, **traits)


def complete(who, task, body=None, **extra):
    return Caller(who).post(f"/v1/tasks/{task.ref}/complete", body or DONE, version=1, **extra)


def test_completing_keeps_who_when_and_how_and_records_it(clinic):
    physician = PhysicianFactory(clinic=clinic)
    task = task_of(clinic, urgent=True)

    answer = complete(physician, task, REACHED)

    task.refresh_from_db()
    assert answer.status_code == 200
    assert (task.status, task.outcome, task.note) == ("done", "patient_advised", "電話で確認した。")
    assert (task.done_by, task.done_at, task.contacted_at) == (physician.user, NOW, NOW)
    assert (answer["ETag"], answer.json()["available_actions"]) == ('"2"', [])
    entry = AuditEntry.objects.get(action="task.complete")
    assert entry.facts == {"kind": "adverse_event", "outcome": "patient_advised"}


def test_an_urgent_task_is_not_done_before_the_patient_was_reached(clinic):
    task = task_of(clinic, urgent=True)

    answer = complete(PhysicianFactory(clinic=clinic), task)

    task.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (422, "contact_required")
    assert task.status == "open"


@pytest.mark.parametrize(("second", "status"), [("00", 200), ("01", 422)])
def test_the_contact_may_be_now_but_not_later(clinic, second, status):
    task = task_of(clinic, urgent=True)
    body = {**DONE, "contacted_at": f"2026-03-10T04:00:{second}Z"}

    answer = complete(PhysicianFactory(clinic=clinic), task, body)

    assert answer.status_code == status


@pytest.mark.parametrize(("minute", "status"), [("03:00:00", 200), ("02:59:59", 422)])
def test_a_call_from_before_an_urgent_task_was_opened_does_not_answer_it(clinic, minute, status):
    task = task_of(clinic, urgent=True)
    body = {**DONE, "contacted_at": f"2026-03-10T{minute}Z"}

    answer = complete(PhysicianFactory(clinic=clinic), task, body)

    assert answer.status_code == status
    assert answer.json().get("code") == (None if status == 200 else "contact_too_early")


def test_a_clinical_task_is_not_for_clinic_staff(clinic):
    staff = StaffMemberFactory(clinic=clinic)
    task = task_of(clinic)

    answer = complete(staff, task)

    assert (answer.status_code, answer.json()["code"]) == (403, "clinical_task")
    shown = Caller(staff).get(f"/v1/tasks/{task.ref}").json()
    assert shown["available_actions"] == []


def test_clinic_staff_do_what_is_not_clinical(clinic):
    task = task_of(clinic, kind="contact_patient")

    answer = complete(StaffMemberFactory(clinic=clinic), task)

    assert answer.status_code == 200


def test_a_done_task_cannot_be_done_again(clinic):
    physician = PhysicianFactory(clinic=clinic)
    task = task_of(clinic)
    first = complete(physician, task, key="one")

    again = complete(physician, task, key="one")
    other = complete(physician, task, key="two")

    assert (first.content, again.status_code) == (again.content, 200)
    assert (other.status_code, other.json()["code"]) == (409, "not_allowed_from_here")


def test_a_stale_version_changes_nothing(clinic):
    task = task_of(clinic)

    answer = Caller(PhysicianFactory(clinic=clinic)).post(
        f"/v1/tasks/{task.ref}/complete", DONE, version=7
    )

    task.refresh_from_db()
    assert (answer.status_code, task.status) == (412, "open")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "shrug"},
        {**DONE, "note": "あ" * 4001},
        {**DONE, "contacted_at": "2026-03-10"},
        {**DONE, "done_by": "usr_1"},
    ],
)
def test_a_body_that_is_not_well_formed_is_refused(clinic, body):
    answer = Caller(PhysicianFactory(clinic=clinic)).post(
        f"/v1/tasks/{task_of(clinic).ref}/complete", body, version=1
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
