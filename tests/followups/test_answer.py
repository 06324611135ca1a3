"""A patient answers: kept, judged and acted on, all of it or nothing."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection

from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn, FollowUp
from backend.notifications.models import Notification
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Course, Decision
from backend.records.models import PhqScore, Statement
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.followups import (
    DAY_7_AT,
    FollowUpFactory,
    answers,
    make_followed,
)
from tests.factories.notifications import NotificationFactory
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db
ANSWERED_AT = DAY_7_AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(ANSWERED_AT, tick=False):
        yield


def give(check_in, body, *, version=None, language="en", key=None):
    caller = Caller(check_in.patient, language=language)
    return caller.post(
        f"/v1/check_ins/{check_in.ref}/answer", body, version=version or check_in.version, key=key
    )


def reloaded(row):
    row.refresh_from_db()
    return row


def test_a_clear_answer_is_kept_judged_and_needs_nobody():
    asked = make_followed()

    reply = give(asked, answers())

    shown = reply.json()
    asked = reloaded(asked)
    assert (reply.status_code, shown["status"]) == (200, "answered")
    assert [advice["code"] for advice in shown["advice"]] == ["go_on"]
    assert (asked.decision, asked.pack) == ("clear", "jp_house_2026"), asked.findings
    assert asked.answered_at == ANSWERED_AT
    assert asked.answers == answers()
    assert Task.objects.count() == 0
    assert Course.objects.get().status == "running"
    assert OutboxEvent.objects.filter(type="followups.check_in.answered").count() == 1
    assert AuditEntry.objects.filter(action="check_in.answer").count() == 1
    assert Decision.objects.get(moment="check_in").decision == "clear"


def test_the_answers_become_clinical_facts():
    asked = make_followed()

    give(asked, answers(phq2=1, phq9=4, item9=0))

    score = PhqScore.objects.order_by("-noted_at").first()
    said = Statement.objects.get(topic="checkin").value
    assert (score.phq2, score.phq9, score.item9, score.taken_on) == (1, 4, 0, date(2026, 3, 17))
    assert said["day7_checkin_done"] is True
    assert said["items"]["lips"] == 0


def test_j_08_an_answer_before_day_seven_is_not_the_check_in_of_day_seven():
    asked = make_followed()
    Course.objects.update(started_on=date(2026, 3, 11))

    give(asked, answers())

    assert Statement.objects.get(topic="checkin").value["day7_checkin_done"] is False


def test_a_red_flag_halts_voids_cancels_and_calls_in_one_go():
    asked = make_followed()
    prescription = PrescriptionFactory(course=asked.course, approved=True)
    ahead = FollowUpFactory(plan=asked.follow_up.plan, occurrence=14)

    reply = give(asked, answers(red_flags=["bih"]))

    task = Task.objects.get()
    assert reply.status_code == 200
    assert reloaded(asked).decision == "urgent"
    assert reloaded(asked.course).status == "halted"
    assert asked.course.halt_reason == "R-01"
    assert reloaded(prescription).status == "voided"
    assert reloaded(ahead).status == "cancelled"
    assert (task.kind, task.priority, task.about_ref) == ("red_flag", "urgent", asked.ref)
    assert task.due_at == ANSWERED_AT + timedelta(minutes=15)
    assert task.blocks_release


def test_the_patient_reads_at_once_what_to_do_and_whom_to_call_and_no_finding():
    asked = make_followed()

    shown = give(asked, answers(red_flags=["anaphylaxis"]), language="ja").json()

    (advice,) = shown["advice"]
    assert advice["code"] == "emergency_now"
    assert "救急" in advice["text"]
    assert advice["call"] == [
        {"who": "emergency", "telephone": "119"},
        {"who": "clinic", "telephone": "03-0000-0000"},
    ]
    assert not {"decision", "findings", "pack", "pack_version"} & set(shown)


def test_a_pregnancy_answer_stops_and_opens_its_task_in_the_same_transaction():
    asked = make_followed()

    give(asked, answers(red_flags=["pregnancy"]))

    task = Task.objects.get()
    assert reloaded(asked).decision == "stop"
    assert reloaded(asked.course).status == "halted"
    assert (task.kind, task.priority) == ("pregnancy_reported", "urgent")


def test_a_strong_complaint_waits_two_days_for_a_physician_and_holds_the_next_release():
    asked = make_followed()

    give(asked, answers(items={"skin": 3}))

    task = Task.objects.get()
    assert reloaded(asked).decision == "hold"
    assert reloaded(asked.course).status == "running"
    assert (task.kind, task.priority, task.blocks_release) == ("check_in_review", "normal", True)
    assert task.due_at == ANSWERED_AT + timedelta(days=2)


def test_what_is_left_out_is_unknown_and_not_fine():
    asked = make_followed()
    body = answers()
    del body["adherence"]

    give(asked, body)

    assert reloaded(asked).decision == "hold"
    assert Task.objects.get().kind == "check_in_review"


@pytest.mark.parametrize("table", ["worklist_task", "outbox_outboxevent", "audit_auditentry"])
def test_when_one_part_fails_nothing_has_happened(table):
    asked = make_followed()
    prescription = PrescriptionFactory(course=asked.course, approved=True)
    noted = Statement.objects.count(), PhqScore.objects.count(), AuditEntry.objects.count()
    condition = {
        "worklist_task": "true",
        "outbox_outboxevent": "NEW.type = 'followups.check_in.answered'",
        "audit_auditentry": "NEW.action = 'task.open'",
    }[table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION break_now() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
            CREATE TRIGGER break_now BEFORE INSERT ON {table}
                FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION break_now();
            """
        )

    reply = give(asked, answers(red_flags=["bih"]))

    assert reply.status_code == (503 if table == "audit_auditentry" else 500)
    assert (reloaded(asked).status, asked.answers) == ("open", None)
    assert reloaded(asked.course).status == "running"
    assert reloaded(prescription).status == "approved"
    assert Task.objects.count() == OutboxEvent.objects.count() == 0
    assert noted == (
        Statement.objects.count(),
        PhqScore.objects.count(),
        AuditEntry.objects.count(),
    )


