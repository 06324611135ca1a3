"""A physician decides whether a course may be followed by another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from backend.audit.models import AuditEntry
from backend.followups.models import SecondCourseDecision
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from backend.worklist.rules import TaskKind
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory, StaffMemberFactory
from tests.factories.care import physician_of
from tests.factories.followups import FollowedCourseFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.factories.records import WeightFactory
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db
ENDED_ON = date(2026, 11, 5)
OPENS_AT = datetime(2026, 12, 31, 3, tzinfo=UTC)  # 56 days later, noon in Tokyo


def ended(*, number=1):
    course = FollowedCourseFactory(ended=True, number=number)
    assert course.ended_on == ENDED_ON
    WeightFactory(patient=course.patient, taken_on=date(2026, 10, 1), kg=Decimal("52.0"))
    rx = PrescriptionFactory(course=course, dispensed=True)
    capsules = rx.capsules
    type(rx).objects.filter(id=rx.id).update(returned_capsules=6)
    assert (rx.product.strength_mg, capsules) == (20, 30)
    return course


def decide(course, *, by=None, at=OPENS_AT, fresh=True, **changes):
    body = {"decision": "offer", "iga": 3, "scarring": False, "reason": "再燃あり。"} | changes
    with time_machine.travel(at, tick=False):
        who = by or physician_of(course.patient)
        return Caller(who, fresh=fresh).post(f"/v1/courses/{course.ref}/decide_second_course", body)


@pytest.mark.parametrize("decision", ["offer", "decline"])
def test_the_decision_settles_the_task_that_asked_for_it(decision):
    course = ended()
    kind = TaskKind.SECOND_COURSE_DECISION
    task = TaskFactory(patient=course.patient, kind=kind, about_ref=course.ref)
    another = TaskFactory(patient=course.patient, kind=kind, about_ref=ended(number=2).ref)

    physician = physician_of(course.patient)
    reply = decide(course, by=physician, decision=decision)

    task.refresh_from_db()
    another.refresh_from_db()
    assert reply.status_code == 201
    assert (task.status, task.outcome, another.status) == ("done", "resolved", "open")
    assert task.done_by == physician.user


def test_an_offer_is_recorded_with_the_cumulative_dose_and_opens_the_way():
    course = ended()

    reply = decide(course)

    shown = reply.json()
    course.refresh_from_db()
    assert (reply.status_code, shown["status"], shown["decision"]) == (201, "offered", "clear")
    assert shown["cumulative_mg"] == "480.0"  # 24 of 30 capsules of 20 mg were kept
    assert shown["cumulative_mg_per_kg"] == "9.231"
    assert {finding["rule"] for finding in shown["findings"]} >= {"T-22", "T-23"}
    assert course.next_course_allowed_at == OPENS_AT
    assert Decision.objects.get(moment="second_course").decision == "clear"
    assert AuditEntry.objects.filter(action="second_course_decision.decide").count() == 1
    event = OutboxEvent.objects.get(type="followups.second_course.decided")
    assert event.payload["status"] == "offered"


@pytest.mark.parametrize("decision", ["offer", "decline"])
def test_t_20_the_day_before_the_opening_nothing_is_decided(decision):
    course = ended()

    reply = decide(course, at=OPENS_AT - timedelta(days=1), decision=decision)

    problem = reply.json()
    assert (reply.status_code, problem["code"]) == (409, "second_course_not_open")
    assert "T-20" in {finding["rule"] for finding in problem["findings"]}
    assert SecondCourseDecision.objects.count() == 0


def test_t_21_a_mild_relapse_is_no_reason_for_a_second_course_but_can_be_declined():
    course = ended()

    refused = decide(course, iga=2)
    declined = decide(course, iga=2, decision="decline")

    course.refresh_from_db()
    assert refused.json()["code"] == "second_course_not_allowed"
    assert (declined.status_code, declined.json()["status"]) == (201, "declined")
    assert declined.json()["decision"] == "block"
    assert course.next_course_allowed_at is None


def test_t_21_a_scarring_relapse_counts_whatever_the_grade():
    assert decide(ended(), iga=2, scarring=True).status_code == 201


def test_t_24_a_third_course_needs_a_senior_physician():
    course = ended(number=2)
    with time_machine.travel(OPENS_AT, tick=False):
        senior = physician_of(course.patient, senior=True)

    refused = decide(course)
    offered = decide(course, by=senior)

    assert (refused.status_code, refused.json()["code"]) == (422, "senior_required")
    assert (offered.status_code, offered.json()["decision"]) == (201, "senior")


def test_after_a_refusal_she_may_be_seen_again_and_offered_once():
    course = ended()
    decide(course, decision="decline", iga=1)

    offered = decide(course, at=OPENS_AT + timedelta(days=90))
    again = decide(course, at=OPENS_AT + timedelta(days=91))

    assert offered.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "second_course_already_offered")


def test_a_running_course_is_not_decided_about():
    course = FollowedCourseFactory()

    reply = decide(course)

    assert (reply.status_code, reply.json()["code"]) == (409, "course_not_ended")


def test_a_physician_proves_who_she_is():
    reply = decide(ended(), fresh=False)

    assert (reply.status_code, reply.json()["code"]) == (403, "reauthentication_required")


def test_staff_do_not_decide_and_strangers_find_nothing():
    course = ended()
    staff = StaffMemberFactory(clinic=course.patient.clinic)

    assert decide(course, by=staff).status_code == 403
    assert decide(course, by=PhysicianFactory()).status_code == 404


@pytest.mark.parametrize(
    "changes", [{"iga": 5}, {"iga": -1}, {"decision": "perhaps"}, {"reason": ""}]
)
def test_a_malformed_decision_is_refused(changes):
    assert decide(ended(), **changes).status_code == 400


def test_the_decisions_are_listed_without_the_findings_for_the_patient():
    course = ended()
    with time_machine.travel(OPENS_AT, tick=False):
        physician = physician_of(course.patient)
    made = decide(course, by=physician).json()

    (shown,) = Caller(physician).get("/v1/second_course_decisions").json()["data"]
    (hers,) = Caller(course.patient).get("/v1/second_course_decisions").json()["data"]
    one = Caller(course.patient).get(f"/v1/second_course_decisions/{made['id']}")

    assert shown["findings"]
    assert hers["status"] == "offered"
    assert not {"findings", "reason", "decision"} & set(hers)
    assert one.status_code == 200
    assert Caller(PhysicianFactory()).get("/v1/second_course_decisions").json()["data"] == []
