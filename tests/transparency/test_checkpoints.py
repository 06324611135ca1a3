"""Checkpoints, and the witnesses who sign below them."""

import pytest

from backend.transparency import checkpoints, notes
from backend.transparency.checkpoints import Checkpoint
from backend.transparency.notes import KeyKind, Signer, VerifierKey
from backend.transparency.reading import Malformed, Unverified
from tests.transparency.vectors import COSIGNED, COSIGNED_AT_S, LOG, WITNESS

ORIGIN = "suhada.example/audit"
ROOT = bytes(range(32))
ROOT_TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LOG_KEY = Signer(ORIGIN, KeyKind.ED25519, b"\x01" * 32)
WITNESS_KEY = Signer("witness.example/w1", KeyKind.COSIGNATURE, b"\x02" * 32)


def test_a_real_logs_checkpoint_opens_under_its_key():
    found = checkpoints.open_checkpoint(COSIGNED, VerifierKey.parse(LOG))

    assert (found.origin, found.size) == ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532)


def test_a_real_witness_is_found_below_it_with_its_time():
    witness = VerifierKey.parse(WITNESS)

    assert checkpoints.cosigners(COSIGNED, [witness]) == {witness.name: COSIGNED_AT_S}


def test_a_real_witness_did_not_sign_another_size_or_time():
    witness = VerifierKey.parse(WITNESS)
    line = next(line for line in COSIGNED.split("\n") if witness.name in line)

    for changed in (
        COSIGNED.replace("\n1432088532\n", "\n1432088533\n"),
        COSIGNED.replace(line, line.replace("AAAABqEiEg", "AAAABqEiEh")),
    ):
        with pytest.raises(Unverified):
            checkpoints.cosigners(changed, [witness])


def test_a_checkpoint_is_three_lines_and_a_signature():
    note = checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 70_000, ROOT), LOG_KEY)

    assert note.startswith(f"{ORIGIN}\n70000\n{ROOT_TEXT}\n\n— {ORIGIN} ")
    found = checkpoints.open_checkpoint(note, LOG_KEY.verifier)
    assert found == Checkpoint(ORIGIN, 70_000, ROOT)


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"o\n7\n{ROOT_TEXT}",
        "o\n7\n",
        f"\n7\n{ROOT_TEXT}\n",
        f"o\n07\n{ROOT_TEXT}\n",
        f"o\n+7\n{ROOT_TEXT}\n",
        f"o\n-7\n{ROOT_TEXT}\n",
        f"o\n7 \n{ROOT_TEXT}\n",
        f"o\n٧\n{ROOT_TEXT}\n",
        f"o\n\n{ROOT_TEXT}\n",
        f"o\n9223372036854775808\n{ROOT_TEXT}\n",
        f"o\n{'9' * 5000}\n{ROOT_TEXT}\n",
        "o\n7\nAAAA\n",
        f"o\n7\n{ROOT_TEXT[:-1]}\n",
        f"o\n7\n{ROOT_TEXT[:-2]}9=\n",
        f"o\n7\n{ROOT_TEXT}\n\n",
        f"o\n7\n{ROOT_TEXT}\n\nextension\n",
    ],
)
def test_what_is_no_checkpoint_is_malformed(body):
    with pytest.raises(Malformed):
        Checkpoint.parse(body)


@pytest.mark.parametrize("size", [0, 1, 2**63 - 1])
def test_every_size_has_one_spelling(size):
    checkpoint = Checkpoint("o", size, ROOT, ("extension",))

    assert Checkpoint.parse(checkpoint.body) == checkpoint


@pytest.mark.parametrize(
    "fields",
    [
        ("", 1, ROOT),
        ("a\nb", 1, ROOT),
        ("o", -1, ROOT),
        ("o", 2**63, ROOT),
        ("o", 1, ROOT[:31]),
        ("o", 1, ROOT, ("",)),
        ("o", 1, ROOT, ("a\nb",)),
    ],
)
def test_an_impossible_checkpoint_cannot_be_made(fields):
    with pytest.raises(Malformed):
        Checkpoint(*fields)


def test_a_log_speaks_for_no_other_log():
    other = Signer("other.example/log", KeyKind.ED25519, LOG_KEY.seed)
    note = notes.sign_note(Checkpoint(ORIGIN, 7, ROOT).body, other)

    with pytest.raises(Malformed, match="under its origin"):
        checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 7, ROOT), other)
    with pytest.raises(Unverified, match="another log"):
        checkpoints.open_checkpoint(note, other.verifier)


def test_a_witness_signs_below_the_log():
    note = checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 7, ROOT, ("more",)), LOG_KEY)
    line = checkpoints.cosign(note, WITNESS_KEY, 1_800_000_000)

    both = checkpoints.with_cosignatures(note, [line])

    assert checkpoints.open_checkpoint(both, LOG_KEY.verifier).size == 7
    assert checkpoints.cosigners(both, [WITNESS_KEY.verifier]) == {
        "witness.example/w1": 1_800_000_000
    }
    assert checkpoints.cosigners(note, [WITNESS_KEY.verifier]) == {}
    with pytest.raises(Unverified):
        checkpoints.cosigners(both.replace("\nmore\n", "\nless\n"), [WITNESS_KEY.verifier])


def test_a_logs_own_signature_is_no_cosignature():
    note = checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 7, ROOT), LOG_KEY)

    assert checkpoints.cosigners(note, [LOG_KEY.verifier]) == {}


def test_only_signature_lines_go_below_a_checkpoint():
    note = checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 7, ROOT), LOG_KEY)

    with pytest.raises(Malformed):
        checkpoints.with_cosignatures(note, ["anything\n"])
    with pytest.raises(Malformed):
        checkpoints.cosign(notes.sign_note("a letter\n", LOG_KEY), WITNESS_KEY, 1)


@pytest.mark.parametrize("signature", [b"", b"\x00" * 71, b"\x00" * 73, b"\xff" * 72])
def test_a_cosignature_has_a_time_and_sixty_four_bytes(signature):
    with pytest.raises(Malformed):
        notes.cosigned_at_s(signature)
