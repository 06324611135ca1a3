"""Auditors see what rows were before and after, and by whom they were changed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from backend.audit.models import AuditEntry, RowChange
from backend.origin import acting_for
from tests.audit.past_guards import tamper
from tests.callers import Caller
from tests.factories.accounts import (
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.formulary import ProductFactory
from tests.factories.records import WeightFactory
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db
PATH = "/v1/row_changes"


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def auditor(patient):
    return AuditorFactory(clinic=patient.clinic)


def found(who, **filters):
    answer = Caller(who).get(PATH, limit=100, **filters)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_change_past_the_service_is_shown_with_before_and_after(patient, auditor):
    task = TaskFactory(patient=patient)
    run("UPDATE worklist_task SET note = 'late' WHERE id = %s", task.id)

    change = found(auditor, table="worklist_task", operation="update")[0]

    assert (change["before"]["note"], change["after"]["note"]) == ("", "late")
    assert (change["patient"], change["row"]) == (patient.ref, str(task.id))
    assert change["actor"].startswith("database:")
    assert (change["is_erased"], change["request_id"]) == (False, "none")


def test_a_change_by_the_service_names_who_did_it_for_which_request(patient, auditor):
    staff = StaffMemberFactory(clinic=patient.clinic)
    body = {"patient": patient.ref, "kg": "52.5", "taken_on": "2026-03-09"}
    answer = Caller(staff).post("/v1/weights", body)

    (change,) = found(auditor, request_id=answer["X-Request-Id"])

    assert (change["table"], change["operation"]) == ("records_weight", "insert")
    assert (change["actor"], change["before"]) == (staff.user.actor.label, None)
    assert change["after"]["kg"] == 52.5


def test_they_are_found_by_patient_table_row_actor_and_time(patient, auditor):
    weight, other = WeightFactory(patient=patient), WeightFactory(patient__clinic=patient.clinic)
    mine = RowChange.objects.get(table_name="records_weight", patient_id=patient.id)
    later = (mine.recorded_at + timedelta(microseconds=1)).isoformat()

    def numbers(**filters):
        return {change["id"] for change in found(auditor, table="records_weight", **filters)}

    theirs = RowChange.objects.get(table_name="records_weight", patient_id=other.patient_id)
    assert numbers() == {str(mine.id), str(theirs.id)}
    assert numbers(patient=patient.ref) == {str(mine.id)}
    assert numbers(row=weight.ref) == numbers(row=str(weight.id)) == {str(mine.id)}
    assert numbers(actor=mine.actor) == {str(mine.id), str(theirs.id)}
    assert numbers(actor="nobody") == set()
    assert numbers(recorded_from=later) == {str(theirs.id)}
    assert numbers(recorded_before=later) == {str(mine.id)}


def test_what_is_the_clinics_and_nobodys_is_shown_and_other_clinics_rows_are_not(patient, auditor):
    ours = ProductFactory(clinic=patient.clinic)
    theirs = ProductFactory()
    stranger = PatientFactory(clinic=theirs.clinic)

    rows = {change["row"] for change in found(auditor)}
    patients = {change["patient"] for change in found(auditor)}

    assert str(ours.id) in rows
    assert str(theirs.id) not in rows
    assert stranger.ref not in patients
    assert patient.ref in patients


def erase(change):
    tamper(
        "UPDATE audit_rowchange SET salt = NULL, before = NULL, after = NULL, patient_id = NULL "
        "WHERE id = %s",
        change.id,
    )


def test_an_erased_change_stays_with_the_clinic_that_acted_and_tells_nothing(patient, auditor):
    staff = StaffMemberFactory(clinic=patient.clinic)
    with acting_for("req_of_this_act"):
        answer = Caller(staff).post(
            "/v1/weights", {"patient": patient.ref, "kg": "52.5", "taken_on": "2026-03-09"}
        )
    change = RowChange.objects.get(request_id=answer["X-Request-Id"])
    erase(change)

    (shown,) = found(auditor, request_id=answer["X-Request-Id"])

    assert (shown["is_erased"], shown["patient"], shown["after"]) == (True, None, None)
    assert shown["leaf"] == bytes(change.leaf).hex()


@pytest.mark.django_db(transaction=True)
def test_another_clinic_does_not_see_what_was_erased():
    patient = PatientFactory()
    weight = WeightFactory(patient=patient)
    change = RowChange.objects.get(table_name="records_weight", row_id=str(weight.id))
    erase(change)

    assert str(change.id) not in {row["id"] for row in found(AuditorFactory())}


@pytest.mark.parametrize("who", ["patient", "physician"])
def test_rows_are_for_auditors_only(patient, who):
    people = {"patient": patient, "physician": PhysicianFactory(clinic=patient.clinic)}

    answer = Caller(people[who]).get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_looking_leaves_one_entry_for_each_patient_shown(patient, auditor):
    other = PatientFactory(clinic=patient.clinic)

    found(auditor, table="accounts_patient")

    left = AuditEntry.objects.filter(action="row_change.list")
    assert {entry.patient_ref for entry in left} == {patient.ref, other.ref}


def test_a_list_that_shows_nobody_leaves_one_entry(auditor):
    found(auditor, table="nothing")

    (entry,) = AuditEntry.objects.filter(action="row_change.list")
    assert (entry.object_ref, entry.pseudonym) == ("row_change", None)


@pytest.mark.parametrize(
    "parameters", [{"table__regex": "x"}, {"patient": "nobody"}, {"operation": "truncate"}]
)
def test_it_is_asked_in_declared_words_only(auditor, parameters):
    assert Caller(auditor).get(PATH, **parameters).status_code == 400


def test_a_page_takes_the_same_number_of_queries_however_many_rows(
    patient, auditor, django_assert_max_num_queries
):
    with transaction.atomic():
        for _ in range(10):
            WeightFactory(patient__clinic=patient.clinic)

    with django_assert_max_num_queries(12):
        assert len(found(auditor)) > 20
