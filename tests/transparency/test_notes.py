"""Signed notes: the published vectors, and that nothing else passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.transparency import notes
from backend.transparency.notes import KeyKind, Signer, VerifierKey
from backend.transparency.reading import Malformed, Unverified
from tests.transparency.vectors import (
    ENOCH,
    ENOCH_LINE,
    GO_TEXT,
    PETER,
    PETER_LINE,
    PETER_PRIVATE,
    SPEC_KEY,
    SPEC_NOTE,
)

peter, enoch = VerifierKey.parse(PETER), VerifierKey.parse(ENOCH)
NOTE = GO_TEXT + "\n" + PETER_LINE
BOTH = NOTE + ENOCH_LINE


def manglings(text):
    """Every part of a text, and every text with one character moved on."""
    length = len(text)
    yield from (text[i:j] for i in range(length) for j in range(i, length + 1) if j - i < length)
    for at, char in enumerate(text):
        yield text[:at] + chr(ord(char) + 1) + text[at + 1 :]


def test_the_specifications_key_opens_the_specifications_note():
    key = VerifierKey.parse(SPEC_KEY)

    text, signed = notes.open_note(SPEC_NOTE, [key])

    assert (text, signed) == ("This is an example message.\n", [key])
    assert (str(key), key.key_id.hex(), key.kind) == (SPEC_KEY, "530d903a", KeyKind.ED25519)


def test_gos_private_key_signs_what_go_signs():
    signer = Signer.parse(PETER_PRIVATE)

    assert notes.sign_note(GO_TEXT, signer) == NOTE
    assert (str(signer.verifier), signer.text) == (PETER, PETER_PRIVATE)


def test_unknown_keys_are_passed_over_and_known_ones_all_count():
    assert notes.open_note(BOTH, [peter])[1] == [peter]
    assert notes.open_note(BOTH.encode(), [peter, enoch])[1] == [peter, enoch]
    assert notes.open_note(NOTE + PETER_LINE, [peter])[1] == [peter]


def test_a_note_that_no_trusted_key_signed_is_refused():
    with pytest.raises(Unverified, match="no trusted key"):
        notes.open_note(NOTE, [enoch])
    with pytest.raises(Unverified, match="no trusted key"):
        notes.open_note(BOTH, [])


def test_one_bad_signature_of_a_known_key_spoils_the_note():
    bad = PETER_LINE[:60] + "ABCD" + PETER_LINE[60:]

    with pytest.raises(Unverified, match="not good"):
        notes.open_note(NOTE + bad, [peter, enoch])


@pytest.mark.parametrize("text", [PETER, ENOCH])
def test_no_mangled_key_is_a_key(text):
    assert str(VerifierKey.parse(text)) == text
    for mangled in manglings(text):
        with pytest.raises(Malformed):
            VerifierKey.parse(mangled)


def test_no_mangled_private_key_is_a_key():
    for mangled in manglings(PETER_PRIVATE):
        with pytest.raises(Malformed):
            Signer.parse(mangled)


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER + "\n",
    ],
)
def test_keys_of_wrong_length_kind_or_spelling_are_malformed(text):
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "note",
    [
        GO_TEXT,
        GO_TEXT + "\n",
        NOTE[:-1],
        "\x01" + NOTE,
        NOTE.replace("\n", "\r\n"),
        NOTE + "\n",
        NOTE + "Unexpected line.\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("PeterNeumann", "Bad Name"),
        NOTE.replace("PeterNeumann", "Peter+Neumann"),
        NOTE.replace("PeterNeumann ", " "),
        NOTE.replace("PeterNeumann ", "PeterNeumann  "),
        NOTE.replace("nAM=", "nAM"),
        NOTE.replace("nAM=", "nAN="),
        NOTE.replace("nAM=", "n-M="),
        GO_TEXT + "\n— PeterNeumann \n",
        GO_TEXT + "\n— PeterNeumann x08goA==\n",
        GO_TEXT + "\n" + PETER_LINE * 101,
        "\ud800" + NOTE,
        "x" * notes.NOTE_BYTES + NOTE,
        b"\xff" + NOTE.encode(),
        b"",
    ],
)
def test_what_is_no_note_is_malformed(note):
    with pytest.raises(Malformed):
        notes.open_note(note, [peter])


def test_a_hundred_signatures_and_empty_lines_in_the_text_are_fine():
    signer = Signer.parse(PETER_PRIVATE)

    assert len(notes.parse_note(GO_TEXT + "\n" + PETER_LINE * 100).signatures) == 100
    assert notes.open_note(notes.sign_note("a\n\nb\n\n", signer), [peter])[0] == "a\n\nb\n\n"


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "a\n\n— PeterNeumann x08goAAA"])
def test_what_would_be_no_note_is_not_signed(text):
    with pytest.raises(Malformed):
        notes.sign_note(text, Signer.parse(PETER_PRIVATE))


@given(at=st.integers(0, len(NOTE.encode()) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_leaves_a_note_good(at, bit):
    changed = bytearray(NOTE.encode())
    changed[at] ^= 1 << bit

    with pytest.raises((Malformed, Unverified)):
        notes.open_note(bytes(changed), [peter])


def test_a_plain_key_and_a_witness_of_the_same_name_are_two():
    log = Signer.generate("log.example")
    witness = Signer("log.example", KeyKind.COSIGNATURE, log.seed)
    note = notes.sign_note("text\n", log)

    assert log.verifier.key_id != witness.verifier.key_id
    with pytest.raises(Unverified):
        notes.open_note(note, [witness.verifier])


def test_a_time_belongs_to_a_cosignature_and_only_to_one():
    log = Signer.generate("log.example")
    witness = Signer.generate("witness.example", KeyKind.COSIGNATURE)

    with pytest.raises(ValueError, match="carries a time"):
        log.line("text\n", at_s=1)
    with pytest.raises(ValueError, match="carries a time"):
        witness.line("text\n")


def test_a_private_key_is_never_shown():
    assert "BgoUA" not in repr(Signer.parse(PETER_PRIVATE))
    assert "seed" not in repr(Signer.parse(PETER_PRIVATE))
