"""Who may read check-ins and plans."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.care import at_work
from tests.factories.followups import CheckInFactory, FollowUpFactory

pytestmark = pytest.mark.django_db
LISTS = ["/v1/check_ins", "/v1/follow_ups", "/v1/second_course_decisions"]


@pytest.mark.parametrize("factory", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_the_clinic_sees_all_of_its_own_with_findings(factory):
    mine = CheckInFactory(answered=True)
    CheckInFactory(answered=True)

    reader = at_work(factory(clinic=mine.patient.clinic), mine.patient)

    listed = Caller(reader).get("/v1/check_ins").json()["data"]

    assert [row["id"] for row in listed] == [mine.ref]
    assert (listed[0]["decision"], listed[0]["findings"]) == ("clear", [])
    assert listed[0]["available_actions"] == []
    seen = AuditEntry.objects.get(action="check_in.list")
    assert seen.patient_ref == mine.patient.ref


def test_a_patient_sees_her_own_and_what_she_may_do():
    mine, foreign = CheckInFactory(), CheckInFactory()
    me = Caller(mine.patient)

    (shown,) = me.get("/v1/check_ins").json()["data"]

    assert (shown["id"], shown["available_actions"], shown["advice"]) == (
        mine.ref,
        ["answer"],
        [],
    )
    assert me.get(f"/v1/check_ins/{mine.ref}").status_code == 200
    assert me.get(f"/v1/check_ins/{foreign.ref}").status_code == 404


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("factory", [AdministratorFactory, ApiClientFactory])
def test_others_may_not_look(path, factory):
    assert Caller(factory()).get(path).status_code == 403


def test_check_ins_are_filtered_by_status_course_and_kind():
    staff = StaffMemberFactory()
    open_one = CheckInFactory(follow_up__plan__course__patient__clinic=staff.clinic)
    CheckInFactory(follow_up__plan__course__patient__clinic=staff.clinic, missed=True)
    caller = Caller(staff)

    by_status = caller.get("/v1/check_ins", status="open").json()["data"]
    by_course = caller.get("/v1/check_ins", course=open_one.course.ref).json()["data"]
    by_kind = caller.get("/v1/check_ins", kind="closing").json()["data"]

    assert [row["id"] for row in by_status] == [row["id"] for row in by_course] == [open_one.ref]
    assert by_kind == []
    assert caller.get("/v1/check_ins", status="lost").status_code == 400


def test_a_plan_is_a_timeline_in_the_order_in_which_it_falls_due():
    later = FollowUpFactory(occurrence=14, due_at="2026-03-24T00:00:00Z")
    first = FollowUpFactory(plan=later.plan)
    FollowUpFactory()

    answer = Caller(later.patient).get("/v1/follow_ups", course=later.plan.course.ref)

    rows = answer.json()["data"]
    assert [row["id"] for row in rows] == [first.ref, later.ref]
    assert (rows[0]["local_time"], rows[0]["zone"]) == ("09:00:00", "Asia/Tokyo")
    assert Caller(later.patient).get(f"/v1/follow_ups/{first.ref}").status_code == 200


@pytest.mark.parametrize("path", ["/v1/check_ins", "/v1/follow_ups"])
def test_the_number_of_queries_does_not_grow_with_the_list(path):
    staff = StaffMemberFactory()
    of_the_clinic = {"follow_up__plan__course__patient__clinic": staff.clinic}
    CheckInFactory(**of_the_clinic, answered=True)
    caller = Caller(staff)
    caller.get(path)
    with CaptureQueriesContext(connection) as few:
        caller.get(path)
    CheckInFactory.create_batch(9, **of_the_clinic, answered=True)

    with CaptureQueriesContext(connection) as many:
        caller.get(path)

    assert len(few) == len(many)
