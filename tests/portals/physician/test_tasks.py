"""Tasks: the urgent ones first, and each finished by its verb."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime

from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.care import EmergencyAccessFactory
from tests.factories.prescriptions import NOW
from tests.factories.worklist import TaskFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
QUERIES = 12


@pytest.fixture
def physician():
    return PhysicianFactory()


def waiting(physician, *, name="山田 花子", **overrides):
    patient = PatientFactory(clinic=physician.clinic, on_clock=True, name=name)
    times = {"opened_at": NOW - timedelta(minutes=20), "due_at": NOW + timedelta(hours=2)}
    return TaskFactory(patient=patient, **{**times, **overrides})


def at(task):
    return f"/physician/tasks/{task.ref}"


def local(instant):
    return localtime(instant, ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%dT%H:%M")


def test_urgent_tasks_come_first_with_how_long_they_have_waited(physician):
    waiting(physician, name="普通 一郎")
    waiting(physician, name="急ぐ 二郎", urgent=True, due_at=NOW - timedelta(minutes=1))

    said = text_of(Reader(physician).get("/physician/tasks"))

    assert said.index("急ぐ 二郎") < said.index("普通 一郎")
    assert "20 min" in said
    assert said.count("Late") == 1


def test_only_urgent_ones_are_shown_when_asked(physician):
    waiting(physician, name="普通 一郎")
    waiting(physician, name="急ぐ 二郎", urgent=True)

    said = text_of(Reader(physician).get("/physician/tasks", priority="urgent"))

    assert "急ぐ 二郎" in said
    assert "普通 一郎" not in said


def test_what_is_done_is_not_listed(physician):
    waiting(physician, done=True, opened_at=NOW - timedelta(days=9))

    assert "No open task" in text_of(Reader(physician).get("/physician/tasks"))


def test_an_urgent_task_is_done_with_the_time_of_the_call(physician):
    task = waiting(physician, urgent=True)

    answer = Reader(physician).send(
        at(task),
        outcome="patient_advised",
        note="電話で確認しました。",
        contacted_at=local(NOW - timedelta(minutes=5)),
        version="1",
    )

    task.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, "/physician/tasks")
    assert (task.status, task.outcome) == ("done", "patient_advised")
    assert task.contacted_at == NOW - timedelta(minutes=5)
    assert task.done_by == physician.user


def test_an_urgent_task_without_a_call_is_refused_at_its_field(physician):
    task = waiting(physician, urgent=True)

    answer = Reader(physician).send(
        at(task), outcome="resolved", note="済", contacted_at="", version="1"
    )

    task.refresh_from_db()
    assert (answer.status_code, task.status) == (422, "open")
    assert "済" in answer.content.decode()
    assert 'id="id_contacted_at_error"' in answer.content.decode()


def test_a_call_from_before_the_task_is_refused_in_words(physician):
    task = waiting(physician, urgent=True)
    before = local(task.opened_at - timedelta(minutes=1))

    answer = Reader(physician).send(
        at(task), outcome="resolved", note="", contacted_at=before, version="1"
    )

    task.refresh_from_db()
    assert (answer.status_code, task.status) == (422, "open")
    assert "before the task was opened" in text_of(answer)


def test_a_normal_task_needs_no_call(physician):
    task = waiting(physician)

    Reader(physician).send(at(task), outcome="no_action_needed", note="", version="1")

    task.refresh_from_db()
    assert (task.status, task.contacted_at) == ("done", None)


def test_an_emergency_access_is_reviewed_by_another_physician(physician):
    patient = PatientFactory(clinic=physician.clinic, on_clock=True)
    access = EmergencyAccessFactory(patient=patient)

    page = text_of(Reader(physician).get(at(access.task)))
    Reader(physician).send(
        at(access.task), outcome="justified", note="確認しました。", version=str(access.version)
    )

    access.refresh_from_db()
    assert access.reason_text in page
    assert (access.status, access.outcome) == ("reviewed", "justified")
    assert access.reviewed_by == physician.user


def test_another_clinics_task_is_not_found(physician):
    assert Reader(PhysicianFactory()).get(at(waiting(physician))).status_code == 404


def test_a_form_without_its_token_is_refused(physician):
    task = waiting(physician)

    answer = Reader(physician).client.post(at(task), {"outcome": "resolved", "version": "1"})

    task.refresh_from_db()
    assert (answer.status_code, task.status) == (403, "open")


def test_the_list_takes_few_queries(physician, django_assert_max_num_queries):
    for _ in range(5):
        waiting(physician, urgent=True)
    reader = Reader(physician)
    reader.get("/physician/tasks")

    with django_assert_max_num_queries(QUERIES):
        reader.get("/physician/tasks")
