"""A red flag halts, voids and calls for help, or does nothing at all."""

import pytest
from django.db import connection

from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn
from backend.outbox.models import OutboxEvent
from tests.journeys.young_man import Clinic, YoungMan

pytestmark = pytest.mark.django_db

ITEMS = (
    *("lips", "skin", "eyes", "nose", "headache", "hair"),
    *("joints", "back", "fatigue", "gut", "sun", "flare"),
)
BLURRED_VISION = {
    "items": {**dict.fromkeys(ITEMS, 0), "headache": 3},
    "red_flags": ["bih"],
    "symptoms": ["vomiting"],
}
BREAK = """
CREATE FUNCTION fails_on_purpose() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
CREATE TRIGGER fails_on_purpose {when} ON {table} FOR EACH ROW EXECUTE FUNCTION fails_on_purpose();
"""
MEND = "DROP TRIGGER fails_on_purpose ON {table}; DROP FUNCTION fails_on_purpose();"


@pytest.fixture
def taro():
    """On treatment; a third of the present prescription is still at the counter."""
    clinic = Clinic()
    clinic.opens_its_hours()
    clinic.stocks_the_medicine()
    taro = YoungMan(clinic)
    taro.is_ready_for_treatment()
    taro.takes_home(taro.is_prescribed(), 40)
    clinic.passes(hours=3)
    return taro


OURS = (500, "internal_error")


@pytest.mark.parametrize(
    ("table", "when", "answered"),
    [
        ("worklist_task", "BEFORE INSERT", OURS),
        ("prescriptions_prescription", "BEFORE UPDATE", OURS),
        ("prescriptions_course", "BEFORE UPDATE", OURS),
        ("audit_auditentry", "BEFORE INSERT", (503, "not_recorded")),
        ("audit_rowchange", "BEFORE INSERT", (503, "not_recorded")),
        ("outbox_outboxevent", "BEFORE INSERT", OURS),
    ],
)
def test_when_any_part_fails_no_part_is_done_and_it_can_be_said_again(taro, table, when, answered):
    before = _state(taro)
    _run(BREAK.format(table=table, when=when))

    status, code = answered
    failed = taro.api.asks("check_ins", BLURRED_VISION, status=status)
    _run(MEND.format(table=table))
    between = _state(taro)
    reported = taro.api.makes("check_ins", BLURRED_VISION)

    assert failed["code"] == code
    assert between == before
    assert reported["advice"]
    assert _state(taro)["course"] == "halted"
    assert _state(taro)["prescriptions"] == ["voided"]
    assert _state(taro)["urgent tasks"] == 1


def _state(taro):
    physician = taro.clinic.physician
    course = physician.get(f"courses/{taro.course['id']}")["status"]
    rows = physician.all("prescriptions", patient=taro.id)
    writing = AuditEntry.objects.exclude(action__endswith=".read").exclude(action__endswith=".list")
    return {
        "course": course,
        "prescriptions": [row["status"] for row in rows],
        "urgent tasks": len(physician.all("tasks", patient=taro.id, priority="urgent")),
        "check-ins": CheckIn.objects.count(),
        "events": OutboxEvent.objects.count(),
        "entries": writing.count(),
    }


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {sql}; SET CONSTRAINTS ALL DEFERRED")
