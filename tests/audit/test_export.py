"""From services to a stranger: a sealed log is exported, and verified without any of our code."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from backend import clock
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, RowChange, SealedLeaf
from tests.audit.bundle_files import (
    entries_of,
    export,
    exported,
    manifest_of,
    read,
    records_in,
    repacked,
    verified,
)
from tests.audit.past_guards import destroy_key
from tests.audit.sealing import VKEY, seal_everything
from tests.callers import Caller
from tests.factories.accounts import PatientFactory, StaffMemberFactory
from tests.factories.formulary import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    """Somebody sees two patients and weighs one of them, over the API; all is sealed."""
    patient = PatientFactory()
    stranger = PatientFactory(clinic=patient.clinic, name="鈴木 一葉")
    staff = Caller(StaffMemberFactory(clinic=patient.clinic))
    for one in (patient, stranger):
        assert staff.get(f"/v1/patients/{one.ref}").status_code == 200
    weight = {"patient": patient.ref, "kg": "52.5", "taken_on": "2026-03-09"}
    assert staff.post("/v1/weights", weight).status_code == 201
    ProductFactory(clinic=patient.clinic)
    seal_everything()
    return patient, stranger


def texts_in(path):
    return [entry["opened"]["text"] for entry in entries_of(path) if "opened" in entry]


def row_images(path):
    return [json.loads(text) for text in texts_in(path) if text.startswith("[")]


def everything_about(patient):
    entries = AuditEntry.objects.filter(pseudonym=pseudonym_of(patient.ref))
    changes = RowChange.objects.filter(patient_id=patient.id)
    return {*entries.values_list("id", flat=True), *changes.values_list("id", flat=True)}


def test_a_stranger_verifies_the_whole_log(people, tmp_path):
    size = SealedLeaf.objects.count()

    path = exported(tmp_path / "all.zip", "--all")

    code, said = verified(path, "--key", VKEY)
    assert (code, said.splitlines()[-1]) == (0, "健全 SOUND")
    manifest = manifest_of(path)
    assert (manifest["entries"], manifest["tree_size"], manifest["unsealed"]) == (size, size, 0)
    assert [entry["leaf_index"] for entry in entries_of(path)] == list(range(size))


def test_a_patients_bundle_holds_all_that_concerns_her_and_nothing_of_others(people, tmp_path):
    patient, stranger = people
    wanted = everything_about(patient)

    path = exported(tmp_path / "one.zip", "--patient", patient.ref)

    assert verified(path, "--key", VKEY)[0] == 0
    assert records_in(path) == wanted
    actions = {entry["said"]["action"] for entry in entries_of(path)}
    assert {"patient.read", "weight.note", "row.insert"} <= actions
    held = read(path, "entries.jsonl").decode() + "".join(texts_in(path))
    for name in (stranger.ref, str(stranger.id), pseudonym_of(stranger.ref), stranger.name):
        assert name not in held
    assert manifest_of(path)["scope"] == {"kind": "patient", "patient": pseudonym_of(patient.ref)}


def test_a_period_holds_what_was_recorded_in_it(people, tmp_path):
    first = AuditEntry.objects.earliest("recorded_at").recorded_at
    last = AuditEntry.objects.latest("recorded_at").recorded_at
    inside = AuditEntry.objects.filter(recorded_at__lt=last).values_list("id", flat=True)
    changes = RowChange.objects.filter(recorded_at__gte=first, recorded_at__lt=last)
    wanted = {*inside, *changes.values_list("id", flat=True)}

    period = ("--from", first.isoformat(), "--to", last.isoformat())
    path = exported(tmp_path / "period.zip", *period)

    assert verified(path, "--key", VKEY)[0] == 0
    assert records_in(path) == wanted
    assert set(manifest_of(path)["scope"]) == {"kind", "from", "until"}


def test_facts_and_rows_are_opened_as_they_were_written(people, tmp_path):
    patient, _ = people

    path = exported(tmp_path / "one.zip", "--patient", patient.ref)

    weights = [after for _, after in row_images(path) if after and "kg" in after]
    assert [(one["kg"], one["patient_id"]) for one in weights] == [(52.5, str(patient.id))]
    assert any(text.startswith("{") for text in texts_in(path)), "facts of acts"
    assert manifest_of(path)["opened"] == "facts rows"


def test_closed_it_proves_the_same_and_shows_nothing(people, tmp_path):
    patient, _ = people

    path = exported(tmp_path / "closed.zip", "--patient", patient.ref, "--closed")

    assert verified(path)[0] == 0
    assert texts_in(path) == []
    assert manifest_of(path)["opened"] == "nothing"


def test_what_is_not_sealed_yet_is_counted_and_left_out(people, tmp_path):
    patient, _ = people
    Caller(StaffMemberFactory(clinic=patient.clinic)).get(f"/v1/patients/{patient.ref}")

    code, said = export(tmp_path / "one.zip", "--patient", patient.ref)

    assert (code, manifest_of(tmp_path / "one.zip")["unsealed"]) == (0, 1)
    assert "1 more are not in that checkpoint yet" in said
    assert f"proven by the checkpoint of {SealedLeaf.objects.count()}" in said


def test_whoever_was_shown_learns_of_the_export(people, tmp_path):
    patient, _stranger = people

    exported(tmp_path / "one.zip", "--patient", patient.ref)

    left = AuditEntry.objects.filter(action="audit_export.write", actor="job:operator")
    shown = [entry.pseudonym for entry in left if entry.pseudonym]
    assert shown == [pseudonym_of(patient.ref)]
    (export_itself,) = [entry for entry in left if not entry.pseudonym]
    assert export_itself.facts["scope_patient"] == pseudonym_of(patient.ref)


def edited(data):
    return data.replace(b'"opened":{"salt":"', b'"opened":{"salt":"00', 1)


def without_third(data):
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:2] + lines[3:])


def cut(data):
    return b"".join(data.splitlines(keepends=True)[:-1])


def swapped(data):
    first, second, *rest = data.splitlines(keepends=True)
    return b"".join([second, first, *rest])


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("entries.jsonl", without_third, "deleted"),
        ("entries.jsonl", cut, "truncated"),
        ("entries.jsonl", swapped, "reordered"),
        ("entries.jsonl", edited, "misopened"),
        ("manifest.json", lambda data: data.replace(b'"unsealed":0', b'"unsealed":1'), "manifest"),
        ("checkpoint", lambda data: data.replace(b"\n\n", b"\nmore\n\n", 1), "checkpoint"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_not_sound(people, tmp_path, name, change, named):
    path = exported(tmp_path / "all.zip", "--all")

    code, said = verified(repacked(path, name, change), "--key", VKEY)

    assert code == 1
    assert f"{named}: " in said


def tampered_in_the_database(sql):
    with connection.cursor() as cursor:
        for table in ("audit_auditentry", "audit_rowchange"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in ("audit_auditentry", "audit_rowchange"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM audit_auditentry WHERE action = 'weight.note'", "deleted"),
        (
            "UPDATE audit_auditentry SET body = convert_to(replace(convert_from(body, 'UTF8'), "
            "'clinic_staff', 'nobody_at_all'), 'UTF8') WHERE action = 'weight.note'",
            "edited",
        ),
    ],
)
def test_a_log_that_was_tampered_with_is_exported_and_shows_it(people, tmp_path, sql, kind):
    record = AuditEntry.objects.get(action="weight.note").id
    leaf = SealedLeaf.objects.get(record_id=record).leaf_index
    tampered_in_the_database(sql)

    path = exported(tmp_path / "all.zip", "--all")

    code, said = verified(path, "--key", VKEY)
    assert code == 1
    assert f"{kind}: leaf {leaf} (record {record}): " in said


def test_after_erasure_the_old_bundle_holds_and_a_new_one_shows_nothing(people, tmp_path):
    patient, _ = people
    pseudonym = pseudonym_of(patient.ref)
    before = exported(tmp_path / "before.zip", "--patient", patient.ref)
    with transaction.atomic():
        assert destroy_key(patient.ref, at=clock.now())
    seal_everything()

    after = exported(tmp_path / "after.zip", "--patient", pseudonym)
    whole = exported(tmp_path / "all.zip", "--all")

    assert [verified(path, "--key", VKEY)[0] for path in (before, after, whole)] == [0, 0, 0]
    assert texts_in(before) != []
    assert texts_in(after) == []
    assert all(str(patient.id) not in text for text in texts_in(whole))
    assert export(tmp_path / "gone.zip", "--patient", patient.ref)[0] == 1


def test_an_older_bundles_checkpoint_is_continued_by_a_newer_one(people, tmp_path):
    patient, _ = people
    older = exported(tmp_path / "older.zip", "--patient", patient.ref)
    (tmp_path / "kept").write_bytes(read(older, "checkpoint"))
    Caller(StaffMemberFactory(clinic=patient.clinic)).get(f"/v1/patients/{patient.ref}")
    seal_everything()

    newer = exported(tmp_path / "newer.zip", "--patient", patient.ref)

    assert verified(newer, "--key", VKEY, "--checkpoint", str(tmp_path / "kept"))[0] == 0


def test_a_period_in_which_nothing_was_recorded_makes_an_empty_bundle(people, tmp_path):
    day = (clock.now() - timedelta(days=9)).date()
    period = ("--from", day.isoformat(), "--to", (day + timedelta(days=1)).isoformat())

    path = exported(tmp_path / "none.zip", *period)

    assert verified(path, "--key", VKEY)[0] == 0
    assert manifest_of(path)["entries"] == 0
