"""What a verification is sure of, and what it does not take for tampering."""

import pytest
from cryptography.exceptions import InvalidTag
from django.db import Error as DatabaseError
from django.db import connection, transaction

from backend import clock
from backend.audit.ciphers import cipher_from
from backend.audit.models import AuditEntry, Checkpoint, PatientKey, Verification
from backend.audit.seal import introduce, sign_checkpoints
from backend.audit.verify.chosen import verify_chosen
from backend.audit.verify.faults import lies_in_data
from backend.audit.verify.guards import FUNCTIONS, GUARDS
from backend.audit.verify.trail import verify_trail
from backend.transparency.checkpoints import cosign
from backend.transparency.notes import KeyKind, Signer
from tests.audit.past_guards import findings, tamper
from tests.audit.test_seal import SIGNER, note
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)


def newest_xid():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


def test_records_that_wait_for_their_seal_are_no_finding(grow, physician_actor):
    grow(3)
    note(PatientFactory(), physician_actor)

    verdict = verify_trail(keys=[SIGNER.verifier])

    assert verdict.findings == []
    assert (verdict.tree_size, verdict.records) == (3, 5)  # the patient's row, and the look


def test_a_checkpoint_may_wait_a_minute_for_its_signature_and_no_longer(grow):
    grow(2, sign=False)
    tamper("UPDATE audit_checkpoint SET sealed_at = now() - interval '50 seconds'")
    in_time = findings()
    tamper("UPDATE audit_checkpoint SET sealed_at = now() - interval '61 seconds'")

    late = findings()

    assert in_time == []
    assert late == [
        "one of the leaves 0 to 1: of the checkpoint of 2 leaves, the signature is missing"
    ]


def test_a_database_that_was_restored_elsewhere_counts_anew_and_raises_no_alarm(
    grow, physician_actor
):
    grow(2, sign=False)
    tamper("UPDATE audit_checkpoint SET settled_xmin = %s", newest_xid() + 10**9)
    sign_checkpoints(SIGNER)
    note(PatientFactory(), physician_actor)

    assert findings() == []


def test_a_record_of_a_transaction_that_is_still_to_come_was_forged(grow, physician_actor):
    grow(2)
    forged = note(PatientFactory(), physician_actor)
    tamper("UPDATE audit_auditentry SET xid = %s WHERE id = %s", newest_xid() + 10**6, forged.id)

    assert findings() == [f"record {forged.id}: of a transaction that never was"]


def test_without_pinned_keys_those_that_the_sealer_introduced_are_asked(grow):
    introduce(SIGNER)
    grow(2)

    assert findings(keys=None) == []


def test_pinned_keys_are_the_only_ones_that_count(grow, settings):
    introduce(SIGNER)
    grow(2)
    settings.AUDIT_VERIFIER_KEYS = [str(Signer.generate(SIGNER.name).verifier)]

    said = findings(keys=None)

    assert any("note is not one that the log signed" in line for line in said)
    assert any("a key was introduced that is not the log's" in line for line in said)


def test_a_key_in_the_database_that_is_none_is_named_and_the_rest_is_still_verified(grow):
    introduce(SIGNER)
    grow(2)
    tamper("INSERT INTO audit_logkey (vkey) VALUES ('no key')")

    assert findings(keys=None) == ["trail: a key was introduced that is not the log's: 'no key'"]


def test_what_an_earlier_verification_saw_is_not_forgotten(grow):
    grow(2)
    Verification.objects.create(
        ran_at=clock.now(), records=9, tree_size=9, is_sound=True, findings=[]
    )

    assert findings() == [
        "one of the leaves 2 to 8: the trail was cut: a verification saw 9 leaves"
    ]


