"""Is the tree the one that was signed, and is every leaf the record that it was made of?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Max

from backend.audit.models import Checkpoint, SealedLeaf, Tile
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.records import check_records
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.merkle import CompactRange, root_of
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import HASH_BYTES, Malformed, Unverified
from backend.transparency.tiles import WIDTH, split_hashes

CHUNK = 5_120  # leaves at a time: twenty tiles
Trusted = Sequence[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class _Leaf:
    index: int
    record_id: int


def check_tree(verdict: Verdict, keys: Sequence[VerifierKey], trusted: Trusted = ()) -> None:
    """Compare records with leaves, leaves with roots, roots with signatures and known roots.

    `trusted` are sizes and roots that somebody outside has kept.
    """
    size = max(_size(), max((size for size, _ in trusted), default=0))
    verdict.tree_size = size
    roots = _Roots(trusted)
    for start in range(0, max(size, _last_leaf() + 1), CHUNK):
        hashes = list(_hashes(verdict, start, min(start + CHUNK, size)))
        _compare_with_records(verdict, start, start + CHUNK, hashes)
        roots.append(verdict, hashes)
    roots.finish(verdict)
    _check_upper_tiles(verdict)
    for row in Checkpoint.objects.order_by("size").iterator():
        _check_signature(verdict, row, keys)


def _size() -> int:
    return Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0


def _last_leaf() -> int:
    last = SealedLeaf.objects.aggregate(last=Max("leaf_index"))["last"]
    return -1 if last is None else int(last)


def _hashes(verdict: Verdict, start: int, end: int) -> Iterator[bytes | None]:
    """The leaf hashes from the tiles; None, and a finding, where a tile is missing or short."""
    tiles = Tile.objects.filter(
        level=0, tile_index__gte=start // WIDTH, tile_index__lt=-(-end // WIDTH)
    )
    by_index = {tile.tile_index: bytes(tile.hashes) for tile in tiles}
    for at in range(start, end, WIDTH):
        due = min(WIDTH, end - at)
        row: list[bytes | None] = []
        try:
            row += split_hashes(by_index.get(at // WIDTH, b""), due)[:due]
        except Malformed:
            verdict.add(
                Finding("a tile is missing or cut short", leaf_index=at, before_leaf=at + due)
            )
            row += [None] * due
        yield from row


def _compare_with_records(
    verdict: Verdict, start: int, end: int, hashes: Sequence[bytes | None]
) -> None:
    rows = SealedLeaf.objects.filter(leaf_index__gte=start, leaf_index__lt=end)
    leaves = {index: record for index, record in rows.values_list("leaf_index", "record_id")}
    checked = check_records(list(leaves.values()))
    places = {value: start + at for at, value in enumerate(hashes) if value is not None}
    for at, expected in enumerate(hashes):
        index = start + at
        record_id = leaves.pop(index, None)
        verdict.records += record_id is not None
        if record_id is None:
            verdict.add(Finding("the leaf has no record: it was removed", leaf_index=index))
            continue
        found = checked.get(record_id)
        if found is None:
            verdict.add(Finding("the record was deleted", record_id, index))
            continue
        for reason in found.reasons:
            verdict.add(Finding(reason, record_id, index))
        if expected is not None and found.leaf != expected:
            elsewhere = places.get(found.leaf)
            reason = (
                "another record was put in this place"
                if elsewhere is None
                else f"the order was changed: this record is leaf {elsewhere}"
            )
            verdict.add(Finding(reason, record_id, index))
    for index, record_id in sorted(leaves.items()):
        verdict.add(Finding("numbered, but the tree does not reach so far", record_id, index))


class _Roots:
    """The roots of every checkpoint, recomputed while the leaves go by."""

    def __init__(self, trusted: Trusted) -> None:
        kept = Checkpoint.objects.values_list("size", "root").order_by("size")
        self.waiting = sorted({(size, bytes(root)) for size, root in kept} | set(trusted))
        self.tree = CompactRange()
        self.sound_until = 0
        self.broken = False

    def append(self, verdict: Verdict, hashes: Sequence[bytes | None]) -> None:
        """Grow by these leaves, stopping at each size whose root is known."""
        rest = iter(hashes)
        left = len(hashes)
        while left:
            due = [size for size, _ in self.waiting[:1]]
            step = min(left, due[0] - self.tree.size if due else left)
            self._grow(list(islice(rest, step)))
            left -= step
            self._compare(verdict)

    def _grow(self, hashes: list[bytes | None]) -> None:
        self.broken = self.broken or None in hashes
        self.tree.append([value or b"\x00" * 32 for value in hashes])

    def _compare(self, verdict: Verdict) -> None:
        while self.waiting and self.waiting[0][0] == self.tree.size:
            size, root = self.waiting.pop(0)
            if self.tree.root() == root:
                self.sound_until = size
                continue
            verdict.add(
                Finding(
                    f"the root of the first {size} leaves is not the one that was kept",
                    leaf_index=self.sound_until,
                    before_leaf=size,
                )
            )

    def finish(self, verdict: Verdict) -> None:
        """What is left was promised and is not there."""
        for size, _ in self.waiting:
            verdict.add(
                Finding(
                    f"the trail was cut: {size} leaves were sealed, {self.tree.size} are there",
                    leaf_index=self.tree.size,
                    before_leaf=max(size, self.tree.size + 1),
                )
            )


def _check_upper_tiles(verdict: Verdict) -> None:
    """Each hash of a higher tile is the root of the full tile below it."""
    for tile in Tile.objects.filter(level__gt=0).order_by("level", "tile_index").iterator():
        first, span = tile.tile_index * WIDTH, WIDTH**tile.level
        below = Tile.objects.filter(
            level=tile.level - 1, tile_index__gte=first, tile_index__lt=first + WIDTH
        )
        whole = {under.tile_index: _top(bytes(under.hashes)) for under in below}
        for at, kept in enumerate(split_hashes(bytes(tile.hashes))):
            if whole.get(first + at) != kept:
                start = (first + at) * span
                verdict.add(
                    Finding(
                        f"a tile of level {tile.level} differs from the tiles below it",
                        leaf_index=start,
                        before_leaf=start + span,
                    )
                )


def _top(hashes: bytes) -> bytes | None:
    """What a full tile is at the level above; None for one that is not full."""
    return root_of(split_hashes(hashes)) if len(hashes) == HASH_BYTES * WIDTH else None


def _check_signature(verdict: Verdict, row: Checkpoint, keys: Sequence[VerifierKey]) -> None:
    if row.note is None:
        return  # kept and not yet signed: the sealer's next run does it
    for key in keys:
        try:
            head = open_checkpoint(row.note, key)
        except (Malformed, Unverified):
            continue
        if (head.size, head.root) == (row.size, bytes(row.root)):
            return
    verdict.add(
        Finding(
            f"the checkpoint of {row.size} leaves is not signed by the log",
            leaf_index=0,
            before_leaf=row.size,
        )
    )
