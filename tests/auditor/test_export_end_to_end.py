"""From the wish to the verdict: asked for over the API, built, signed, downloaded, verified."""

import json

import pytest
from django.db import connection, transaction

from backend import clock
from backend.audit.export.manifest import sign_manifests
from backend.audit.keys import pseudonym_of
from backend.audit.models import BundleManifest
from backend.auditor import building
from backend.auditor.models import AuditExport, AuditExportPart
from tests.audit.bundle_files import entries_of, manifest_of, records_in, verified
from tests.audit.past_guards import destroy_key
from tests.audit.sealing import SIGNER, VKEY, seal_everything
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, StaffMemberFactory
from tests.factories.formulary import ProductFactory
from tests.roles import acting_as
from workers.tasks.exports import build, build_waiting, sweep

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/v1/audit_exports"
LONG = {"recorded_from": "2020-01-01T00:00:00Z", "recorded_until": "2100-01-01T00:00:00Z"}


@pytest.fixture
def people():
    """Staff weigh a patient; in another clinic, too. All is sealed."""
    patients = PatientFactory(), PatientFactory()
    for patient in patients:
        body = {"patient": patient.ref, "kg": "52.5", "taken_on": "2026-03-09"}
        staff = Caller(StaffMemberFactory(clinic=patient.clinic))
        assert staff.post("/v1/weights", body).status_code == 201
        ProductFactory(clinic=patient.clinic)
    seal_everything()
    return patients


def asked(who, **body):
    answer = Caller(who).post(PATH, body)
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def built(export_id):
    build(event_id=1, audit_export_id=export_id)
    sign_manifests(SIGNER)
    sweep()


def downloaded(who, export_id, path):
    answer = Caller(who).get(f"{PATH}/{export_id}/download")
    assert answer.status_code == 200, answer.content
    path.write_bytes(answer.content)
    assert answer["Content-Length"] == str(len(answer.content))
    return path


def whole_way(who, path, **body):
    export_id = asked(who, **body)
    built(export_id)
    return downloaded(who, export_id, path)


def opened_in(path):
    return [entry["opened"]["text"] for entry in entries_of(path) if "opened" in entry]


def test_an_auditors_bundle_of_a_patient_is_verified_by_a_stranger(people, tmp_path):
    patient, _ = people
    auditor = AuditorFactory(clinic=patient.clinic)

    path = whole_way(auditor, tmp_path / "one.zip", patient=patient.ref)

    assert verified(path, "--key", VKEY)[0] == 0
    assert {"weight.note", "row.insert"} <= {entry["said"]["action"] for entry in entries_of(path)}
    assert [text for text in opened_in(path) if text.startswith("[")], "rows before and after"


def test_the_export_says_what_proves_it_and_what_is_not_in_it(people):
    patient, _ = people
    auditor = AuditorFactory(clinic=patient.clinic)
    export_id = asked(auditor, patient=patient.ref)

    built(export_id)

    shown = Caller(auditor).get(f"{PATH}/{export_id}").json()
    said = json.loads(BundleManifest.objects.get().content)
    assert (shown["status"], shown["available_actions"]) == ("ready", ["download"])
    assert shown["tree_size"] == said["tree_size"] > 0
    assert (shown["entries"], shown["unsealed"]) == (said["entries"], said["unsealed"])
    assert shown["unsealed"] == 1, "the wish itself"
    assert shown["failure"] == ""


def test_a_patients_own_bundle_tells_of_acts_and_not_of_rows(people, tmp_path):
    patient, _ = people

    path = whole_way(patient, tmp_path / "mine.zip")

    assert verified(path, "--key", VKEY)[0] == 0
    assert "row.insert" in {entry["said"]["action"] for entry in entries_of(path)}
    assert opened_in(path) != []
    assert [text for text in opened_in(path) if text.startswith("[")] == []
    assert manifest_of(path)["opened"] == "facts"