def rewrite_with_the_log_key():
    """Another history of two leaves, in which everything agrees with everything."""
    for sql in (
        "UPDATE audit_auditentry SET body = convert_to(replace(convert_from(body, 'UTF8'), "
        "'treatment', 'curiosity'), 'UTF8')",
        "UPDATE audit_auditentry SET leaf = sha256('\\x00'::bytea || body)",
        "UPDATE audit_tile SET hashes = (SELECT string_agg(leaf, ''::bytea ORDER BY id) "
        "FROM audit_auditentry)",
        "UPDATE audit_checkpoint SET note = NULL, receipt = NULL, "
        "root = (SELECT sha256('\\x01'::bytea || hashes) FROM audit_tile)",
    ):
        tamper(sql)
    sign_checkpoints(SIGNER)


def test_what_the_witness_signed_must_be_what_is_there(grow, settings):
    witness = Signer.generate("witness.example", KeyKind.COSIGNATURE)
    settings.AUDIT_WITNESS_KEY = str(witness.verifier)
    grow(2)
    mine = Checkpoint.objects.get()
    line = cosign(mine.note, witness, 1_780_000_000)
    mine.cosignatures.create(
        kind="witness", name=witness.name, proof=line.encode(), received_at=clock.now()
    )
    before = findings()
    rewrite_with_the_log_key()

    after = findings()

    assert before == []
    assert after == [
        "one of the leaves 0 to 1: witness.example signed another checkpoint of 2 leaves"
    ]


def test_hundreds_of_records_whose_bytes_are_no_json_are_all_named(grow):
    entries = grow(300)
    tamper("UPDATE audit_auditentry SET body = '\\xff' WHERE id <> %s", entries[7].id)

    verdict = verify_trail(keys=[SIGNER.verifier])

    named = {it.record_id for it in verdict.findings if it.reason == "the bytes are not JSON"}
    assert named == {entry.id for entry in entries} - {entries[7].id}


def test_a_patients_key_opens_for_that_patient_and_pseudonym_only(grow):
    grow(1)
    key = PatientKey.objects.get()

    assert key.cipher() is not None
    for ref, pseudonym in (("pt_another", key.pseudonym), (key.patient_ref, "psn_another")):
        with pytest.raises(InvalidTag):
            cipher_from(ref, pseudonym, bytes(key.wrapped))


def test_some_entries_are_verified_by_themselves_and_against_their_tiles(grow):
    entries = grow(3)
    chosen = AuditEntry.objects.filter(id__in=[entry.id for entry in entries[:2]])
    sound = verify_chosen(chosen)
    tamper("UPDATE audit_auditentry SET actor = 'nobody' WHERE id = %s", entries[0].id)
    tamper("DELETE FROM audit_tile")

    said = [str(finding) for finding in verify_chosen(chosen).findings]

    assert (sound.findings, sound.records) == ([], 2)
    assert said == [
        f"record {entries[0].id}: the column for actor differs from the bytes",
        f"record {entries[0].id}, leaf 0: the tree holds another record in this place",
        f"record {entries[1].id}, leaf 1: the tree holds another record in this place",
    ]


@pytest.mark.parametrize(
    ("sql", "is_of_the_data"),
    [
        ("SELECT 1 / 0", True),
        ("SELECT convert_from('\\xff', 'UTF8')", True),
        ("SELECT repeat('[', 100000)::jsonb", True),
        ("SELECT * FROM audit_gone", True),
        ("SELECT 'infinity'::timestamptz", True),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", False),
        ("SELECT pg_terminate_backend(pg_backend_pid())", False),
    ],
)
def test_only_what_is_stored_is_held_against_the_trail_and_not_the_server(sql, is_of_the_data):
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
        cursor.fetchall()
    connection.close()

    assert lies_in_data(caught.value) is is_of_the_data


def test_the_guards_are_those_that_the_migrations_installed():
    """Where a migration changes a guard's function, its digest is written in `guards.py`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname::text, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') "
            "FROM pg_proc WHERE proname = ANY(%s)",
            [list(FUNCTIONS)],
        )
        installed = dict(cursor.fetchall())

    assert installed == FUNCTIONS
    assert {function for _table, function in GUARDS.values()} < FUNCTIONS.keys()
