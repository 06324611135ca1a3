"""Sealing: settled records become leaves without gap, and each size of the tree is signed once."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from backend.audit import seal
from backend.audit.models import AuditEntry, Checkpoint, SealedLeaf
from backend.audit.record import record
from backend.audit.seal import read_tile, seal_batch, sign_checkpoints
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.merkle import root_of
from backend.transparency.notes import Signer
from backend.transparency.tiles import root_at
from tests.at_once import at_once
from tests.factories.accounts import PatientFactory
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SIGNER = Signer.generate("suhada.example/audit")


def somebody():
    """A patient, without the row changes that registering one leaves in the trail."""
    patient = PatientFactory()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_rowchange")
    return patient


def note(patient, by):
    with transaction.atomic():
        return record("patient.read", on=patient, by=by, at=AT)


def sealed():
    return seal_batch(holder="test", at=AT)


def sealed_until(size):
    """What each run sealed. Transactions of other databases on the server hold sealing up, too."""
    runs, until = [], time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        run = sealed()
        if run.leaves:
            runs.append(run)
        if run.size == size:
            return runs
        time.sleep(0.05)
    pytest.fail(f"not sealed in time: {runs}")


def test_each_record_becomes_one_leaf_in_order(physician_actor):
    patient = somebody()
    entries = [note(patient, physician_actor) for _ in range(300)]

    sealed_until(300)

    rows = SealedLeaf.objects.order_by("leaf_index").values_list("leaf_index", "record_id")
    assert list(rows) == list(enumerate(entry.id for entry in entries))


def test_the_root_is_that_of_the_leaves_and_its_checkpoint_is_signed(physician_actor):
    patient = somebody()
    entries = [note(patient, physician_actor) for _ in range(5)]

    sealed_until(5)
    checkpoint = sign_checkpoints(SIGNER)[-1]

    root = root_of([bytes(entry.leaf) for entry in entries])
    assert bytes(checkpoint.root) == root
    assert open_checkpoint(checkpoint.note, SIGNER.verifier).root == root


def test_the_tree_grows_over_many_runs_and_every_earlier_root_stays_true(physician_actor):
    patient = somebody()

    for size in (1, 256, 257, 557):
        for _ in range(size - AuditEntry.objects.count()):
            note(patient, physician_actor)
        sealed_until(size)

    sizes = set(Checkpoint.objects.values_list("size", flat=True))
    assert sizes >= {1, 256, 257, 557}
    for row in Checkpoint.objects.all():
        assert bytes(row.root) == root_at(row.size, read_tile)


def test_nothing_new_makes_no_new_checkpoint(physician_actor):
    note(somebody(), physician_actor)
    sealed_until(1)

    assert sealed().leaves == 0

    assert Checkpoint.objects.count() == 1


def test_what_is_not_settled_waits_and_is_sealed_later(physician_actor):
    patient = somebody()
    begun, finish = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record("patient.read", on=patient, by=physician_actor, at=AT)
            begun.set()
            finish.wait(10)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    begun.wait(10)
    note(patient, physician_actor)

    while_open = sealed().leaves
    finish.set()
    writer.join()

    assert while_open == 0
    sealed_until(2)


def test_two_sealers_at_once_never_number_twice(physician_actor):
    patient = somebody()
    for _ in range(50):
        note(patient, physician_actor)

    at_once(sealed, sealed, sealed, sealed)
    sealed_until(50)

    numbers = SealedLeaf.objects.order_by("leaf_index").values_list("leaf_index", flat=True)
    assert list(numbers) == list(range(50))


def test_a_long_queue_is_sealed_in_batches_of_whole_transactions(physician_actor, monkeypatch):
    monkeypatch.setattr(seal, "BATCH", 4)
    patient = somebody()
    for _ in range(3):
        with transaction.atomic():
            for _ in range(5):
                record("patient.read", on=patient, by=physician_actor, at=AT)

    runs = sealed_until(15)

    assert [run.leaves for run in runs] == [5, 5, 5]


def test_records_from_before_a_restore_are_sealed_too(physician_actor):
    patient = somebody()
    old = note(patient, physician_actor)
    with connection.cursor() as cursor:  # as if dumped from a database that counted much further
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET xid = xid + 1000000000")
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")

    sealed_until(1)
    note(patient, physician_actor)
    sealed_until(2)

    assert SealedLeaf.objects.get(leaf_index=0).record_id == old.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_sealedleaf SET record_id = 1",
        "DELETE FROM audit_sealedleaf",
        "UPDATE audit_checkpoint SET root = sha256('')",
        "UPDATE audit_checkpoint SET note = 'another'",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_tile SET hashes = sha256('')",
        "DELETE FROM audit_tile",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(statement, physician_actor):
    note(somebody(), physician_actor)
    sealed_until(1)
    sign_checkpoints(SIGNER)

    with pytest.raises(DatabaseError, match=r"append-only|only grows|signed"), transaction.atomic():
        connection.cursor().execute(statement)


def test_no_two_roots_of_one_size_can_be_kept(physician_actor):
    note(somebody(), physician_actor)
    sealed_until(1)

    with pytest.raises(DatabaseError, match="audit_checkpoint_pkey"), transaction.atomic():
        Checkpoint.objects.create(
            size=1,
            root=b"r" * 32,
            previous_size=0,
            settled_xmin=1,
            sealed_at=AT,
            columns_hash=b"c" * 32,
        )
