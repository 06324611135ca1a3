"""What the sealer signs beside a checkpoint: how the tree came to it, and when.

A checkpoint says a size and a root and no more (C2SP). Its receipt says the rest that the database
keeps: which checkpoint came before it, from which transactions on records may be missing, when it
was sealed, and a hash over what is in no record's bytes: id, transaction and time of writing. A
reader of checkpoints never takes a receipt for one: its first line is not the log's name.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from backend.transparency.reading import to_base64

COLUMNS = "int8send(id) || int8send(xid) || timestamptz_send(recorded_at)"
"""SQL for what `columns_hash` covers of one record, in the order of the leaves."""


def hash_of(columns: Iterable[bytes]) -> bytes:
    """SHA-256 over the records' columns, one after the other."""
    return hashlib.sha256(b"".join(columns)).digest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """All columns of a checkpoint; `sealed_at` as `backend.audit.record.instant` spells it."""

    size: int
    root: bytes
    previous_size: int
    settled_xmin: int
    sealed_at: str
    columns_hash: bytes

    def text(self, origin: str) -> str:
        """What the log of this name signs: a line for each thing, in one spelling."""
        lines = (
            f"{origin}/receipt",
            f"size {self.size}",
            f"root {to_base64(self.root)}",
            f"after {self.previous_size}",
            f"settled {self.settled_xmin}",
            f"sealed {self.sealed_at}",
            f"columns {to_base64(self.columns_hash)}",
        )
        return "".join(f"{line}\n" for line in lines)
