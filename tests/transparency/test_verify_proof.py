"""The stand-alone program that verifies the proof of one entry."""

import base64
import gzip
import json
import random

import pytest

from backend.audit.verifier.verify_audit import climb
from backend.transparency.checkpoints import Checkpoint, cosign, sign_checkpoint, with_cosignatures
from backend.transparency.merkle import leaf_hash
from backend.transparency.notes import KeyKind, Signer
from backend.transparency.proofs import Proof, pack
from tests.transparency.bundles import WITNESS_KEY, WITNESS_VKEY
from tests.transparency.test_proofs import ENTRIES, LOG_KEY, ORIGIN, proof_of
from tests.transparency.verdicts import verdict_on_proof

VKEY = str(LOG_KEY.verifier)
OTHER = str(Signer(ORIGIN, KeyKind.ED25519, bytes(32)).verifier)
PROOF = pack(proof_of(500).text)


def answer(body: bytes) -> bytes:
    """As the service answers: one member among others."""
    return json.dumps({"id": "7", "body": base64.b64encode(body).decode()}).encode()


ENTRY = answer(ENTRIES[500])


def judged(folder, proof, entry, *more, key=VKEY):
    return verdict_on_proof(folder, proof, entry, "--key", key, *more)


@pytest.mark.parametrize("index", [0, 1, 511, 998, 999])
def test_a_proof_is_sound_packed_and_plain(index, tmp_path):
    text, entry = proof_of(index).text, answer(ENTRIES[index])

    packed, plain = judged(tmp_path, pack(text), entry), judged(tmp_path, text.encode(), entry)

    assert packed == plain
    assert packed[0] == 0
    assert f"leaf {index} of 1000, log {ORIGIN}\n" in packed[1]
    assert packed[1].endswith("健全 SOUND\n")


def test_one_entry_of_a_million_is_verified_from_less_than_a_kilobyte(tmp_path):
    chance, body, size, index = random.Random(4), b'{"action":"patient.read"}', 1_000_000, 999_000
    hashes = tuple(chance.randbytes(32) for _ in range(20))
    _, root = climb(leaf_hash(body), index + 1, size, list(hashes), 1)
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root), LOG_KEY)
    packed = pack(Proof(index, hashes, note).text)

    code, said = judged(tmp_path, packed, body)

    assert len(packed) <= 1000
    assert (code, "leaf 999000 of 1000000" in said) == (0, True), said


def test_extra_data_changes_nothing(tmp_path):
    assert judged(tmp_path, pack(proof_of(500, b"extra").text), ENTRY)[0] == 0


def test_a_witness_is_asked_for_by_key(tmp_path):
    proof = proof_of(500)
    seen = with_cosignatures(proof.checkpoint, [cosign(proof.checkpoint, WITNESS_KEY, at_s=1)])
    cosigned = pack(Proof(proof.index, proof.hashes, seen).text)

    with_line = judged(tmp_path, cosigned, ENTRY, "--witness", WITNESS_VKEY)
    without = judged(tmp_path, PROOF, ENTRY, "--witness", WITNESS_VKEY)

    assert (with_line[0], without[0]) == (0, 1)
    assert "cosigned: witness.example/w1" in with_line[1]
    assert "not signed by witness.example/w1" in without[1]


@pytest.mark.parametrize(
    ("reason", "proof", "entry"),
    [
        ("is not leaf 500", PROOF, answer(ENTRIES[501])),
        ("is not leaf 501", proof_of(501).text.encode(), ENTRY),
        ("is not leaf 1500", proof_of(500).text.replace("index ", "index 1").encode(), ENTRY),
        ("not one whole packed proof", PROOF[:-1], ENTRY),
        ("not one whole packed proof", PROOF + b"x", ENTRY),
        ("not one whole packed proof", gzip.compress(bytes(50_000_000)), ENTRY),
        ("not a proof", b"", ENTRY),
        ("not a proof", b"\n\n\n", ENTRY),
        ("not a proof", proof_of(500).text.replace("tlog-proof@v1", "x").encode(), ENTRY),
        ("", proof_of(500).text.encode()[:-30], ENTRY),
        ("", b"\xff\xfe\x00", ENTRY),
        ("", PROOF, b""),
        ("", PROOF, answer(b"")),
        ("", PROOF, b'{"body":"?"}'),
        ("", PROOF, b"[" * 100_000),
        ("longer than", bytes(2_000_000), ENTRY),
    ],
)
def test_what_is_spoiled_gets_a_clear_no(reason, proof, entry, tmp_path):
    code, said = judged(tmp_path, proof, entry)

    assert code == 1
    assert reason in said
    assert said.startswith("異常 wrong: ")
    assert said.endswith("異常あり NOT SOUND\n")


def test_the_key_of_another_log_is_a_no(tmp_path):
    assert judged(tmp_path, PROOF, ENTRY, key=OTHER)[0] == 1


def test_without_a_key_or_with_half_of_one_it_is_called_wrongly(tmp_path):
    assert verdict_on_proof(tmp_path, PROOF, ENTRY)[0] == 2
    assert judged(tmp_path, PROOF, ENTRY, key=VKEY[:-9])[0] == 2
