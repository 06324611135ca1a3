"""Every checkpoint that was ever seen: they must never contradict each other, or vanish."""

from dataclasses import dataclass, field

from backend.audit.models import Checkpoint
from backend.audit.seal import read_tile
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.merkle import verify_consistency
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import Malformed, Unverified
from backend.transparency.tiles import prove_consistency, root_at


@dataclass
class Memory:
    """What somebody outside would remember of the log: sizes, roots and signed notes."""

    key: VerifierKey
    roots: dict[int, bytes] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)

    @property
    def is_unsigned(self) -> bool:
        """Whether, when it was looked at, the newest checkpoint had no signature yet."""
        return len(self.notes) < len(self.roots)

    def look(self) -> list[str]:
        """Compare with what is there now, and remember it; what is wrong."""
        rows = list(Checkpoint.objects.order_by("size").values_list("size", "root", "note"))
        there = {size: (bytes(root), note) for size, root, note in rows}
        wrong = [f"the checkpoint of {size} is gone" for size in self.roots.keys() - there.keys()]
        latest = max(self.roots, default=0)
        for size, (root, note) in there.items():
            if self.roots.setdefault(size, root) != root:
                wrong.append(f"two roots of {size} leaves")
            if note is not None and self.notes.setdefault(size, note) != note:
                wrong.append(f"two notes of {size} leaves")
            if size > latest:
                wrong += self._against(latest, size, root)
            if note is not None and size >= latest and not self._is_signed(size, root, note):
                wrong.append(f"the note of {size} leaves says another root")
        return wrong

    def _against(self, latest: int, size: int, root: bytes) -> list[str]:
        """Whether a new size has the root of the tiles, and continues the latest that we knew."""
        wrong = []
        if root_at(size, read_tile) != root:
            wrong.append(f"the tiles have another root of {size} leaves")
        proof = prove_consistency(latest, size, read_tile)
        if latest and not verify_consistency(latest, size, self.roots[latest], root, proof):
            wrong.append(f"the tree of {size} does not continue the one of {latest}")
        return wrong

    def _is_signed(self, size: int, root: bytes, note: str) -> bool:
        try:
            head = open_checkpoint(note, self.key)
        except (Malformed, Unverified):
            return False
        return (head.size, head.root) == (size, root)