def test_the_same_answer_twice_has_one_effect():
    asked = make_followed()
    first = give(asked, answers(red_flags=["bih", "vision"]))

    again = give(asked, answers(red_flags=["vision", "bih", "bih"]))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"]
    assert Task.objects.count() == 1
    assert Statement.objects.filter(topic="checkin").count() == 1


def test_the_same_key_gets_the_same_reply():
    asked = make_followed()

    first = give(asked, answers(), key="k1")
    again = give(asked, answers(), key="k1")

    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"


def test_another_answer_afterwards_is_refused_and_the_report_is_the_way():
    asked = make_followed()
    give(asked, answers())

    reply = give(reloaded(asked), answers(items={"skin": 4}))

    assert (reply.status_code, reply.json()["code"]) == (409, "not_allowed_from_here")


@pytest.mark.parametrize("trait", ["missed", "cancelled"])
def test_an_answer_is_welcome_however_late(trait):
    asked = make_followed()
    CheckIn.objects.update(status=trait)

    reply = give(asked, answers(red_flags=["liver"]))

    assert reply.status_code == 200
    assert Task.objects.get().kind == "red_flag"


def test_an_answer_after_the_end_of_the_course_is_stored_and_triaged():
    asked = make_followed()
    course = asked.course
    course.status, course.ended_on, course.end_reason = "ended", date(2026, 3, 17), "completed"
    course.save()
    closing = FollowUpFactory(plan=asked.follow_up.plan, kind="closing_check", occurrence=1)

    reply = give(asked, answers(red_flags=["mood"]))

    assert reply.status_code == 200
    assert reloaded(asked).decision == "urgent"
    assert Task.objects.get().priority == "urgent"
    assert reloaded(course).status == "ended"
    assert reloaded(closing).status == "pending"


def test_an_answer_is_not_lost_when_the_rules_cannot_be_asked():
    asked = make_followed()
    asked.patient.clinic.programme = "eu"
    asked.patient.clinic.save()
    with time_machine.travel("2017-01-01T00:00:00Z", tick=False):  # no pack was in force then
        Course.objects.update(started_on=date(2016, 12, 1))

        reply = give(asked, answers(red_flags=["rhabdo"]))

    assert reply.status_code == 200
    assert (reloaded(asked).decision, asked.pack) == ("urgent", "")
    assert reloaded(asked.course).status == "halted"
    assert Task.objects.get().priority == "urgent"


def test_an_answer_ends_the_reminding_of_its_check_in():
    asked = make_followed()
    rung = FollowUpFactory(
        plan=asked.follow_up.plan, kind="check_in_reminder", opened_by=asked.follow_up
    )
    other = FollowUpFactory(plan=asked.follow_up.plan, occurrence=14)
    notice = NotificationFactory(patient=asked.patient, about_ref=asked.ref)

    give(asked, answers())

    assert reloaded(rung).status == "cancelled"
    assert reloaded(other).status == "pending"
    assert reloaded(notice).status == "cancelled"


def test_somebody_elses_check_in_is_not_there():
    asked, stranger = make_followed(), make_followed()

    reply = Caller(stranger.patient).post(f"/v1/check_ins/{asked.ref}/answer", answers(), version=1)

    assert reply.status_code == 404
    assert reloaded(asked).status == "open"


def test_a_stale_version_is_refused():
    asked = make_followed()

    assert give(asked, answers(), version=9).status_code == 412
    assert reloaded(asked).status == "open"


def test_nobody_is_notified_by_an_answer():
    asked = make_followed()

    give(asked, answers())

    assert Notification.objects.count() == 0
    assert FollowUp.objects.count() == 1
