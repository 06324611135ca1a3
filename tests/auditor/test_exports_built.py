"""Exports over the API: who may ask for what, what becomes of it, and what it leaves."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from backend.auditor import building
from backend.auditor.models import AuditExport, AuditExportPart
from backend.auditor.sealed_parts import file_of
from backend.auditor.services.claim_export import claim_export
from backend.auditor.services.keep_part import keep_part
from backend.kernel.actor import job
from backend.kernel.errors import LeaseLost
from tests.callers import Caller
from tests.factories.accounts import (
    AuditorFactory,
    PatientFactory,
)
from tests.factories.auditor import AT, BYTES, AuditExportFactory, kept

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


@pytest.fixture
def ready(patient, auditor):
    with time_machine.travel(AT, tick=False):
        yield AuditExportFactory(patient=patient, auditor=auditor, ready=True)


def download(who, export):
    return Caller(who).get(f"{PATH}/{export.ref}/download")


def test_the_bytes_are_sealed_where_they_are_kept(ready):
    assert BYTES not in bytes(AuditExportPart.objects.get().sealed)
    assert b"".join(file_of(ready)) == BYTES


def claimed(at=AT, **of):
    return claim_export(by=BY, at=at, **of)


def test_two_workers_do_not_build_the_same_export():
    export = AuditExportFactory()

    first, second = claimed(), claimed()

    assert (first.id, first.epoch, second) == (export.id, 1, None)


def test_what_a_dead_worker_left_is_begun_again_and_its_pieces_are_gone():
    export = AuditExportFactory()
    dead = claimed()
    kept(export, b"half of it")

    alive = claimed(at=AT + timedelta(minutes=15))

    assert (alive.epoch, AuditExportPart.objects.count()) == (2, 0)
    with pytest.raises(LeaseLost):
        keep_part(export_id=export.id, epoch=dead.epoch, number=0, data=b"late", by=BY, at=AT)


def test_the_lease_lasts_fifteen_minutes_from_the_last_piece():
    export = AuditExportFactory()
    claimed()
    ten_later = AT + timedelta(minutes=10)
    keep_part(export_id=export.id, epoch=1, number=0, data=b"piece", by=BY, at=ten_later)

    assert claimed(at=ten_later + timedelta(minutes=15, seconds=-1)) is None
    assert claimed(at=ten_later + timedelta(minutes=15)).epoch == 2


def test_after_three_tries_it_has_failed():
    export = AuditExportFactory()
    for number in range(3):
        assert claimed(at=AT + number * timedelta(hours=1)).epoch == number + 1

    assert claimed(at=AT + timedelta(hours=3)) is None
    export.refresh_from_db()
    assert (export.status, export.failure) == ("failed", "gave_up")


def test_nothing_sealed_is_a_failure_that_says_so():
    AuditExportFactory()

    building.build_export(claimed(), by=BY, at=AT)

    export = AuditExport.objects.get()
    assert (export.status, export.failure) == ("failed", "nothing_sealed")
    assert AuditExportPart.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "lost"}, "status_known"),
        ({"pseudonym": None}, "of_a_patient_or_a_period"),
        ({"recorded_from": AT, "recorded_until": AT}, "of_a_patient_or_a_period"),
        ({"pseudonym": None, "recorded_from": AT}, "period_whole"),
        ({"status": "building"}, "building_on_lease"),
        ({"lease_until": AT}, "building_on_lease"),
        ({"status": "ready"}, "ready_is_signed"),
        ({"status": "failed"}, "failed_says_why"),
        ({"failure": "why"}, "failed_says_why"),
    ],
)
def test_the_database_refuses_what_no_export_can_be(change, constraint):
    export = AuditExportFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AuditExport.objects.filter(id=export.id).update(**change)


def test_the_database_keeps_one_at_a_time():
    export = AuditExportFactory()

    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        AuditExportFactory(clinic=export.clinic, requested_by=export.requested_by)


def test_a_piece_has_one_number():
    export = AuditExportFactory(ready=True)

    with pytest.raises(DatabaseError, match="part_once"), transaction.atomic():
        kept(export, b"again")


def test_the_wall_clock_is_the_one_that_counts(patient):
    before = datetime.now(UTC)

    shown = asked(patient).json()

    assert datetime.fromisoformat(shown["requested_at"]) >= before
