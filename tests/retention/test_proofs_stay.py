"""What was proven stays proven: bundles made before an erasure and after it, and the live trail."""

import json

import pytest

from backend import clock
from backend.audit.keys import pseudonym_of
from backend.audit.verify.trail import verify_trail
from backend.auditor.models import AuditExportPart
from tests.audit.bundle_files import entries_of, verified
from tests.audit.sealing import SIGNER, VKEY, seal_everything
from tests.auditor.test_export_end_to_end import (
    LONG,
    asked,
    built,
    downloaded,
    opened_in,
    whole_way,
)
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    StaffMemberFactory,
)
from tests.factories.retention import YEARS_LATER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    """Weighed by staff in 2026; by her clock it is 2033. All is sealed."""
    patient = PatientFactory(on_clock=True)
    body = {"patient": patient.ref, "kg": "52.5", "taken_on": "2026-03-09"}
    weighed = Caller(StaffMemberFactory(clinic=patient.clinic)).post("/v1/weights", body)
    assert weighed.status_code == 201
    patient.test_clock.frozen_at = YEARS_LATER
    patient.test_clock.save()
    seal_everything()
    return patient


@pytest.fixture
def auditor(patient):
    return AuditorFactory(clinic=patient.clinic)


def erase(patient):
    administrator = AdministratorFactory(clinic=patient.clinic)
    answer = Caller(administrator).post(
        f"/v1/patients/{patient.ref}/erase", {"reason": "retention_ended"}, version=patient.version
    )
    assert answer.status_code == 200, answer.content


def test_a_bundle_made_before_still_verifies(patient, auditor, tmp_path):
    path = whole_way(auditor, tmp_path / "before.zip", patient=patient.ref)

    erase(patient)
    seal_everything()

    assert verified(path, "--key", VKEY)[0] == 0
    assert any("52.5" in text for text in opened_in(path))


def test_a_bundle_made_after_it_verifies_and_opens_nothing_of_hers(patient, auditor, tmp_path):
    pseudonym = pseudonym_of(patient.ref)
    erase(patient)
    seal_everything()

    path = whole_way(auditor, tmp_path / "after.zip", **LONG)

    hers = [entry for entry in entries_of(path) if entry["said"].get("patient") == pseudonym]
    assert verified(path, "--key", VKEY)[0] == 0
    assert {"weight.note", "patient.erase"} <= {entry["said"]["action"] for entry in hers}
    assert [entry for entry in hers if "opened" in entry] == []
    assert not any("52.5" in text for text in opened_in(path))
    assert "山田" not in json.dumps(entries_of(path), ensure_ascii=False)


def test_the_auditor_still_asks_for_her_by_pseudonym(patient, auditor, tmp_path):
    pseudonym = pseudonym_of(patient.ref)
    erase(patient)
    seal_everything()

    path = whole_way(auditor, tmp_path / "hers.zip", pseudonym=pseudonym)

    assert verified(path, "--key", VKEY)[0] == 0
    assert len(entries_of(path)) >= 2


def test_copies_that_showed_her_are_gone_with_her(patient, auditor, tmp_path):
    export_id = asked(auditor, patient=patient.ref)
    built(export_id)
    downloaded(auditor, export_id, tmp_path / "copy.zip")

    erase(patient)

    answer = Caller(auditor).get(f"/v1/audit_exports/{export_id}/download")
    assert answer.status_code == 409
    assert answer.json()["code"] in {"export_gone", "not_allowed_from_here"}
    assert not AuditExportPart.objects.exists()


def test_the_live_trail_is_sound_before_and_after_the_seal(patient):
    erase(patient)
    unsealed = verify_trail(keys=[SIGNER.verifier])

    seal_everything()
    sealed = verify_trail(keys=[SIGNER.verifier])

    assert (unsealed.findings, sealed.findings) == ([], [])


def test_the_auditor_sees_entries_and_emptied_changes_and_no_name(patient, auditor):
    pseudonym = pseudonym_of(patient.ref)
    erase(patient)

    caller = Caller(auditor)
    entries = caller.get("/v1/audit_entries", pseudonym=pseudonym).json()["data"]
    changes = caller.get("/v1/row_changes", table="records_weight").json()["data"]

    assert {"weight.note", "patient.erase"} <= {entry["action"] for entry in entries}
    assert {entry["patient"] for entry in entries} == {None}
    assert [(each["is_erased"], each["after"]) for each in changes] == [(True, None)] * len(changes)
    assert len(changes) == 2, "written, and taken away"
    assert clock.now(patient) == YEARS_LATER
