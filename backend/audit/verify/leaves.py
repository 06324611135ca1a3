"""Is every leaf the record that it was made of? By the thousand, tiles and records side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from backend.audit.models import SealedLeaf, Tile
from backend.audit.verify.climb import Leaf
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.records import Checked, Records
from backend.transparency.reading import HASH_BYTES
from backend.transparency.tiles import WIDTH

TILES = 20  # read at a time
CHUNK = TILES * WIDTH
HIGHEST = 2**63 - 1

# Where there is anything at all: what is claimed beyond costs nothing to refute.
_CHUNKS = f"""
SELECT DISTINCT leaf_index / {CHUNK} AS chunk FROM audit_sealedleaf
WHERE leaf_index >= 0 AND leaf_index < %(end)s
UNION SELECT DISTINCT tile_index / {TILES} FROM audit_tile
WHERE level = 0 AND tile_index >= 0 AND tile_index < %(tiles)s
ORDER BY chunk
"""  # noqa: S608 - numbers of our own
_STRANGERS = """
SELECT leaf_index, record_id FROM audit_sealedleaf
WHERE (leaf_index >= 0 AND leaf_index < %s) IS NOT TRUE ORDER BY leaf_index
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the tree goes: by the latest checkpoint, and by any that somebody has kept."""

    head: int
    furthest: int


def chunks_there(reach: Reach) -> list[int]:
    """The first leaf of each chunk of which at least a tile or a leaf is there, in order."""
    end = min(reach.furthest, HIGHEST)
    with connection.cursor() as cursor:
        cursor.execute(_CHUNKS, {"end": end, "tiles": -(-end // WIDTH)})
        return [chunk * CHUNK for (chunk,) in cursor.fetchall()]


def check_strangers(verdict: Verdict, head: int) -> None:
    """Records that are numbered where the tree has no leaf."""
    with connection.cursor() as cursor:
        cursor.execute(_STRANGERS, [min(head, HIGHEST)])
        for index, record_id in cursor:
            verdict.add(Finding("numbered, but the tree does not reach so far", record_id, index))


class Leaves:
    """Reads the tree chunk by chunk, and compares it with the records."""

    def __init__(self, verdict: Verdict, records: Records, reach: Reach) -> None:
        self._verdict, self._records, self._reach = verdict, records, reach

    def read(self, start: int) -> list[Leaf]:
        """The leaves of one chunk, up to the last of which anything is there."""
        end = min(start + CHUNK, self._reach.furthest)
        hashes = self._hashes(start, end)
        numbered = self._numbered(start, end)
        last = max([at for at, value in enumerate(hashes) if value], default=-1)
        last = max([last, *(index - start for index in numbered)])
        checked = self._records.check(list(numbered.values()))
        found = [
            self._leaf(start + at, hashes[at], numbered.get(start + at), checked)
            for at in range(last + 1)
        ]
        self._verdict.records += len(numbered)
        self._tell_of_the_removed(start, [start + at in numbered for at in range(last + 1)])
        self._tell_of_order(start, hashes, numbered, checked)
        return found

    def _hashes(self, start: int, end: int) -> list[bytes | None]:
        """The leaf hashes from the tiles; None where a tile is missing or too short."""
        rows = Tile.objects.filter(
            level=0, tile_index__gte=start // WIDTH, tile_index__lt=-(-end // WIDTH)
        )
        tiles = dict(rows.values_list("tile_index", "hashes"))
        found: list[bytes | None] = []
        for at in range(start, end, WIDTH):
            whole = bytes(tiles.get(at // WIDTH) or b"")
            self._check_width(at, whole)
            row = [whole[n : n + HASH_BYTES] for n in range(0, HASH_BYTES * WIDTH, HASH_BYTES)]
            found += [value if len(value) == HASH_BYTES else None for value in row]
        return found[: end - start]

    def _check_width(self, at: int, hashes: bytes) -> None:
        due = min(max(self._reach.head - at, 0), WIDTH)
        if len(hashes) < HASH_BYTES * due:
            reason, start, end = "a tile is missing or cut short", at, at + due
        elif len(hashes) > HASH_BYTES * due:
            reason, start, end = "a tile goes on beyond the tree", at, at + WIDTH
        else:
            return
        self._verdict.add(Finding(reason, leaf_index=start, before_leaf=end))

    def _numbered(self, start: int, end: int) -> dict[int, int]:
        """Which record is which leaf."""
        rows = SealedLeaf.objects.filter(leaf_index__gte=start, leaf_index__lt=end)
        found: dict[int, int] = {}
        for index, record_id in rows.values_list("leaf_index", "record_id"):
            if record_id is None or index in found:
                reason = "no record is named, or two are"
                self._verdict.add(Finding(reason, record_id, index))
            if record_id is not None:
                found[index] = record_id
        return found

    def _leaf(
        self,
        index: int,
        expected: bytes | None,
        record_id: int | None,
        checked: dict[int, Checked],
    ) -> Leaf:
        """What the tree holds there; of a lost tile the record tells it."""
        if record_id is None:
            return Leaf(expected)
        record = checked.get(record_id)
        if record is None:
            self._verdict.add(Finding("the record was deleted", record_id, index))
            return Leaf(expected)
        for reason in record.reasons:
            self._verdict.add(Finding(reason, record_id, index))
        return Leaf(expected or record.leaf, record.columns)

    def _tell_of_the_removed(self, start: int, is_numbered: Sequence[bool]) -> None:
        for begin, end in runs(is_numbered, False):
            reason = "the leaf has no record: it was removed"
            if end - begin > 1:
                self._verdict.add(
                    Finding(reason, leaf_index=start + begin, before_leaf=start + end)
                )
            else:
                self._verdict.add(Finding(reason, leaf_index=start + begin))

    def _tell_of_order(
        self,
        start: int,
        hashes: Sequence[bytes | None],
        numbered: dict[int, int],
        checked: dict[int, Checked],
    ) -> None:
        """Records whose hash is another leaf's, or none's."""
        places = {value: start + at for at, value in enumerate(hashes) if value is not None}
        for index, record_id in sorted(numbered.items()):
            record, expected = checked.get(record_id), hashes[index - start]
            if record is None or expected is None or record.leaf == expected:
                continue
            elsewhere = places.get(record.leaf)
            reason = (
                "the tree holds another record in this place"
                if elsewhere is None
                else f"the order was changed: this record is leaf {elsewhere}"
            )
            self._verdict.add(Finding(reason, record_id, index))


def runs(values: Sequence[bool], wanted: bool) -> Iterator[tuple[int, int]]:
    """Where the wanted value stands, as stretches [begin, end)."""
    begin = None
    for at, value in enumerate(values):
        if value == wanted and begin is None:
            begin = at
        elif value != wanted and begin is not None:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, len(values)
