"""Proof files (c2sp.org/tlog-proof@v1): one entry's place in a log, verifiable offline.

As text, a proof out of a million entries has 20 lines of 45 bytes, so about 1.1 KB with its
checkpoint. Base 64 packs well: `pack` makes less than 1 KB of it, `unpack` gives the text back.
"""

import zlib
from dataclasses import dataclass
from typing import Self

from backend.transparency.checkpoints import Checkpoint, open_checkpoint
from backend.transparency.merkle import verify_inclusion
from backend.transparency.notes import VerifierKey, parse_note
from backend.transparency.reading import (
    Malformed,
    Unverified,
    from_base64,
    hash_from_base64,
    text_of,
    to_base64,
    whole_number,
)

HEADER = "c2sp.org/tlog-proof@v1"
PROOF_BYTES = 1_100_000
_LONGEST = 63
_GZIP = 31
"""zlib's word for its largest window in a gzip wrapper."""


@dataclass(frozen=True)
class Proof:
    """Where an entry stands, the hashes up to the root, and the signed checkpoint itself."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The file, usually called `….tlog-proof`."""
        extra = f"extra {to_base64(self.extra)}\n" if self.extra else ""
        hashes = "".join(f"{to_base64(one)}\n" for one in self.hashes)
        return f"{HEADER}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: bytes | str) -> Self:
        """The proof of a file, unverified; Malformed for anything but the published format."""
        text = text_of(data, "the proof", PROOF_BYTES)
        head, blank, checkpoint = text.partition("\n\n")
        header, *lines = head.split("\n")
        if header != HEADER or not blank or not lines:
            raise Malformed(f"a proof begins with {HEADER} and holds a checkpoint")
        extra = b""
        if lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0).removeprefix("extra "), "the extra data")
        word, _space, index = lines.pop(0).partition(" ") if lines else ("", "", "")
        if word != "index" or len(lines) > _LONGEST:
            raise Malformed("a proof has one index line and at most 63 hashes")
        hashes = tuple(hash_from_base64(line, "a hash of the proof") for line in lines)
        Checkpoint.parse(parse_note(checkpoint).text)
        proof = cls(whole_number(index, "the index"), hashes, checkpoint, extra)
        if proof.text != text:
            raise Malformed("a proof has one spelling")
        return proof

    def verify(self, leaf: bytes, key: VerifierKey) -> Checkpoint:
        """The checkpoint, where this log signed it and the leaf hash is in its tree there.

        Raises Unverified otherwise. `extra` is never covered.
        """
        checkpoint = open_checkpoint(self.checkpoint, key)
        if not verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root):
            raise Unverified(f"the proof does not lead from leaf {self.index} to the signed root")
        return checkpoint


def pack(text: str) -> bytes:
    """The proof's text in gzip, as `gunzip` reads it: below 1 KB for one entry of a million."""
    packer = zlib.compressobj(level=9, wbits=_GZIP)
    return packer.compress(text.encode()) + packer.flush()


def unpack(data: bytes) -> str:
    """The text of a packed proof; Malformed where it is no gzip, cut, or unpacks to too much."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        text = unpacker.decompress(data, PROOF_BYTES)
    except zlib.error:
        raise Malformed("not a packed proof") from None
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("not one whole packed proof")
    return text_of(text, "the proof", PROOF_BYTES)
