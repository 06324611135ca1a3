"""Who changed a row: the actor and request of the service that ran, or the database's own role."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from backend.audit.models import AuditEntry
from backend.audit.record import record
from backend.booking.models import Visit
from backend.booking.services.confirm import confirm_visit
from backend.db import service
from backend.kernel.actor import job
from backend.origin import acting_for
from backend.worklist.models import Task
from tests.audit.changes import changes_of, last_change_of, run
from tests.factories.accounts import PatientFactory
from tests.factories.booking import NOW, VisitFactory
from tests.factories.worklist import TaskFactory

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
BY = job("upkeep")


@pytest.mark.django_db(transaction=True)
def test_a_change_past_the_code_names_the_role_of_the_database_and_no_request():
    task = TaskFactory()

    change = last_change_of(task)

    assert change.actor == f"database:{connection.settings_dict['USER']}"
    assert change.request_id == "none"


@pytest.mark.django_db(transaction=True)
def test_a_change_by_a_service_names_its_actor_and_request_and_shares_its_transaction():
    visit = VisitFactory(held=True)

    with acting_for("req_12345678"):
        confirm_visit(visit_id=visit.id, by=visit.patient.user.actor, at=NOW)

    change, entry = last_change_of(visit), AuditEntry.objects.get()
    assert (change.actor, change.request_id) == (visit.patient.user.actor.label, "req_12345678")
    assert (change.xid, entry.request_id) == (entry.xid, "req_12345678")
    assert (change.before["status"], change.after["status"]) == ("held", "booked")


@pytest.mark.django_db(transaction=True)
def test_who_acted_is_forgotten_with_the_transaction():
    visit = VisitFactory(held=True)
    confirm_visit(visit_id=visit.id, by=visit.patient.user.actor, at=NOW)

    Visit.objects.filter(id=visit.id).update(room="elsewhere")

    assert last_change_of(visit).actor.startswith("database:")


@pytest.mark.django_db(transaction=True)
def test_raw_sql_inside_a_service_is_the_services():
    task = TaskFactory()

    @service
    def tamper(*, by, at):
        run("UPDATE worklist_task SET note = 'raw' WHERE id = %s", task.id)

    tamper(by=BY, at=AT)

    assert last_change_of(task).actor == "job:upkeep"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_change_and_no_entry():
    task = TaskFactory()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Task.objects.filter(id=task.id).update(note="never")
        record("task.read", on=task, by=BY, at=AT)
        _ = 1 / 0

    assert [change.operation for change in changes_of(task)] == ["insert"]
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_changes_and_entries_are_numbered_by_one_sequence():
    patient = PatientFactory()
    entry = record("patient.read", on=patient, by=BY, at=AT)

    run("UPDATE accounts_patient SET version = version + 1 WHERE id = %s", patient.id)

    assert last_change_of(patient).id == entry.id + 1
