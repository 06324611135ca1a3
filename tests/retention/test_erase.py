"""Erasing over the API and past it: what is refused, by the service and by the database."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from backend.audit.models import AuditEntry, Erasure, PatientKey
from backend.outbox.models import OutboxEvent
from tests.audit.changes import run
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory, AuditorFactory, PatientFactory
from tests.factories.booking import VisitFactory
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory
from tests.factories.records import WeightFactory
from tests.factories.retention import YEARS_LATER, LegalHoldFactory, long_kept
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db
ENDED = {"reason": "retention_ended"}
WISHED = {"reason": "patient_request"}
INSERT = (
    "INSERT INTO audit_erasure (id, version, patient_id, patient_ref, clinic_id, reason, years,"
    " last_entry_on, retained_until, erased_at, erased_by)"
    " VALUES (%s, 1, %s, %s, %s, 'retention_ended', %s, '2025-12-01', %s, %s, 'nobody')"
)


@pytest.fixture
def patient():
    return long_kept()


@pytest.fixture
def administrator(patient):
    return AdministratorFactory(clinic=patient.clinic)


def asked(who, patient, body=None, version=None, **options):
    path = f"/v1/patients/{patient.ref}/erase"
    return Caller(who, **options).post(path, body or ENDED, version=version or patient.version)


def insert(patient, *, ref=None, years=5, until="2031-01-01"):
    clinic = patient.clinic_id
    run(INSERT, uuid4(), patient.id, ref or patient.ref, clinic, years, until, YEARS_LATER)


def refused_by_database(constraint, patient, **how):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        insert(patient, **how)
    assert error.value.__cause__.diag.constraint_name == constraint
    assert PatientKey.objects.filter(patient_ref=patient.ref, destroyed_at=None).exists()


def test_a_record_whose_period_is_over_is_erased(patient, administrator):
    WeightFactory(patient=patient)

    answer = asked(administrator, patient)

    shown = answer.json()
    assert (answer.status_code, shown["patient"], shown["years"]) == (200, patient.ref, 5)
    assert (shown["last_entry_on"], shown["retained_until"]) == ("2026-03-09", "2031-03-09")
    assert shown["erased_by"] == administrator.user.actor.label
    patient.refresh_from_db()
    assert (patient.name, patient.status, patient.user.is_active) == ("[erased]", "erased", False)
    assert not PatientKey.objects.filter(patient_ref=patient.ref).exists()


def test_the_erasure_leaves_an_entry_that_its_key_proves(patient, administrator):
    asked(administrator, patient)

    entry = AuditEntry.objects.get(action="patient.erase")
    key = PatientKey.objects.get(pseudonym=entry.pseudonym)
    assert (entry.actor, entry.at) == (administrator.user.actor.label, key.destroyed_at)
    event = OutboxEvent.objects.get(type="retention.patient.erased")
    assert set(event.payload) == {"erasure_id", "clinic_id"}


def test_a_retry_gets_the_same_answer_and_erases_nobody_twice(patient, administrator):
    caller = Caller(administrator)
    path = f"/v1/patients/{patient.ref}/erase"

    first = caller.post(path, ENDED, version=patient.version, key="once")
    again = caller.post(path, ENDED, version=patient.version, key="another")

    assert (first.status_code, again.status_code) == (200, 404)
    assert Erasure.objects.count() == 1


def test_before_the_last_day_the_answer_names_the_day_and_the_law(administrator):
    patient = PatientFactory(clinic=administrator.clinic, on_clock=True)

    answer = asked(administrator, patient, WISHED)

    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "retention_runs")
    assert (said["retained_until"], said["years"]) == ("2030-12-01", 5)
    assert "医師法" in said["law"]
    assert "GDPR" in said["detail"]
    assert "does not override" in said["detail"]


def test_under_a_hold_nothing_is_erased_until_it_is_lifted(patient, administrator):
    hold = LegalHoldFactory(patient=patient)

    held = asked(administrator, patient)
    auditor = AuditorFactory(clinic=patient.clinic)
    why = {"lift_reason": "訴訟が終了したため、保全は不要です。"}
    Caller(auditor).post(f"/v1/legal_holds/{hold.ref}/lift", why, version=1)
    free = asked(administrator, patient)

    assert (held.status_code, held.json()["code"]) == (409, "under_legal_hold")
    assert held.json()["legal_holds"] == [hold.ref]
    assert free.status_code == 200


@pytest.mark.parametrize(
    ("opened", "named"),
    [
        (lambda patient: CourseFactory(patient=patient, running=True), ["course"]),
        (lambda patient: CourseFactory(patient=patient, halted=True), ["course"]),
        (lambda patient: TaskFactory(patient=patient), ["task"]),
        (lambda patient: VisitFactory(patient=patient), ["visit"]),
    ],
)
def test_while_something_goes_on_nothing_is_erased(patient, administrator, opened, named):
    opened(patient)

    answer = asked(administrator, patient)

    assert (answer.status_code, answer.json()["code"]) == (409, "record_open")
    assert answer.json()["open"] == named
    refused_by_database("erasure_of_a_closed_record", patient)


def test_a_prescription_that_could_be_handed_over_keeps_the_record_open(administrator):
    row = PrescriptionFactory(approved=True, clinic=administrator.clinic)
    row.patient.test_clock.frozen_at = YEARS_LATER
    row.patient.test_clock.save()

    answer = asked(AdministratorFactory(clinic=row.patient.clinic), row.patient)

    assert answer.json()["open"] == ["course", "prescription"]


def test_erasing_asks_for_the_version_and_for_a_fresh_proof(patient, administrator):
    unnamed = Caller(administrator).post(f"/v1/patients/{patient.ref}/erase", ENDED)
    stale = asked(administrator, patient, version=7)
    tired = asked(administrator, patient, fresh=False)

    assert [each.status_code for each in (unnamed, stale, tired)] == [428, 412, 403]
    assert tired.json()["code"] == "reauthentication_required"
    assert not Erasure.objects.exists()


def test_the_administrator_of_another_clinic_finds_nobody(patient):
    assert asked(AdministratorFactory(), patient).status_code == 404


def test_the_database_refuses_an_erasure_under_a_hold(patient):
    LegalHoldFactory(patient=patient)

    refused_by_database("erasure_not_under_hold", patient)


@pytest.mark.parametrize("how", [{"years": 4}, {"until": "2030-11-30"}])
def test_the_database_refuses_an_erasure_by_a_shorter_period_than_the_laws(patient, how):
    refused_by_database("erasure_after_retention", patient, **how)


def test_the_database_refuses_an_erasure_before_the_last_day():
    refused_by_database("erasure_after_retention", PatientFactory(on_clock=True))


def test_the_database_refuses_an_erasure_that_names_anothers_key(patient):
    other = PatientFactory(clinic=patient.clinic)

    refused_by_database("erasure_of_one_patient", patient, ref=other.ref)

    assert PatientKey.objects.filter(patient_ref=other.ref).exists()


def test_the_database_erases_by_one_row_whoever_inserts_it(patient):
    insert(patient)

    patient.refresh_from_db()
    assert patient.name == "[erased]"
    assert not PatientKey.objects.filter(patient_ref=patient.ref).exists()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM audit_erasure", "UPDATE audit_erasure SET years = 9"]
)
def test_an_erasure_stays(patient, statement):
    insert(patient)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)


def test_no_key_is_destroyed_without_an_erasure(patient):
    with pytest.raises(DatabaseError, match="by an erasure"), transaction.atomic():
        run(
            "UPDATE audit_patientkey SET patient_ref = NULL, wrapped = NULL, destroyed_at = now() "
            "WHERE patient_ref = %s",
            patient.ref,
        )


def test_the_list_of_erasures_names_nobody(patient, administrator):
    asked(administrator, patient)

    (shown,) = Caller(administrator).get("/v1/erasures").json()["data"]

    assert shown["patient"] == patient.ref
    assert "山田" not in str(shown)
