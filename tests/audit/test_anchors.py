"""Checkpoints are attested outside: by a witness that keeps the last one, and by a timestamp."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from backend.audit.anchoring import anchor_newest
from backend.audit.anchors.timestamp import TimestampAuthority, roots_from
from backend.audit.anchors.witness import Witness
from backend.audit.models import Cosignature
from backend.audit.seal import sign_checkpoints
from backend.audit.verify.trail import verify_trail
from backend.transparency.checkpoints import cosigners, open_checkpoint, with_cosignatures
from backend.transparency.notes import KeyKind, Signer
from dev.witness import Witness as LocalWitness
from dev.witness import server
from tests.audit.test_seal import AT, SIGNER, note, sealed_until, somebody
from tests.fakes.timestamp_authority import openssl, timestamp_authority

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def served(local):
    listening = server(0, local)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield Witness(f"http://127.0.0.1:{listening.server_port}", local.signer.verifier)
    finally:
        listening.shutdown()
        listening.server_close()


@pytest.fixture
def local(tmp_path):
    return LocalWitness(tmp_path, SIGNER.verifier)


@pytest.fixture
def witness(local):
    with served(local) as found:
        yield found


@pytest.fixture
def grow(physician_actor):
    """Let the log grow by some records, sealed and signed; its size."""
    patient, size = somebody(), 0

    def by(records):
        nonlocal size
        for _ in range(records):
            note(patient, physician_actor)
        size += records
        sealed_until(size)
        sign_checkpoints(SIGNER)
        return size

    return by


def test_a_witness_cosigns_the_newest_checkpoint(witness, grow):
    size = grow(3)

    assert anchor_newest([witness], at=AT) == {}

    kept = Cosignature.objects.get()
    noted = with_cosignatures(kept.checkpoint.note, [bytes(kept.proof).decode()])
    assert kept.checkpoint_id == size
    assert list(cosigners(noted, [witness.key])) == [witness.name]


def test_it_follows_the_log_as_it_grows_and_signs_nothing_twice(witness, local, grow):
    for records in (1, 300, 5):
        grow(records)
        anchor_newest([witness], at=AT)
        anchor_newest([witness], at=AT)

    attested = Cosignature.objects.order_by("checkpoint").values_list("checkpoint", flat=True)
    assert list(attested) == [1, 301, 306]
    assert (local.folder / "ledger.jsonl").read_text().count('"status": 200') == 3


def test_a_witness_that_knows_more_than_we_remember_is_caught_up_with(witness, grow):
    grow(2)
    anchor_newest([witness], at=AT)
    with connection.cursor() as cursor:  # restored from a backup of before the cosignature
        cursor.execute("TRUNCATE audit_cosignature")
    grow(2)

    assert anchor_newest([witness], at=AT) == {}

    assert Cosignature.objects.get().checkpoint_id == 4


def test_a_log_that_was_rewritten_gets_no_cosignature(witness, grow):
    grow(3)
    anchor_newest([witness], at=AT)
    with connection.cursor() as cursor:  # the tree is made anew, with the log's own key
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET leaf = sha256(leaf)")
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")
        cursor.execute("TRUNCATE audit_cosignature, audit_checkpoint, audit_tile, audit_sealedleaf")
    sealed_until(3)
    sign_checkpoints(SIGNER)

    failed = anchor_newest([witness], at=AT)

    assert list(failed) == [witness.name]
    assert not Cosignature.objects.exists()


def test_what_the_witness_keeps_shows_that_the_trail_was_cut(witness, local, grow):
    grow(5)
    anchor_newest([witness], at=AT)
    known = open_checkpoint(local.last, SIGNER.verifier)
    with connection.cursor() as cursor:  # everything is gone, without a trace inside
        cursor.execute(
            "TRUNCATE audit_cosignature, audit_checkpoint, audit_tile, audit_sealedleaf,"
            " audit_auditentry"
        )

    alone = verify_trail(keys=[SIGNER.verifier])
    with_witness = verify_trail(keys=[SIGNER.verifier], trusted=[(known.size, known.root)])

    assert alone.is_sound
    assert not with_witness.is_sound


def test_another_witness_in_its_place_is_not_believed(local, grow):
    stranger = Signer.generate(local.signer.name, KeyKind.COSIGNATURE)
    grow(1)

    with served(local) as it:
        failed = anchor_newest([Witness(it.url, stranger.verifier)], at=AT)

    assert list(failed.values()) == ["the witness signed with another key"]


def test_a_witness_that_is_away_stops_nothing(grow):
    grow(1)
    away = Witness("http://127.0.0.1:9", Signer.generate("w", KeyKind.COSIGNATURE).verifier)

    assert list(anchor_newest([away], at=AT)) == ["w"]

    assert not Cosignature.objects.exists()


def test_a_timestamp_is_taken_each_hour_and_openssl_verifies_it(tmp_path, grow):
    grow(2)
    with timestamp_authority(tmp_path) as (url, root):
        authority = TimestampAuthority(url, "tsa.example", roots_from(root))

        assert anchor_newest([authority], at=AT) == {}
        grow(1)
        anchor_newest([authority], at=AT + timedelta(minutes=59))
        anchor_newest([authority], at=AT + timedelta(minutes=60))

    first, second = Cosignature.objects.order_by("checkpoint")
    assert (first.checkpoint_id, second.checkpoint_id) == (2, 3)
    (tmp_path / "note").write_text(first.checkpoint.note)
    (tmp_path / "kept.tsr").write_bytes(bytes(first.proof))
    openssl(tmp_path, "ts -verify -data note -in kept.tsr -CAfile root.pem")


def test_a_timestamp_of_an_authority_that_is_not_trusted_is_refused(tmp_path, grow):
    grow(1)
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.mkdir()
    theirs.mkdir()
    with timestamp_authority(mine) as (_, root), timestamp_authority(theirs) as (url, _):
        authority = TimestampAuthority(url, "tsa.example", roots_from(root))

        failed = anchor_newest([authority], at=AT)

    assert failed == {"tsa.example": "the timestamp is not good"}
