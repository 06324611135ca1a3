"""Signed notes (c2sp.org/signed-note): text, a blank line, and who signed it.

Ed25519 only: plain signatures, and the timestamped cosignatures of witnesses
(c2sp.org/tlog-cosignature, `cosignature/v1`). Reading is strict: Malformed or Unverified.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backend.transparency.reading import (
    HIGHEST,
    Malformed,
    Unverified,
    from_base64,
    text_of,
    to_base64,
)

NOTE_BYTES = 1_000_000
SIGNATURES = 100
KEY_BYTES = 32
SIGNATURE_BYTES = 64
_TIME_BYTES = 8
_ID_BYTES = 4
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY = re.compile(r"(?P<name>[^+\s]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")
_PRIVATE = "PRIVATE+KEY+"


class KeyKind(IntEnum):
    """The signature type byte of a key."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name: `example.com/log+530d903a+AekyeR…`."""

    name: str
    kind: KeyKind
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public) != KEY_BYTES:
            raise Malformed("a key has a name without spaces and plus signs, and 32 bytes")

    def __str__(self) -> str:
        material = to_base64(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line; no protection by themselves."""
        return _key_id(self.name, self.kind, self.public)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a vkey text. Raises Malformed, also where its key id is not its own."""
        name, key_id, kind, public = _read_key(text)
        key = cls(name, kind, public)
        if key.key_id != key_id:
            raise Malformed("the key id does not belong to the name and the key")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether a signature line's bytes (without the key id) are good for the text."""
        message, rest = text.encode(), signature
        if self.kind == KeyKind.COSIGNATURE:
            at_s, rest = _timed(signature)
            message = _cosigned(text, at_s)
        if len(rest) != SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(rest, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key with its name. `text` is its secret spelling; showing it never tells it."""

    name: str
    kind: KeyKind
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str, kind: KeyKind = KeyKind.ED25519) -> Self:
        """A fresh key."""
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a `PRIVATE+KEY+name+id+base64` text, as Go's sumdb/note writes it.

        Raises Malformed, also where the key id is not its own; the message never shows the key.
        """
        if not text.startswith(_PRIVATE):
            raise Malformed("not a private key of a signed note")
        name, key_id, kind, seed = _read_key(text.removeprefix(_PRIVATE))
        signer = cls(name, kind, seed)
        if signer.verifier.key_id != key_id:
            raise Malformed("the key id does not belong to the name and the key")
        return signer

    @property
    def text(self) -> str:
        """The secret spelling that `parse` reads."""
        material = to_base64(bytes([self.kind]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{material}"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, self.kind, public.public_bytes_raw())

    def line(self, text: str, at_s: int | None = None) -> str:
        """The signature line over a note's text; a witness's key needs the time in Unix seconds."""
        key, stamp, message = Ed25519PrivateKey.from_private_bytes(self.seed), b"", text.encode()
        if (at_s is None) == (self.kind == KeyKind.COSIGNATURE):
            raise ValueError("a cosignature carries a time, a plain signature none")
        if at_s is not None:
            stamp, message = at_s.to_bytes(_TIME_BYTES, "big"), _cosigned(text, at_s)
        signed = to_base64(self.verifier.key_id + stamp + key.sign(message))
        return f"{_DASH}{self.name} {signed}\n"


class NoteSignature(NamedTuple):
    """One signature line: whose, and the bytes behind the key id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A note as it was read; its text means nothing before a trusted key has verified."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def signed_by(self, key: VerifierKey) -> tuple[bytes, ...]:
        """The signatures of this key, all of them good; empty where it did not sign.

        Raises Unverified where one that bears the key's name and id is not good.
        """
        own = tuple(s for s in self.signatures if s[:2] == (key.name, key.key_id))
        if not all(key.verifies(self.text, line.signature) for line in own):
            raise Unverified(f"the signature of {key.name} is not good for this text")
        return tuple(line.signature for line in own)


def parse_note(data: bytes | str) -> Note:
    """A signed note, signatures unchecked; Malformed for anything but the published format."""
    whole = text_of(data, "the note", NOTE_BYTES)
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or _CONTROL.search(whole):
        raise Malformed("a note is text, a blank line and signature lines")
    signatures = tuple(parse_line(line) for line in lines[:-1].split("\n"))
    if len(signatures) > SIGNATURES:
        raise Malformed(f"more than {SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def parse_line(line: str) -> NoteSignature:
    """One signature line without its newline; else Malformed."""
    name, space, signed = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _is_name(name):
        raise Malformed(f"not a signature line: {line[:80]!r}")
    raw = from_base64(signed, "a signature")
    if len(raw) <= _ID_BYTES:
        raise Malformed("a signature is longer than its key id")
    return NoteSignature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def sign_note(text: str, *signers: Signer) -> str:
    """The note: text that ends in a newline, signed by plain keys. Raises Malformed otherwise."""
    note = add_lines(text + "\n", *(signer.line(text) for signer in signers))
    if parse_note(note).text != text:
        raise Malformed("a note's text ends in a newline")
    return note


def add_lines(note: str, *lines: str) -> str:
    """The note with more signature lines, such as witnesses'; Malformed if it is none then."""
    whole = note + "".join(lines)
    parse_note(whole)
    return whole


def open_note(data: bytes | str, keys: Sequence[VerifierKey]) -> tuple[str, list[VerifierKey]]:
    """The text and who of `keys` signed it. Signatures of other keys are passed over.

    Raises Malformed; Unverified where none of the keys signed, or one of them not well.
    """
    note = parse_note(data)
    signed = [key for key in keys if note.signed_by(key)]
    if not signed:
        raise Unverified("no trusted key signed this note")
    return note.text, signed


def cosigned_at_s(signature: bytes) -> int:
    """When a witness signed, in Unix seconds, from a cosignature's bytes; else Malformed."""
    at_s, rest = _timed(signature)
    if len(rest) != SIGNATURE_BYTES or at_s > HIGHEST:
        raise Malformed("a cosignature is a time of eight bytes and 64 more")
    return at_s


def _key_id(name: str, kind: KeyKind, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID_BYTES]


def _read_key(text: str) -> tuple[str, bytes, KeyKind, bytes]:
    found = _KEY.fullmatch(text)
    material = from_base64(found["key"], "the key") if found else b""
    if found is None or len(material) != 1 + KEY_BYTES or material[0] not in set(KeyKind):
        raise Malformed("not an Ed25519 key in the form name+id+base64")
    return found["name"], bytes.fromhex(found["id"]), KeyKind(material[0]), material[1:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def _timed(signature: bytes) -> tuple[int, bytes]:
    return int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()
