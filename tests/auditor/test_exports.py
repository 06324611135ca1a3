"""Exports over the API: who may ask for what, what becomes of it, and what it leaves."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from backend import clock
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from backend.auditor.models import AuditExport, AuditExportPart
from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from tests.audit.past_guards import destroy_key
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
)
from tests.factories.auditor import AT, BYTES, AuditExportFactory
from workers.tasks.exports import sweep

pytestmark = pytest.mark.django_db
PATH = "/v1/audit_exports"
PERIOD = {"recorded_from": "2026-03-01T00:00:00Z", "recorded_until": "2026-04-01T00:00:00Z"}
BY = job("exports")


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def auditor(patient):
    return AuditorFactory(clinic=patient.clinic)


def asked(who, **body):
    return Caller(who).post(PATH, body)


def test_an_auditor_asks_for_a_patient_and_a_worker_hears_of_it(patient, auditor):
    answer = asked(auditor, patient=patient.ref)

    shown = answer.json()
    assert (answer.status_code, shown["status"]) == (201, "requested")
    assert (shown["patient"], shown["with_rows"]) == (patient.ref, True)
    event = OutboxEvent.objects.get(type="auditor.audit_export.requested")
    assert event.payload["audit_export_id"] == shown["id"]
    entry = AuditEntry.objects.get(action="audit_export.request")
    assert (entry.patient_ref, entry.object_ref) == (patient.ref, shown["id"])


def test_an_auditor_asks_for_a_period(auditor):
    shown = asked(auditor, **PERIOD).json()

    assert (shown["patient"], shown["pseudonym"]) == (None, None)
    assert shown["recorded_from"] == "2026-03-01T00:00:00Z"


def test_a_patient_asks_for_what_concerns_herself_and_rows_stay_closed(patient):
    shown = asked(patient).json()

    assert (shown["patient"], shown["with_rows"]) == (patient.ref, False)
    assert shown["pseudonym"] == pseudonym_of(patient.ref)


@pytest.mark.parametrize("body", [PERIOD, {"pseudonym": "psn_x"}])
def test_a_patient_gets_nothing_but_her_own_record(patient, body):
    answer = asked(patient, **body)

    assert (answer.status_code, answer.json()["code"]) == (422, "own_record_only")


def test_a_stranger_is_not_there(patient, auditor):
    stranger = PatientFactory()

    for who in (auditor, patient):
        answer = asked(who, patient=stranger.ref)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_pseudonym_of_another_clinic_is_not_there(auditor):
    stranger = PatientFactory()

    assert asked(auditor, pseudonym=pseudonym_of(stranger.ref)).status_code == 404


def test_after_erasure_a_patient_is_asked_for_by_pseudonym(patient, auditor):
    Caller(patient).get("/v1/me")
    Caller(patient).get(f"/v1/patients/{patient.ref}")
    pseudonym = pseudonym_of(patient.ref)
    with transaction.atomic():
        destroy_key(patient.ref, at=clock.now())

    shown = asked(auditor, pseudonym=pseudonym).json()

    assert (shown["patient"], shown["pseudonym"]) == (None, pseudonym)
    assert asked(auditor, patient=patient.ref).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "one_scope"),
        ({"recorded_from": PERIOD["recorded_from"]}, "one_scope"),
        ({"patient": "the patient", **PERIOD}, "one_scope"),
        ({"patient": "the patient", "pseudonym": "psn_x"}, "one_scope"),
        (
            {
                "recorded_from": PERIOD["recorded_until"],
                "recorded_until": PERIOD["recorded_from"],
            },
            "period_reversed",
        ),
    ],
)
def test_an_export_is_of_a_patient_or_of_a_period(patient, auditor, body, code):
    body = body | ({"patient": patient.ref} if "patient" in body else {})

    answer = asked(auditor, **body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("factory", [PhysicianFactory, AdministratorFactory])
def test_others_export_nothing(patient, factory):
    answer = asked(factory(clinic=patient.clinic), patient=patient.ref)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_who_you_are_is_asked_once_more(patient):
    answer = Caller(patient, fresh=False).post(PATH, {})

    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")


def test_one_at_a_time(patient, auditor):
    assert asked(auditor, patient=patient.ref).status_code == 201

    answer = asked(auditor, **PERIOD)

    assert (answer.status_code, answer.json()["code"]) == (409, "export_under_way")
    assert asked(patient).status_code == 201, "of each person"


def test_an_auditor_sees_those_of_the_clinic_and_a_patient_those_she_asked_for(patient, auditor):
    theirs = AuditExportFactory(patient=patient, auditor=auditor)
    own = AuditExportFactory(patient=patient, by_patient=True)
    elsewhere = AuditExportFactory()

    seen = {who: Caller(who).get(PATH).json()["data"] for who in (auditor, patient)}

    assert [row["id"] for row in seen[auditor]] == [own.ref, theirs.ref]
    assert [row["id"] for row in seen[patient]] == [own.ref]
    assert Caller(patient).get(f"{PATH}/{theirs.ref}").status_code == 404
    assert Caller(auditor).get(f"{PATH}/{elsewhere.ref}").status_code == 404


def test_the_list_asks_the_database_equally_often_however_long_it_is(
    patient, auditor, django_assert_max_num_queries
):
    for _ in range(5):
        AuditExportFactory(patient=PatientFactory(clinic=patient.clinic), ready=True)

    with django_assert_max_num_queries(12):
        assert len(Caller(auditor).get(PATH).json()["data"]) == 5


@pytest.fixture
def ready(patient, auditor):
    with time_machine.travel(AT, tick=False):
        yield AuditExportFactory(patient=patient, auditor=auditor, ready=True)


def download(who, export):
    return Caller(who).get(f"{PATH}/{export.ref}/download")


def test_a_ready_export_is_downloaded_and_that_leaves_an_entry(ready, auditor, patient):
    answer = download(auditor, ready)

    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Length"] == str(len(BYTES))
    assert answer["Content-Disposition"] == f'attachment; filename="audit-{ready.ref}.zip"'
    assert answer["Cache-Control"] == "no-store"
    (entry,) = AuditEntry.objects.filter(action="audit_export.download")
    assert (entry.patient_ref, entry.outcome) == (patient.ref, "done")


def test_everybody_whose_records_are_in_a_download_learns_of_it(auditor, patient):
    other = PatientFactory(clinic=patient.clinic)
    shown = [pseudonym_of(one.ref) for one in (patient, other)]
    export = AuditExportFactory(patient=patient, auditor=auditor, of_period=True, ready=True)
    AuditExport.objects.update(shows=shown, expires_at=clock.now() + timedelta(days=1))

    assert download(auditor, export).status_code == 200

    left = AuditEntry.objects.filter(action="audit_export.download").exclude(pseudonym=None)
    assert {entry.pseudonym for entry in left} == set(shown)


@pytest.mark.parametrize("traits", [{}, {"building": True}])
def test_what_is_not_ready_is_not_downloaded(patient, auditor, traits):
    export = AuditExportFactory(patient=patient, auditor=auditor, **traits)

    answer = download(auditor, export)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")
    assert AuditEntry.objects.get(action="audit_export.download").outcome == "refused"


def test_a_download_can_be_had_for_seven_days(ready, auditor):
    with time_machine.travel(AT + timedelta(days=7, seconds=-1), tick=False):
        assert download(auditor, ready).status_code == 200
    with time_machine.travel(AT + timedelta(days=7), tick=False):
        answer = download(auditor, ready)

    assert (answer.status_code, answer.json()["code"]) == (409, "export_gone")


def test_after_seven_days_the_bytes_are_gone(ready):
    with time_machine.travel(AT + timedelta(days=7), tick=False):
        sweep()

    ready.refresh_from_db()
    assert (ready.status, AuditExportPart.objects.count()) == ("expired", 0)


def test_before_that_they_stay(ready):
    with time_machine.travel(AT + timedelta(days=7, seconds=-1), tick=False):
        sweep()

    ready.refresh_from_db()
    assert (ready.status, AuditExportPart.objects.count()) == ("ready", 1)


def test_erasure_reaches_the_copies_that_were_made(ready, auditor, patient):
    with transaction.atomic():
        destroy_key(patient.ref, at=clock.now())

    refused = download(auditor, ready)
    sweep()

    assert refused.json()["code"] == "export_gone"
    ready.refresh_from_db()
    assert (ready.status, AuditExportPart.objects.count()) == ("expired", 0)


def test_the_erasure_of_somebody_else_changes_nothing(ready, auditor):
    other = PatientFactory()
    with transaction.atomic():
        destroy_key(other.ref, at=clock.now())

    sweep()

    assert download(auditor, ready).status_code == 200
