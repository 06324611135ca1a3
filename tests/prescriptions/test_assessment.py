"""The live what-if."""

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from tests.callers import Caller
from tests.factories.accounts import ApiClientFactory, AuditorFactory, StaffMemberFactory
from tests.factories.prescriptions import (
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db


def ask(row, by, language="en"):
    return Caller(by, language=language).get(f"/v1/prescriptions/{row.ref}/assessment")


def test_a_clear_prescription_may_be_approved_and_still_says_what_to_counsel():
    row = ready_prescription()

    said = ask(row, physician_for(row)).json()

    assert (said["decision"], said["may_be_approved"]) == ("clear", True)
    assert said["today"] == "2026-03-10"
    assert {finding["level"] for finding in said["findings"]} <= {"counsel", "warn"}
    assert "D-10" in [finding["rule"] for finding in said["findings"]]  # 20 mg for 52 kg is low


def test_a_blocked_one_shows_rule_reason_and_remedy_the_worst_first():
    row = ready_prescription(patient_on_doxycycline())

    said = ask(row, physician_for(row)).json()

    assert (said["decision"], said["may_be_approved"]) == ("block", False)
    worst = said["findings"][0]
    assert (worst["rule"], worst["level"]) == ("C-11", "block")
    assert worst["message"]
    assert worst["remedy"]
    assert worst["source"]


def test_missing_facts_are_named_with_who_can_bring_them():
    row = ready_prescription(ready_patient(without=["allergies", "weights"]))

    said = ask(row, physician_for(row)).json()

    assert {"patient.allergies", "patient.weights"} <= set(said["missing"])
    holds = [finding for finding in said["findings"] if finding["level"] == "hold"]
    assert all(finding["remedy_by"] for finding in holds)


def test_it_speaks_japanese_first():
    row = ready_prescription(patient_on_doxycycline())
    physician = physician_for(row)

    japanese = ask(row, physician, language="ja").json()["findings"][0]["message"]
    neither = ask(row, physician, language="fr").json()["findings"][0]["message"]

    assert not japanese.isascii()
    assert neither == japanese


def test_asking_changes_nothing_and_leaves_an_entry():
    row = ready_prescription()

    ask(row, physician_for(row))

    row.refresh_from_db()
    assert (row.status, row.version) == ("in_review", 1)
    assert not Decision.objects.exists()
    assert not OutboxEvent.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_ref) == ("prescription.assess", row.ref)


def test_staff_and_auditor_may_ask_and_patient_and_pharmacy_may_not():
    row = PrescriptionFactory(approved=True)
    clinic = row.clinic

    assert ask(row, StaffMemberFactory(clinic=clinic)).status_code == 200
    assert ask(row, AuditorFactory(clinic=clinic)).status_code == 200
    assert ask(row, row.patient).status_code == 403
    assert ask(row, ApiClientFactory(pharmacy__clinic=clinic)).status_code == 403
