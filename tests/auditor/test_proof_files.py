"""The proof of one entry as a small file, and the stand-alone program that reads it."""

import gzip
from datetime import UTC, datetime

import pytest
from django.db import transaction

from backend.audit.models import AuditEntry
from backend.audit.record import record
from backend.transparency.proofs import unpack
from tests.audit.sealing import VKEY, seal_everything
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, PhysicianFactory
from tests.transparency.verdicts import verdict_on_proof

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def entry(patient):
    physician = PhysicianFactory(clinic=patient.clinic)
    with transaction.atomic():
        return record("patient.read", on=patient, by=physician.user.actor, at=AT)


@pytest.fixture
def files(patient, entry):
    """The proof and the answer about the entry, as the patient gets them."""
    seal_everything()
    proof = downloaded(patient, entry)
    assert proof.status_code == 200, proof.content
    return proof.content, Caller(patient).get(f"/v1/audit_entries/{entry.id}").content


def downloaded(who, entry):
    return Caller(who).get(f"/v1/audit_entries/{entry.id}/proof")


def test_it_is_the_packed_text_that_the_entry_shows(patient, entry, files):
    proof, _ = files

    shown = Caller(patient).get(f"/v1/audit_entries/{entry.id}").json()["sealed"]["proof"]

    assert unpack(proof) == shown == gzip.decompress(proof).decode()
    assert len(proof) <= 1000


def test_it_is_a_file_and_leaves_an_entry(patient, entry, files):
    answer = downloaded(AuditorFactory(clinic=patient.clinic), entry)

    assert answer["Content-Type"] == "application/gzip"
    assert f'filename="entry-{entry.id}.tlog-proof.gz"' in answer["Content-Disposition"]
    look = AuditEntry.objects.latest("id")
    assert (look.action, look.patient_ref) == ("audit_entry.download_proof", patient.ref)


def test_before_the_entry_is_sealed_there_is_none(patient, entry):
    answer = downloaded(patient, entry)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed_yet")


def test_of_another_patients_entry_there_is_none(entry):
    assert downloaded(PatientFactory(), entry).status_code == 404


def test_a_stranger_verifies_it_with_the_answer_about_the_entry(tmp_path, files):
    proof, answer = files

    code, said = verdict_on_proof(tmp_path, proof, answer, "--key", VKEY)

    assert code == 0, said
    assert "健全 SOUND" in said
    assert '"action":"patient.read"' in said
