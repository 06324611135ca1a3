"""What a log sends to a witness (c2sp.org/tlog-witness, `add-checkpoint`), without the sending."""

from dataclasses import dataclass
from typing import Self

from backend.transparency.checkpoints import Checkpoint, open_checkpoint
from backend.transparency.merkle import verify_consistency
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import (
    Malformed,
    Unverified,
    hash_from_base64,
    text_of,
    to_base64,
    whole_number,
)

SUBMISSION_BYTES = 1_100_000
_LONGEST = 63


@dataclass(frozen=True)
class Submission:
    """A new checkpoint, and the proof that the tree the witness signed last is its prefix."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The body of the request."""
        proof = "".join(f"{to_base64(one)}\n" for one in self.proof)
        return f"old {self.old_size}\n{proof}\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: bytes | str) -> Self:
        """The submission of a request's body, unverified; else Malformed."""
        head, blank, checkpoint = text_of(data, "the body", SUBMISSION_BYTES).partition("\n\n")
        first, *lines = head.split("\n")
        word, _space, old_size = first.partition(" ")
        if word != "old" or not blank or len(lines) > _LONGEST:
            raise Malformed("a submission is an old size, at most 63 hashes and a checkpoint")
        proof = tuple(hash_from_base64(line, "a hash of the proof") for line in lines)
        return cls(whole_number(old_size, "the old size"), proof, checkpoint)

    def verify(self, key: VerifierKey, old_root: bytes) -> Checkpoint:
        """The new checkpoint, where this log signed it and only added to the old tree.

        `old_root` is what the witness signed last at `old_size` (the empty root at 0). Raises
        Malformed or Unverified.
        """
        new = open_checkpoint(self.checkpoint, key)
        if self.old_size > new.size:
            raise Malformed("the old size is above the checkpoint's")
        if not verify_consistency(self.old_size, new.size, old_root, new.root, self.proof):
            raise Unverified(f"the tree of {new.size} does not continue the one of {self.old_size}")
        return new
