"""Checkpoints (c2sp.org/tlog-checkpoint): signed notes that say a log's size and root."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from backend.transparency.notes import (
    KeyKind,
    Signer,
    VerifierKey,
    add_lines,
    cosigned_at_s,
    open_note,
    parse_note,
    sign_note,
)
from backend.transparency.reading import (
    HASH_BYTES,
    HIGHEST,
    Malformed,
    Unverified,
    hash_from_base64,
    to_base64,
    whole_number,
)


@dataclass(frozen=True)
class Checkpoint:
    """A log's tree head: whose, how many leaves, and their root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in line for line in lines):
            raise Malformed("origin and extensions are lines, none of them empty")
        if not 0 <= self.size <= HIGHEST or len(self.root) != HASH_BYTES:
            raise Malformed("a checkpoint has a size from 0 to 2^63 - 1 and a root of 32 bytes")

    @property
    def body(self) -> str:
        """The note's text: origin, size, root, extensions, a line each."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, body: str) -> Self:
        """The checkpoint of a note's text; Malformed for any other spelling."""
        lines = body.split("\n")
        if len(lines) < 4 or lines.pop():
            raise Malformed("a checkpoint has at least three lines and ends in a newline")
        size = whole_number(lines[1], "the tree size")
        root = hash_from_base64(lines[2], "the root")
        return cls(lines[0], size, root, tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note. The key bears the log's origin as its name, else Malformed."""
    if signer.name != checkpoint.origin:
        raise Malformed("a log signs under its origin")
    return sign_note(checkpoint.body, signer)


def open_checkpoint(note: bytes | str, key: VerifierKey) -> Checkpoint:
    """The checkpoint that this log signed. Raises Malformed or Unverified."""
    text, _keys = open_note(note, [key])
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != key.name:
        raise Unverified(f"signed by {key.name}, but about another log: {checkpoint.origin}")
    return checkpoint


def cosign(note: bytes | str, witness: Signer, at_s: int) -> str:
    """A witness's signature line over a checkpoint, with the time in Unix seconds.

    Raises Malformed where the note is no checkpoint. Whether the log signed it and only grew
    since the last one must be known before.
    """
    text = parse_note(note).text
    Checkpoint.parse(text)
    return witness.line(text, at_s)


def with_cosignatures(note: str, lines: Sequence[str]) -> str:
    """The checkpoint with witnesses' lines below the log's; Malformed where one is no such line."""
    return add_lines(note, *lines)


def cosigners(note: bytes | str, witnesses: Sequence[VerifierKey]) -> dict[str, int]:
    """Which of the witnesses signed the checkpoint, and when first, in Unix seconds.

    Raises Malformed; Unverified where a witness's signature is not good.
    """
    opened = parse_note(note)
    signed = {key.name: opened.signed_by(key) for key in witnesses if _is_witness(key)}
    return {
        name: min(cosigned_at_s(one) for one in found) for name, found in signed.items() if found
    }


def _is_witness(key: VerifierKey) -> bool:
    return key.kind == KeyKind.COSIGNATURE
