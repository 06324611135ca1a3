"""A void by changed facts is whole: prescription, course, task, entries, news, kept reply."""

import pytest
from django.db import connection

from backend.api.models import IdempotencyKey
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import CourseHalt, Decision
from backend.worklist.models import Task
from tests.callers import Caller
from tests.pharmacy.changes import note, triglycerides
from tests.pharmacy.counter import approved_prescription, client_of

pytestmark = pytest.mark.django_db
ENTRY = ("audit_auditentry", "BEFORE INSERT")
BROKEN = {
    "the prescription": ("prescriptions_prescription", "BEFORE UPDATE", "true"),
    "the decision": ("prescriptions_decision", "BEFORE INSERT", "NEW.moment = 'claim'"),
    "the course": ("prescriptions_course", "BEFORE UPDATE", "true"),
    "the halt": ("prescriptions_coursehalt", "BEFORE INSERT", "true"),
    "the task": ("worklist_task", "BEFORE INSERT", "true"),
    "the entry": (*ENTRY, "NEW.action = 'prescription.void_for_facts'"),
    "the entry of the refusal": ("audit_auditentry", "BEFORE INSERT", "NEW.outcome = 'refused'"),
    "the news": (
        "outbox_outboxevent",
        "BEFORE INSERT",
        "NEW.type = 'prescriptions.prescription.voided'",
    ),
    "the reply": ("api_idempotencykey", "BEFORE INSERT", "true"),
}


@pytest.mark.parametrize(("table", "when", "condition"), BROKEN.values(), ids=BROKEN.keys())
def test_when_any_part_fails_nothing_is_void_and_it_can_be_tried_again(table, when, condition):
    row = approved_prescription()
    caller, path = Caller(client_of(row.clinic)), f"/v1/prescriptions/{row.ref}/claim"
    note(row, triglycerides("900"))
    before = everything(row)
    run(
        "CREATE FUNCTION break_now() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;"
        f"CREATE TRIGGER break_now {when} ON {table} FOR EACH ROW WHEN ({condition}) "
        "EXECUTE FUNCTION break_now();"
    )

    failed = caller.post(path, {}, version=row.version, key="key-1")
    between = everything(row)
    run(f"DROP TRIGGER break_now ON {table}; DROP FUNCTION break_now();")
    tried_again = caller.post(path, {}, version=row.version, key="key-1")

    assert (failed.status_code, between) == (503 if table == ENTRY[0] else 500, before)
    assert (tried_again.status_code, tried_again.json()["code"]) == (409, "facts_changed")
    row.refresh_from_db()
    assert (row.status, row.course.status) == ("voided", "halted")


def everything(row):
    """What the void, the halt, the task, the entries, the news and the reply consist of."""
    row.refresh_from_db()
    tables = (Decision, CourseHalt, Task, AuditEntry, OutboxEvent, IdempotencyKey)
    counts = [table.objects.count() for table in tables]
    return row.status, row.version, row.course.status, row.course.version, counts


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
