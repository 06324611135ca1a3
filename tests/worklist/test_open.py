import json
from pathlib import Path

import jsonschema
import pytest
from django.db import transaction

from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.worklist.models import Task
from backend.worklist.queries import open_tasks
from backend.worklist.steps.open_task import open_task
from tests.factories.accounts import PatientFactory
from tests.factories.worklist import OPENED, TaskFactory

pytestmark = pytest.mark.django_db
ABOUT = "chk_01hqxv5y2k8m3n4p5q6r7s8t9v"
SCHEMA = Path("api_schema/events/worklist.task.opened.json")


def open_one(patient, **changes):
    asked = {
        "kind": "adverse_event",
        "priority": "urgent",
        "due_at": OPENED,
        "about_ref": ABOUT,
        "blocks_release": True,
        **changes,
    }
    with transaction.atomic():
        return open_task(patient=patient, by=job("check_ins"), at=OPENED, **asked)


def test_opening_keeps_records_and_announces_the_task():
    patient = PatientFactory()

    task = open_one(patient)

    assert Task.objects.get().blocks_release is True
    entry, event = AuditEntry.objects.get(), OutboxEvent.objects.get()
    assert (entry.action, entry.patient_ref, entry.object_ref) == (
        "task.open",
        patient.ref,
        task.ref,
    )
    assert event.type == "worklist.task.opened"
    jsonschema.validate(event.payload, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("wrong", [{"kind": "homework"}, {"priority": "soon"}])
def test_a_kind_or_priority_that_nobody_knows_is_refused(wrong):
    patient = PatientFactory()

    with pytest.raises(ValueError, match="not a valid"):
        open_one(patient, **wrong)

    assert not Task.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_task_outside_a_transaction_is_a_mistake():
    patient = PatientFactory()

    with pytest.raises(RuntimeError, match="inside a service's transaction"):
        open_task(
            patient=patient,
            kind="adverse_event",
            priority="urgent",
            due_at=OPENED,
            about_ref=ABOUT,
            blocks_release=True,
            by=job("check_ins"),
            at=OPENED,
        )


def test_open_tasks_of_a_patient_come_urgent_first_and_leave_out_the_done():
    patient = PatientFactory()
    normal = TaskFactory(patient=patient)
    urgent = TaskFactory(patient=patient, urgent=True)
    TaskFactory(patient=patient, done=True)
    TaskFactory()

    assert list(open_tasks(patient)) == [urgent, normal]