def test_a_clinics_period_holds_nothing_of_another_clinic(people, tmp_path):
    (ours, theirs) = people
    paths = [
        whole_way(AuditorFactory(clinic=one.clinic), tmp_path / f"{one.ref}.zip", **LONG)
        for one in (ours, theirs)
    ]

    assert [verified(path, "--key", VKEY)[0] for path in paths] == [0, 0]
    assert records_in(paths[0]) & records_in(paths[1]) == set()
    held = "".join(opened_in(paths[0])) + json.dumps(entries_of(paths[0]))
    assert str(ours.clinic_id) in held
    for name in (str(theirs.id), str(theirs.clinic_id), pseudonym_of(theirs.ref)):
        assert name not in held
    tables = {entry["said"]["object"].partition("/")[0] for entry in entries_of(paths[0])}
    assert {"formulary_product", "records_weight", "accounts_patient"} <= tables


def test_a_long_file_is_kept_in_pieces_and_comes_out_whole(people, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "PART_BYTES", 700)
    monkeypatch.setattr(building, "END_BYTES", 2_000)
    patient, _ = people

    path = whole_way(AuditorFactory(clinic=patient.clinic), tmp_path / "all.zip", **LONG)

    assert AuditExportPart.objects.count() > 5
    assert verified(path, "--key", VKEY)[0] == 0


def test_until_the_sealer_has_signed_it_is_not_ready(people):
    patient, _ = people
    export_id = asked(patient)
    build(event_id=1, audit_export_id=export_id)

    sweep()

    assert Caller(patient).get(f"{PATH}/{export_id}").json()["status"] == "signing"
    assert Caller(patient).get(f"{PATH}/{export_id}/download").status_code == 409
    sign_manifests(SIGNER)
    sweep()
    assert Caller(patient).get(f"{PATH}/{export_id}/download").status_code == 200


def test_what_the_sealer_refuses_has_failed_and_another_can_be_asked_for(people):
    patient, _ = people
    export_id = asked(patient)
    build(event_id=1, audit_export_id=export_id)
    with connection.cursor() as cursor:  # as if the sealer had a new key
        cursor.execute("UPDATE audit_bundlemanifest SET refusal = 'another key'")

    sweep()

    shown = Caller(patient).get(f"{PATH}/{export_id}").json()
    assert (shown["status"], shown["failure"]) == ("failed", "not_signed")
    assert AuditExportPart.objects.count() == 0
    assert Caller(patient).post(PATH, {}).status_code == 201


def test_what_no_worker_heard_of_is_built_all_the_same(people):
    patient, stranger = people
    for one in (patient, stranger):
        asked(one)

    build_waiting()

    assert set(AuditExport.objects.values_list("status", flat=True)) == {"signing"}


def test_a_message_that_comes_twice_builds_once(people):
    patient, _ = people
    export_id = asked(patient)

    build(event_id=1, audit_export_id=export_id)
    build(event_id=1, audit_export_id=export_id)

    assert (AuditExport.objects.get().epoch, BundleManifest.objects.count()) == (1, 1)


def test_more_records_than_this_door_gives_out_is_a_failure(people, monkeypatch):
    monkeypatch.setattr(building, "MOST_RECORDS", 1)
    patient, _ = people
    export_id = asked(patient)

    built(export_id)

    shown = Caller(patient).get(f"{PATH}/{export_id}").json()
    assert (shown["status"], shown["failure"]) == ("failed", "too_many_records")


def test_after_erasure_an_older_bundle_holds_and_a_new_one_tells_nothing(people, tmp_path):
    patient, _ = people
    auditor = AuditorFactory(clinic=patient.clinic)
    before = whole_way(auditor, tmp_path / "before.zip", patient=patient.ref)
    pseudonym = pseudonym_of(patient.ref)
    with transaction.atomic():
        destroy_key(patient.ref, at=clock.now())
    seal_everything()

    after = whole_way(auditor, tmp_path / "after.zip", pseudonym=pseudonym)

    assert [verified(path, "--key", VKEY)[0] for path in (before, after)] == [0, 0]
    assert opened_in(before) != []
    assert opened_in(after) == []


def test_the_service_does_all_of_it_in_its_own_role(people, tmp_path, database_roles):
    patient, _ = people

    with acting_as(database_roles.app):
        export_id = asked(patient)
        build(event_id=1, audit_export_id=export_id)
    with acting_as(database_roles.sealer):
        sign_manifests(SIGNER)
    with acting_as(database_roles.app):
        sweep()
        path = downloaded(patient, export_id, tmp_path / "mine.zip")

    assert verified(path, "--key", VKEY)[0] == 0
