"""What is asked of the exporter and of the sealer, and not given; and who else attests."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from backend import clock
from backend.audit.export import command, lines
from backend.audit.export.bundle import write_bundle
from backend.audit.export.errors import TooManyRecords
from backend.audit.export.manifest import ask_for_signature, sign_manifests, text_to_sign
from backend.audit.export.scope import everything
from backend.audit.models import BundleManifest, Checkpoint, Cosignature, LogKey, SealedLeaf
from backend.audit.record import record
from backend.kernel.actor import job
from backend.kernel.canonical import canonical
from backend.transparency.checkpoints import cosign
from backend.transparency.notes import KeyKind, Signer, VerifierKey, open_note
from tests.audit.bundle_files import export, exported, manifest_of, read, verified
from tests.audit.sealing import SIGNER, VKEY, seal_everything
from tests.factories.accounts import PatientFactory
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_KEY = Signer(SIGNER.name, KeyKind.ED25519, b"\x08" * 32)
WITNESS = Signer("witness.example/w", KeyKind.COSIGNATURE, b"\x02" * 32)
BY = job("operator")


@pytest.fixture
def sealed(physician_actor):
    patient = PatientFactory()
    with transaction.atomic():
        record("patient.read", on=patient, by=physician_actor, at=clock.now())
    seal_everything()
    return patient


def asked(**changes):
    """A manifest of the newest checkpoint, with something changed."""
    size = Checkpoint.objects.latest("size").size
    said = {"format": "suhada-audit-bundle/1", "origin": SIGNER.name, "tree_size": size} | changes
    with transaction.atomic():
        return ask_for_signature(canonical(said).decode(), by=BY, at=clock.now())


def answered(row, signer=SIGNER):
    sign_manifests(signer)
    row.refresh_from_db()
    return row


def test_the_sealer_signs_what_it_was_asked_for_and_nothing_else(sealed):
    row = answered(asked())

    text, _ = open_note(row.note, [SIGNER.verifier])
    assert text == text_to_sign(row.content)
    assert row.refusal is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "another/1"}, "not a manifest"),
        ({"origin": "elsewhere.example"}, "the manifest of another log"),
        ({"tree_size": 999}, "there is no such checkpoint"),
    ],
)
def test_the_sealer_says_why_it_does_not_sign(sealed, changes, why):
    row = answered(asked(**changes))

    assert (row.note, row.refusal) == (None, why)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"tree_size": 1}', '{"b":1,"a":2}', "1" * 5000]
)
def test_what_is_no_canonical_manifest_is_refused_without_a_traceback(sealed, content):
    row = BundleManifest.objects.create(
        content=content, tree_size=1, asked_by=BY.label, asked_at=clock.now()
    )

    assert answered(row).refusal == "not a manifest"


def test_a_sealer_with_a_new_key_does_not_sign_for_the_old_one(sealed):
    row = answered(asked(), OTHER_KEY)

    assert row.refusal == "another key signed its checkpoint"


def test_a_manifest_is_answered_once_and_never_changed(sealed):
    row = answered(asked())

    for change in ({"note": "forged"}, {"note": None}, {"content": "{}"}, {"refusal": "no"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            BundleManifest.objects.filter(id=row.id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_a_manifest_is_not_changed_while_it_waits_either(sealed):
    row = asked()

    with pytest.raises(DatabaseError, match="only signed or refused"), transaction.atomic():
        BundleManifest.objects.filter(id=row.id).update(content="{}")


def test_a_manifest_is_not_both_signed_and_refused(sealed):
    row = asked()

    with pytest.raises(IntegrityError, match="manifest_signed_or_refused"), transaction.atomic():
        BundleManifest.objects.filter(id=row.id).update(note="x", refusal="y")


def test_before_anything_is_sealed_there_is_nothing_to_prove(tmp_path):
    PatientFactory()

    code, said = export(tmp_path / "all.zip", "--all")

    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "Nothing is sealed yet" in said


def test_without_a_sealer_nothing_is_left_behind(sealed, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "SIGNED_WITHIN_S", 0.3)
    said = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("audit", "export", "--all", "--out", str(tmp_path / "a.zip"), stderr=said)

    assert (ended.value.code, list(tmp_path.iterdir())) == (1, [])
    assert "No sealer signed within" in said.getvalue()


def test_a_file_that_is_there_stays_as_it_is(sealed, tmp_path):
    (tmp_path / "a.zip").write_text("mine")

    code, said = export(tmp_path / "a.zip", "--all")

    assert (code, (tmp_path / "a.zip").read_text()) == (1, "mine")
    assert "is there already" in said


def test_a_folder_that_is_not_there_is_named(sealed, tmp_path):
    code, said = export(tmp_path / "no" / "a.zip", "--all")

    assert code == 1
    assert "No such file or directory" in said


def test_only_the_owner_may_read_the_file(sealed, tmp_path):
    path = exported(tmp_path / "a.zip", "--all")

    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("named", ["pt_nobody", "psn_nobody", "somebody"])
def test_a_patient_who_is_nobody_is_named(sealed, tmp_path, named):
    code, said = export(tmp_path / "a.zip", "--patient", named)

    assert code == 1
    assert f"No entry concerns {named}" in said


@pytest.mark.parametrize(
    "period", [("2026-03-01", "2026-03-01"), ("2026-03-02", "2026-03-01"), ("2026-03-01",)]
)
def test_a_period_ends_after_it_begins(sealed, tmp_path, period):
    words = ("--from", period[0], *(("--to", period[1]) if len(period) > 1 else ()))

    code, said = export(tmp_path / "a.zip", *words)

    assert code == 1
    assert "A period has a beginning and a later end" in said


@pytest.mark.parametrize(
    "words", [(), ("--all", "--patient", "pt_x"), ("--from", "yesterday", "--to", "2026-03-01")]
)
def test_a_wrong_call_is_a_wrong_call(words, tmp_path):
    with pytest.raises(CommandError):
        call_command("audit", "export", *words, "--out", str(tmp_path / "a.zip"))


def test_a_missing_tile_is_named(sealed, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_tile")

    code, said = export(tmp_path / "all.zip", "--all")

    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "A tile of the tree" in said


def test_more_than_a_door_gives_out_is_refused(sealed):
    with pytest.raises(TooManyRecords):
        write_bundle(everything(), io.BytesIO(), at=clock.now(), most=1)


def test_records_are_read_some_at_a_time(sealed, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(lines, "CHUNK", 1)
    size = SealedLeaf.objects.count()
    read_lines = lines.lines_of(everything(), size, lines.nodes_of(size))

    with django_assert_max_num_queries(6):
        next(read_lines)

    assert size > 1
    assert len(list(read_lines)) == size - 1


def cosigned(size, at_s=1_800_000_000):
    note = Checkpoint.objects.get(size=size).note
    Cosignature.objects.create(
        checkpoint_id=size,
        kind="witness",
        name=WITNESS.name,
        proof=cosign(note, WITNESS, at_s).encode(),
        received_at=clock.now(),
    )


def test_a_witness_stands_in_the_bundle(sealed, tmp_path):
    cosigned(Checkpoint.objects.latest("size").size)

    path = exported(tmp_path / "all.zip", "--all")

    witness = str(WITNESS.verifier)
    assert verified(path, "--key", VKEY, "--witness", witness)[0] == 0


def test_the_newest_checkpoint_that_a_witness_saw_is_the_one_that_proves(
    sealed, tmp_path, physician_actor
):
    seen = Checkpoint.objects.latest("size").size
    cosigned(seen)
    with transaction.atomic():
        record("patient.read", on=sealed, by=physician_actor, at=clock.now())
    seal_everything()

    path = exported(tmp_path / "all.zip", "--all")

    assert (manifest_of(path)["tree_size"], manifest_of(path)["unsealed"]) == (seen, 1)


def test_a_timestamp_goes_with_the_checkpoint_that_it_is_about(sealed, tmp_path):
    row = Checkpoint.objects.latest("size")
    Cosignature.objects.create(
        checkpoint=row, kind="rfc3161", name="tsa", proof=b"der", received_at=clock.now()
    )

    path = exported(tmp_path / "all.zip", "--all")

    assert read(path, "timestamp.checkpoint").decode() == row.note
    assert read(path, "timestamp.tsr") == b"der"
    assert {"timestamp.checkpoint", "timestamp.tsr"} <= set(manifest_of(path)["files"])


def test_a_checkpoint_of_a_key_that_nobody_knows_proves_nothing(sealed, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_logkey")
    LogKey.objects.create(vkey=str(OTHER_KEY.verifier))

    code, said = export(tmp_path / "all.zip", "--all")

    assert code == 1
    assert "no known key has signed" in said


def test_the_bundle_names_the_key_that_signed(sealed, tmp_path):
    path = exported(tmp_path / "all.zip", "--all")

    assert VerifierKey.parse(read(path, "vkey").decode().strip()) == SIGNER.verifier
    assert json.loads(read(path, "manifest.json"))["origin"] == SIGNER.name


def test_the_service_asks_the_sealer_signs_and_neither_can_do_the_others_part(
    sealed, database_roles
):
    with acting_as(database_roles.app):
        row = asked()
        written = write_bundle(everything(), io.BytesIO(), at=clock.now())
        with pytest.raises(DatabaseError, match="permission denied"):
            sign_manifests(SIGNER)
    with acting_as(database_roles.sealer):
        assert sign_manifests(SIGNER) == 1
        with pytest.raises(DatabaseError, match="permission denied"):
            asked()

    row.refresh_from_db()
    assert row.note is not None
    assert written.entries == SealedLeaf.objects.count()
