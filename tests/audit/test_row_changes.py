"""Rows of the clinical tables, changed past the code: the database keeps before and after."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from backend.accounts.models import Patient
from backend.audit.models import RowChange
from backend.booking.models import Visit
from backend.followups.models import Escalation
from backend.kernel.actor import job
from backend.notifications.models import Attempt
from backend.records.models import Weight
from backend.worklist.models import Task
from tests.audit.changes import changes_of, last_change_of, run
from tests.audit.past_guards import note_erasure
from tests.factories.accounts import PatientFactory
from tests.factories.booking import VisitFactory
from tests.factories.formulary import LotFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.records import WeightFactory
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
BY = job("upkeep")


def images(row):
    return [(change.operation, change.before, change.after) for change in changes_of(row)]


def test_an_inserted_row_is_kept_as_it_became():
    task = TaskFactory(note="電話しました", done_at=None)

    (change,) = changes_of(task)

    assert (change.operation, change.before) == ("insert", None)
    assert change.after["note"] == "電話しました"
    assert change.after["done_at"] is None
    assert change.after["opened_at"] == "2026-03-10T03:00:00+00:00"
    assert change.patient_id == task.patient_id
    assert set(change.after) == {field.column for field in Task._meta.concrete_fields}


def test_raw_sql_that_changes_a_row_leaves_before_and_after():
    task = TaskFactory()

    run("UPDATE worklist_task SET note = 'late' WHERE id = %s", task.id)

    change = last_change_of(task)
    assert (change.operation, change.before["note"], change.after["note"]) == ("update", "", "late")
    assert change.before | {"note": "late"} == change.after


def test_raw_sql_that_deletes_a_row_leaves_what_it_was():
    task = TaskFactory(note="kept")

    run("DELETE FROM worklist_task WHERE id = %s", task.id)

    change = last_change_of(task)
    assert (change.operation, change.before["note"], change.after) == ("delete", "kept", None)
    assert change.patient_id == task.patient_id


def test_one_statement_over_many_rows_leaves_one_change_each():
    weights = [WeightFactory() for _ in range(3)]

    run(
        "INSERT INTO records_weight SELECT (jsonb_populate_record(w, jsonb_build_object("
        "'id', gen_random_uuid(), 'kg', 61.5))).* FROM records_weight AS w"
    )

    copies = Weight.objects.filter(kg=Decimal("61.5"))
    assert [changes_of(copy)[0].operation for copy in copies] == ["insert"] * 3
    assert {changes_of(copy)[0].patient_id for copy in copies} == {w.patient_id for w in weights}


def test_a_row_that_is_put_in_or_else_changed_leaves_the_change():
    visit = VisitFactory()

    run(
        "INSERT INTO booking_visit SELECT * FROM booking_visit WHERE id = %s "
        "ON CONFLICT (id) DO UPDATE SET version = 2",
        visit.id,
    )

    assert [change.operation for change in changes_of(visit)] == ["insert", "update"]


def test_an_update_by_the_orm_in_bulk_leaves_one_change_a_row():
    tasks = [TaskFactory() for _ in range(3)]

    Task.objects.filter(id__in=[task.id for task in tasks]).update(note="bulk")

    for task in tasks:
        assert last_change_of(task).after["note"] == "bulk"


def test_rows_made_and_changed_in_bulk_leave_one_change_each():
    patient = PatientFactory()
    weights = Weight.objects.bulk_create(
        [WeightFactory.build(patient=patient, kg=Decimal(kg)) for kg in ("50.1", "50.3")]
    )
    visits = [VisitFactory(), VisitFactory()]
    for visit in visits:
        visit.room = visit.id.hex

    Visit.objects.bulk_update(visits, ["room"])

    assert [changes_of(weight)[0].after["kg"] for weight in weights] == [50.1, 50.3]
    for visit in visits:
        assert last_change_of(visit).after["room"] == visit.room


def test_rows_that_fall_with_another_leave_their_changes_too():
    visit = VisitFactory()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(
        "ALTER TABLE booking_visit "
        "DROP CONSTRAINT booking_visit_patient_id_c88ebe74_fk_accounts_patient_id, "
        "ADD FOREIGN KEY (patient_id) REFERENCES accounts_patient (id) ON DELETE CASCADE"
    )

    run("DELETE FROM accounts_patient WHERE id = %s", visit.patient_id)

    assert last_change_of(visit).operation == "delete"
    gone = RowChange.objects.filter(table_name="accounts_patient", operation="delete").get()
    assert gone.patient_id == visit.patient_id


def test_an_update_that_changes_nothing_was_an_update():
    task = TaskFactory()

    run("UPDATE worklist_task SET note = note WHERE id = %s", task.id)

    change = last_change_of(task)
    assert (change.operation, change.before) == ("update", change.after)


def test_a_patients_own_row_is_the_patients_and_is_not_named_in_what_is_proven():
    patient = PatientFactory()

    run("UPDATE accounts_patient SET telephone = '03-0000-0000' WHERE id = %s", patient.id)

    change = last_change_of(patient)
    assert (change.row_id, change.patient_id) == ("itself", patient.id)
    assert change.after["id"] == str(patient.id)
    assert str(patient.id) not in bytes(change.body).decode()


def test_a_row_without_a_patient_of_its_own_asks_its_parent():
    notice, task = NotificationFactory(), TaskFactory(urgent=True)

    attempt = Attempt.objects.create(notification=notice, epoch=1, message_id="<a@b>", at=AT)
    escalation = Escalation.objects.create(task=task, at=AT)

    assert changes_of(attempt)[0].patient_id == notice.patient_id
    assert changes_of(escalation)[0].patient_id == task.patient_id
    assert changes_of(attempt)[0].row_id == str(attempt.id)


def test_a_clinical_row_about_nobody_is_nobodys():
    lot = LotFactory()

    run("UPDATE formulary_lot SET version = version + 1 WHERE id = %s", lot.id)

    assert [change.patient_id for change in changes_of(lot)] == [None, None]


def test_the_image_is_the_same_whatever_the_session_shows():
    task = TaskFactory()
    run("SET LOCAL timezone = 'Asia/Tokyo'")

    run("UPDATE worklist_task SET version = 2 WHERE id = %s", task.id)

    assert last_change_of(task).after["opened_at"] == "2026-03-10T03:00:00+00:00"


ERASED = "patient_id = NULL, salt = NULL, before = NULL, after = NULL"


def test_erasure_takes_the_images_their_salt_and_the_patient_and_leaves_the_proof():
    task = TaskFactory()
    change = changes_of(task)[0]
    note_erasure(task.patient)

    run(f"UPDATE audit_rowchange SET {ERASED} WHERE id = %s", change.id)

    erased = RowChange.objects.get(id=change.id)
    assert (erased.patient_id, erased.salt, erased.before, erased.after) == (None,) * 4
    assert (bytes(erased.body), bytes(erased.leaf)) == (bytes(change.body), bytes(change.leaf))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_rowchange",
        "UPDATE audit_rowchange SET actor = 'nobody'",
        "UPDATE audit_rowchange SET after = '{}'",
        "UPDATE audit_rowchange SET before = NULL, after = NULL, salt = NULL",
        "UPDATE audit_rowchange SET patient_id = NULL, before = NULL, after = NULL",
        "UPDATE audit_rowchange SET patient_id = NULL, salt = NULL, after = NULL, before = '{}'",
        "UPDATE audit_rowchange SET patient_id = NULL, salt = NULL, before = NULL, after = '{}'",
        *(
            f"UPDATE audit_rowchange SET {ERASED}, {other}"
            for other in (
                "id = id + 1000000",
                "xid = xid + 1",
                "recorded_at = recorded_at + interval '1 second'",
                "table_name = 'other'",
                "row_id = 'other'",
                "operation = 'delete'",
                "actor = 'nobody'",
                "request_id = 'other'",
                "body = 'other'",
                "leaf = 'other'",
            )
        ),
    ],
)
def test_the_database_refuses_every_other_change_of_what_it_kept(statement):
    task = TaskFactory()
    change = changes_of(task)[0]
    note_erasure(task.patient)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)

    assert changes_of(Task.objects.get())[0] == change


def test_nothing_is_emptied_of_a_patient_who_was_not_erased():
    task = TaskFactory()
    note_erasure(PatientFactory())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"UPDATE audit_rowchange SET {ERASED} WHERE patient_id = %s", task.patient_id)

    assert changes_of(task)[0].after is not None


def test_a_change_that_cannot_be_kept_does_not_happen():
    patient = PatientFactory()
    run("ALTER TABLE audit_rowchange ADD CHECK (false) NOT VALID")

    with pytest.raises(DatabaseError), transaction.atomic():
        run("UPDATE accounts_patient SET telephone = '03-0000-0000' WHERE id = %s", patient.id)

    assert Patient.objects.get(id=patient.id).telephone == patient.telephone
