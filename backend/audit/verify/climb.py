"""The tree, grown once more from its leaves, and compared with each root on the way up."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import NamedTuple

from backend.audit.models import Checkpoint
from backend.audit.verify.findings import Finding, Verdict
from backend.transparency.merkle import CompactRange

Trusted = Sequence[tuple[int, bytes]]
"""Sizes and roots that somebody outside has kept."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A size whose root is known; from checkpoints, also what was hashed of the new records."""

    size: int
    root: bytes
    is_ours: bool
    previous_size: int | None = None
    columns_hash: bytes | None = None


class Leaf(NamedTuple):
    """A place in the tree: its hash, and what a receipt covers of its record; None: not there."""

    hash: bytes | None = None
    columns: bytes | None = None


def marks(trusted: Trusted) -> Iterator[Mark]:
    """All sizes with a known root, the smallest first."""
    rows = Checkpoint.objects.filter(size__isnull=False).order_by("size")
    fields = rows.values_list("size", "root", "previous_size", "columns_hash")
    ours = (
        Mark(size, bytes(root or b""), True, previous, bytes(columns or b""))
        for size, root, previous, columns in fields.iterator()
    )
    kept = sorted(Mark(size, bytes(root), False) for size, root in trusted)
    return merge(ours, kept, key=lambda mark: mark.size)


class Climb:
    """Grows leaf by leaf; at each mark it compares the root and the new records' columns."""

    def __init__(self, verdict: Verdict, marks: Iterator[Mark]) -> None:
        self.size = 0
        self._verdict, self._marks = verdict, marks
        self._next = next(marks, None)
        self._tree = CompactRange()
        self._is_lost = False  # a leaf was missing: no later root can be known
        self._sound_until = {True: 0, False: 0}  # by our own marks, and by those kept outside
        self._begin_batch()
        self._compare()

    def grow(self, leaves: Sequence[Leaf]) -> None:
        """Go on by these leaves, stopping at each mark."""
        at = 0
        while at < len(leaves):
            ahead = self._next.size - self.size if self._next else len(leaves)
            step = leaves[at : at + ahead]
            self._add(step)
            at += len(step)
            self._compare()

    def skip_to(self, size: int) -> None:
        """Whole stretches of the tree are not there."""
        self.size = max(size, self.size)
        self._is_lost, self._is_whole = True, False
        while self._next and self._next.size <= self.size:
            self._advance()

    def finish(self) -> None:
        """What is left was promised and is not there."""
        while self._next:
            self._say(
                f"the trail was cut: {self._next.size} leaves were sealed, {self.size} are there",
                self.size,
                max(self._next.size, self.size + 1),
            )
            self._advance()

    def _add(self, leaves: Sequence[Leaf]) -> None:
        hashes = [leaf.hash for leaf in leaves if leaf.hash is not None]
        columns = [leaf.columns for leaf in leaves if leaf.columns is not None]
        self._is_lost = self._is_lost or len(hashes) < len(leaves)
        self._is_whole = self._is_whole and len(columns) == len(leaves)
        self.size += len(leaves)
        self._columns.update(b"".join(columns))
        if not self._is_lost:
            self._tree.append(hashes)

    def _compare(self) -> None:
        while self._next and self._next.size <= self.size:
            mark = self._next
            if mark.size < self.size:
                self._say(f"no tree has {mark.size} leaves", 0, 1)
            elif not self._is_lost:
                self._compare_root(mark)
            if mark.is_ours:
                self._compare_columns(mark)
            self._advance()

    def _compare_root(self, mark: Mark) -> None:
        if self._tree.root() == mark.root:
            self._sound_until[mark.is_ours] = mark.size
            return
        self._say(
            f"the root of the first {mark.size} leaves is not the one that was kept",
            self._sound_until[mark.is_ours],
            max(mark.size, self._sound_until[mark.is_ours] + 1),
        )

    def _compare_columns(self, mark: Mark) -> None:
        comparable = self._is_whole and mark.previous_size == self._batch
        if comparable and mark.columns_hash != self._columns.digest():
            self._say(
                "the number, transaction or time of writing of a record was changed",
                self._batch,
                max(mark.size, self._batch + 1),
            )
        self._begin_batch()

    def _begin_batch(self) -> None:
        self._batch, self._is_whole, self._columns = self.size, True, hashlib.sha256()

    def _advance(self) -> None:
        self._next = next(self._marks, None)

    def _say(self, reason: str, start: int, end: int) -> None:
        self._verdict.add(Finding(reason, leaf_index=start, before_leaf=end))
