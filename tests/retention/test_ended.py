"""Whose period is over: a list for people, a daily count for the metrics, and nothing by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.accounts.models import Patient
from backend.audit.models import AuditEntry, Erasure
from backend.operations.metrics import exposition
from backend.retention.models import RetentionReview
from backend.retention.queries import counted, review_is_due
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    ClinicFactory,
    PatientFactory,
    StaffMemberFactory,
)
from tests.factories.retention import LegalHoldFactory, long_kept
from workers.tasks.retention import review

pytestmark = pytest.mark.django_db
PATH = "/v1/ended_retentions"
NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.mark.parametrize("who", [AuditorFactory, StaffMemberFactory, AdministratorFactory])
def test_those_who_look_after_records_see_whose_period_is_over(clinic, who):
    over, held = long_kept(clinic=clinic), long_kept(clinic=clinic)
    LegalHoldFactory(patient=held)
    PatientFactory(clinic=clinic)  # registered a year ago
    long_kept()  # of another clinic

    rows = Caller(who(clinic=clinic)).get(PATH).json()["data"]

    shown = {row["id"]: (row["is_over"], row["is_held"], row["retained_until"]) for row in rows}
    assert shown == {
        over.ref: (True, False, "2030-12-01"),
        held.ref: (True, True, "2030-12-01"),
    }
    assert "山田" not in str(rows)


def test_the_list_tells_the_held_from_the_others(clinic):
    over, held = long_kept(clinic=clinic), long_kept(clinic=clinic)
    LegalHoldFactory(patient=held)
    caller = Caller(AdministratorFactory(clinic=clinic))

    found = {
        word: [row["id"] for row in caller.get(PATH, held=word).json()["data"]]
        for word in ("true", "false")
    }

    assert found == {"true": [held.ref], "false": [over.ref]}


def test_erase_is_offered_where_it_would_be_done(clinic):
    free, held = long_kept(clinic=clinic), long_kept(clinic=clinic)
    LegalHoldFactory(patient=held)

    def offered(who, patient):
        shown = Caller(who(clinic=clinic)).get(f"/v1/patients/{patient.ref}/retention").json()
        return shown["available_actions"]

    assert offered(AdministratorFactory, free) == ["erase"]
    assert offered(AdministratorFactory, held) == offered(AuditorFactory, free) == []


def test_a_patient_reads_how_long_the_own_record_is_kept():
    patient = PatientFactory(on_clock=True)

    shown = Caller(patient).get(f"/v1/patients/{patient.ref}/retention").json()

    assert (shown["years"], shown["retained_until"]) == (5, "2030-12-01")
    assert (shown["is_over"], shown["is_held"], shown["open"]) == (False, False, [])
    assert "医師法" in shown["law"]


def test_a_list_leaves_an_entry_for_each_patient_shown(clinic):
    for _ in range(2):
        long_kept(clinic=clinic)

    Caller(AuditorFactory(clinic=clinic)).get(PATH)

    assert AuditEntry.objects.filter(action="ended_retention.list").count() == 2


def test_once_a_day_they_are_counted_and_nothing_else_is_done():
    LegalHoldFactory(patient=long_kept())
    long_kept()
    PatientFactory()

    review()
    review()

    (row,) = RetentionReview.objects.all()
    assert (row.ended, row.held) == (2, 1)
    assert AuditEntry.objects.filter(action="ended_retention.review").count() == 1
    assert Patient.objects.filter(erased_at=None).count() == 3
    assert not Erasure.objects.exists()


def test_a_day_later_it_is_due_again():
    RetentionReview.objects.create(ran_at=NOW, ended=0, held=0)

    assert not review_is_due(at=NOW + timedelta(hours=23))
    assert review_is_due(at=NOW + timedelta(hours=24))


def test_all_patients_are_counted_however_many_fit_in_one_question(monkeypatch):
    monkeypatch.setattr("backend.retention.queries.CHUNK", 2)
    for _ in range(5):
        long_kept()

    assert counted(now=NOW) == (5, 0)


def test_the_metrics_show_the_newest_count():
    RetentionReview.objects.create(ran_at=NOW, ended=9, held=0)
    RetentionReview.objects.create(ran_at=NOW + timedelta(days=1), ended=3, held=1)

    text = exposition(NOW + timedelta(days=1)).decode()

    assert "\nsuhada_retention_ended_patients 3.0\n" in text
    assert "\nsuhada_retention_held_patients 1.0\n" in text
