"""One entry with its proof, and the log as monitors see it: checkpoints and row changes."""

import base64
import json
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from backend import clock
from backend.audit.ciphers import commitment_to
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Checkpoint, Cosignature, SealedLeaf
from backend.audit.record import record
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.merkle import leaf_hash
from backend.transparency.notes import VerifierKey
from backend.transparency.proofs import Proof
from tests.audit.past_guards import destroy_key
from tests.audit.sealing import SIGNER, VKEY, seal_everything
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, PhysicianFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def entry(patient):
    physician = PhysicianFactory(clinic=patient.clinic)
    with transaction.atomic():
        facts = {"list": "/v1/patients"}
        return record("patient.list", on=patient, by=physician.user.actor, at=AT, facts=facts)


def shown_to(who, entry):
    answer = Caller(who).get(f"/v1/audit_entries/{entry.id}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_sealed_entry_is_proven_by_nothing_but_what_is_shown(patient, entry):
    seal_everything()

    shown = shown_to(patient, entry)

    sealed, body = shown["sealed"], base64.b64decode(shown["body"])
    proof = Proof.parse(sealed["proof"])
    head = proof.verify(leaf_hash(body), VerifierKey.parse(VKEY))
    assert sealed["leaf_index"] == proof.index == SealedLeaf.objects.get(record_id=entry.id).pk
    assert sealed["tree_size"] == head.size
    assert (sealed["checkpoint"], sealed["vkey"]) == (proof.checkpoint, VKEY)
    assert leaf_hash(body).hex() == shown["leaf"]


def test_the_facts_fit_what_the_body_commits_to(patient, entry):
    shown = shown_to(patient, entry)

    said = json.loads(base64.b64decode(shown["body"]))
    salt = bytes.fromhex(shown["salt"])
    assert commitment_to(shown["facts"], salt) == said["commitment"]
    assert (shown["purpose"], shown["facts"]) == ("treatment", {"list": "/v1/patients"})


def test_until_it_is_sealed_an_entry_has_no_proof(patient, entry):
    assert shown_to(patient, entry)["sealed"] is None


def test_an_entry_after_the_newest_checkpoint_that_a_witness_saw_is_proven_all_the_same(
    patient, entry
):
    seal_everything()
    Cosignature.objects.create(
        checkpoint=Checkpoint.objects.latest("size"),
        kind="witness",
        name="w.example",
        proof="— w.example AAAAAAAAAAA=\n".encode(),
        received_at=clock.now(),
    )
    with transaction.atomic():
        later = record("patient.read", on=patient, by=patient.user.actor, at=AT)
    seal_everything()

    shown = shown_to(patient, later)

    assert shown["sealed"]["tree_size"] == Checkpoint.objects.latest("size").size
    assert "w.example" in shown_to(patient, entry)["sealed"]["checkpoint"]


def test_once_the_key_is_destroyed_the_proof_stays_and_the_facts_are_gone(patient, entry):
    auditor = AuditorFactory(clinic=patient.clinic)
    with transaction.atomic():
        destroy_key(patient.ref, at=clock.now())
    seal_everything()

    shown = shown_to(auditor, entry)

    leaf = leaf_hash(base64.b64decode(shown["body"]))
    assert Proof.parse(shown["sealed"]["proof"]).verify(leaf, SIGNER.verifier)
    assert (shown["facts"], shown["salt"], shown["patient"]) == (None, None, None)


def test_a_look_at_one_entry_leaves_one(patient, entry):
    auditor = AuditorFactory(clinic=patient.clinic)

    shown_to(auditor, entry)

    look = AuditEntry.objects.latest("id")
    assert (look.action, look.pseudonym) == ("audit_entry.prove", pseudonym_of(patient.ref))
    assert look.actor == auditor.user.actor.label


@pytest.mark.parametrize("number", ["0", "1" * 30, "01", "1.0", "-1", "x", "999999999"])
def test_what_is_no_entries_number_is_not_found(patient, number):
    answer = Caller(patient).get(f"/v1/audit_entries/{number}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_broken_tree_is_no_answer(patient, entry):
    seal_everything()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_tile")

    answer = Caller(patient).get(f"/v1/audit_entries/{entry.id}")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_an_auditor_sees_signed_checkpoints_newest_first(patient, entry):
    seal_everything()
    with transaction.atomic():
        record("patient.read", on=patient, by=patient.user.actor, at=AT)
    seal_everything()

    rows = Caller(AuditorFactory()).get("/v1/audit_checkpoints").json()["data"]

    sizes = [row["size"] for row in rows]
    assert len(sizes) > 1
    assert sizes == sorted(sizes, reverse=True)
    head = open_checkpoint(rows[0]["note"], SIGNER.verifier)
    assert (head.size, base64.b64encode(head.root).decode()) == (
        rows[0]["size"],
        rows[0]["root_hash"],
    )
    assert rows[0]["previous_size"] == sizes[1]


def test_a_checkpoint_that_is_not_signed_yet_is_not_shown(patient, entry):
    seal_everything()
    Checkpoint.objects.create(
        size=10_000,
        root=bytes(32),
        previous_size=Checkpoint.objects.latest("size").size,
        settled_xmin=1,
        sealed_at=AT,
        columns_hash=bytes(32),
    )

    rows = Caller(AuditorFactory()).get("/v1/audit_checkpoints").json()["data"]

    assert 10_000 not in [row["size"] for row in rows]


def test_pages_of_checkpoints_follow_one_another(patient, entry):
    for _ in range(3):
        with transaction.atomic():
            record("patient.read", on=patient, by=patient.user.actor, at=AT)
        seal_everything()
    auditor, found, cursor = Caller(AuditorFactory()), [], {}
    wanted = list(Checkpoint.objects.order_by("-size").values_list("size", flat=True))

    while len(found) < len(wanted):
        page = auditor.get("/v1/audit_checkpoints", limit=1, **cursor).json()
        found += [row["size"] for row in page["data"]]
        cursor = {"cursor": page["next_cursor"]}

    assert found == wanted
