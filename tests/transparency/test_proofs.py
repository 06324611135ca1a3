"""Proof files: short, strict, and worth nothing after one flipped bit."""

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.transparency import merkle, proofs, tiles
from backend.transparency.checkpoints import Checkpoint, sign_checkpoint
from backend.transparency.notes import KeyKind, Signer
from backend.transparency.proofs import Proof
from backend.transparency.reading import Malformed, Unverified
from tests.transparency import rfc6962

ORIGIN = "audit.suhada.example"
LOG_KEY = Signer(ORIGIN, KeyKind.ED25519, b"\x01" * 32)
ENTRIES = [b"entry %d" % number for number in range(1000)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]
TREE = tiles.RightEdge()
STORE = {(tile.level, tile.index): tile.hashes for tile in TREE.append(LEAVES)}
CHECKPOINT = sign_checkpoint(Checkpoint(ORIGIN, TREE.size, TREE.root()), LOG_KEY)


def proof_of(index, extra=b""):
    hashes = tiles.prove_inclusion(index, TREE.size, lambda *place: STORE[place])
    return Proof(index, tuple(hashes), CHECKPOINT, extra)


def of_a_million():
    """A proof as long as one out of a million entries is: any 20 hashes."""
    chance = random.Random(4)
    note = sign_checkpoint(Checkpoint(ORIGIN, 1_000_000, chance.randbytes(32)), LOG_KEY)
    return Proof(999_424, tuple(chance.randbytes(32) for _ in range(20)), note)


@pytest.mark.parametrize("index", [0, 1, 511, 998, 999])
def test_a_proof_is_verified_offline_with_the_logs_key(index):
    text = proof_of(index).text

    checkpoint = Proof.parse(text).verify(LEAVES[index], LOG_KEY.verifier)

    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 1000)


def test_the_file_is_the_one_of_the_specification():
    lines = proof_of(73, b"extra").text.split("\n")

    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 73"]
    assert lines[13:17] == ["", ORIGIN, "1000", CHECKPOINT.split("\n")[2]]
    assert proof_of(73).text.split("\n")[1] == "index 73"


@pytest.mark.parametrize("extra", [b"", b"\x00\xff"])
def test_what_was_written_is_read(extra):
    proof = proof_of(500, extra)

    assert Proof.parse(proof.text) == proof
    assert Proof.parse(proof.text.encode()) == proof


def test_one_entry_of_a_million_takes_less_than_a_kilobyte():
    text = of_a_million().text

    packed = proofs.pack(text)

    assert len(packed) <= 1000
    assert len(rfc6962.turns(0, 1_000_000)) == len(of_a_million().hashes) == 20
    assert len(text.encode()) == 1130  # 20 lines of 45 bytes alone are 900
    assert proofs.unpack(packed) == text
    assert gzip.decompress(packed).decode() == text


@given(index=st.integers(0, 999), at=st.integers(0), bit=st.integers(0, 7))
def test_no_flipped_bit_leaves_a_proof_good(index, at, bit):
    changed = bytearray(proof_of(index).text.encode())
    changed[at % len(changed)] ^= 1 << bit

    with pytest.raises((Malformed, Unverified)):
        Proof.parse(bytes(changed)).verify(LEAVES[index], LOG_KEY.verifier)


def test_a_proof_is_for_one_entry_and_one_log():
    proof = proof_of(7)

    with pytest.raises(Unverified, match="leaf 7"):
        proof.verify(LEAVES[8], LOG_KEY.verifier)
    with pytest.raises(Unverified, match="no trusted key"):
        proof.verify(LEAVES[7], Signer.generate(ORIGIN).verifier)


TEXT = proof_of(7, b"x").text


@pytest.mark.parametrize(
    "text",
    [
        "",
        b"\xff",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("extra eA==\n", "extra \n"),
        TEXT.replace("extra eA==\n", "extra eB==\n"),
        TEXT.replace("index 7", "index 07"),
        TEXT.replace("index 7", "index  7"),
        TEXT.replace("index 7", "index -7"),
        TEXT.replace("index 7\n", ""),
        TEXT.replace("index 7", "INDEX 7"),
        TEXT.replace("index 7\n", "index 7\nAAAA\n"),
        TEXT.replace("index 7\n", "index 7\n" + "A" * 43 + "=\n" * 60),
        TEXT.replace("\n\n", "\n", 1),
        TEXT.replace("\n", "\r\n"),
        TEXT + "\n",
        TEXT[:-1],
        "c2sp.org/tlog-proof@v1\n\n" + CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nextra eA==\n\n" + CHECKPOINT,
    ],
)
def test_what_is_no_proof_is_malformed(text):
    with pytest.raises(Malformed):
        Proof.parse(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip",
        proofs.pack(TEXT)[:-1],
        proofs.pack(TEXT) + b"x",
        zlib.compress(TEXT.encode()),
        proofs.pack("x" * 50_000_000),
        gzip.compress(b"\xff", mtime=0),
    ],
)
def test_what_is_no_packed_proof_is_malformed(data):
    with pytest.raises(Malformed):
        proofs.unpack(data)
