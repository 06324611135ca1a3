"""The tree in tiles (c2sp.org/tlog-tiles): up to 256 hashes wide, eight levels of the tree high.

A tile of level L holds the roots of whole subtrees of 256^L leaves. A full tile never changes;
a partial one, at the right edge, only grows: what it holds for a smaller tree is its beginning.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from backend.transparency.merkle import (
    CompactRange,
    NodeReader,
    consistency_proof,
    fold,
    inclusion_proof,
    parents,
    range_hash,
)
from backend.transparency.reading import HASH_BYTES, HIGHEST, Malformed

HEIGHT = 8
WIDTH = 1 << HEIGHT
HIGHEST_LEVEL = 63
ENTRY_BYTES = 65_535
"""An entry bundle carries an entry's length in two bytes."""
_KEPT_TILES = 256
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)

TileReader = Callable[[int, int], bytes]
"""Gives a tile's concatenated hashes by (level, tile index): at least as many as are asked for."""


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile, or entry bundle (level None), in which width: 256 is a full one."""

    level: int | None
    index: int
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile and its concatenated hashes: 32 bytes for each, 32 to 8,192 altogether."""

    level: int
    index: int
    hashes: bytes


def tile_path(name: TileName) -> str:
    """Where a tile is served: `tile/0/x001/x234/067`, partial `tile/0/x001/x234/067.p/112`."""
    digits = str(name.index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    level = "entries" if name.level is None else str(name.level)
    return f"tile/{level}/{path}" + ("" if name.width == WIDTH else f".p/{name.width}")


def tile_name(path: str) -> TileName:
    """The tile that a path names; Malformed for any other spelling than the one of `tile_path`."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Malformed(f"not a tile's path: {path[:80]!r}")
    level = None if found["level"] == "entries" else int(found["level"])
    name = TileName(
        level, int(found["index"].replace("x", "").replace("/", "")), int(found["width"] or WIDTH)
    )
    in_range = (level or 0) <= HIGHEST_LEVEL and name.index <= HIGHEST and name.width <= WIDTH
    if not in_range or tile_path(name) != path:
        raise Malformed(f"not a tile's path: {path[:80]!r}")
    return name


def tiles_of(size: int) -> Iterator[TileName]:
    """Every tile of a tree, from the leaves up, each in the width that it has at this size."""
    level, hashes = 0, size
    while hashes:
        full, rest = divmod(hashes, WIDTH)
        yield from (TileName(level, index) for index in range(full))
        if rest:
            yield TileName(level, full, rest)
        level, hashes = level + 1, full


def split_hashes(hashes: bytes, width: int | None = None) -> list[bytes]:
    """A tile's hashes one by one, at least `width` of them; else Malformed."""
    whole, rest = divmod(len(hashes), HASH_BYTES)
    if rest or whole > WIDTH or whole < (width or 0):
        raise Malformed(f"a tile of {len(hashes)} bytes, where {width} hashes are due")
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


class RightEdge:
    """The growing side of a tree: what has to be known to append leaves and to give the root.

    That is the partial tile of each level, at most 255 hashes.
    """

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[bytes]] = []

    @classmethod
    def load(cls, size: int, read: TileReader) -> Self:
        """The right edge of a tree of `size` leaves, from its partial tiles.

        Raises Malformed where a tile holds fewer hashes than the size demands.
        """
        edge, hashes = cls(), size
        edge.size = size
        while hashes:
            full, rest = divmod(hashes, WIDTH)
            level = len(edge._rows)
            edge._rows.append(split_hashes(read(level, full), rest)[:rest] if rest else [])
            hashes = full
        return edge

    def append(self, leaf_hashes: Sequence[bytes]) -> list[Tile]:
        """Add leaves at the right; gives every tile that is new or has grown, leaves first."""
        changed: list[Tile] = []
        level, fresh = 0, list(leaf_hashes)
        while fresh:
            if level == len(self._rows):
                self._rows.append([])
            row = self._rows[level] + fresh
            first = (self.size >> HEIGHT * level) // WIDTH
            pieces = [row[at : at + WIDTH] for at in range(0, len(row), WIDTH)]
            changed += [Tile(level, first + at, b"".join(it)) for at, it in enumerate(pieces)]
            self._rows[level] = [] if len(pieces[-1]) == WIDTH else pieces[-1]
            fresh = [_top(piece) for piece in pieces if len(piece) == WIDTH]
            level += 1
        self.size += len(leaf_hashes)
        return changed

    def root(self) -> bytes:
        """The tree's root: about a thousand hashes at the most, whatever the size."""
        return fold(peak for row in self._rows for peak in _peaks(row))


def _top(row: list[bytes]) -> bytes:
    """The hash that a full tile is at the level above."""
    while len(row) > 1:
        row = parents(row)
    return row[0]


def _peaks(row: list[bytes]) -> Iterator[bytes]:
    tree = CompactRange()
    tree.append(row)
    return (hash_ for _level, hash_ in tree.peaks)


def node_reader(size: int, read: TileReader) -> NodeReader:
    """Any whole subtree's hash in a tree of `size` leaves, out of its tiles.

    Tiles are read once, and the latest 256 are kept hashed: make one for many proofs.
    """

    @lru_cache(maxsize=_KEPT_TILES)
    def rows(level: int, index: int) -> list[list[bytes]]:
        width = min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)
        row = split_hashes(read(level, index), width)[:width]
        found = [row]
        while len(row) > 1:
            row = parents(row)
            found.append(row)
        return found

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile_index, at = divmod(index << height, WIDTH)
        return rows(tile_level, tile_index)[height][at >> height]

    return node


def prove_inclusion(index: int, size: int, read: TileReader) -> list[bytes]:
    """One inclusion proof out of tiles; for many, keep a `node_reader`."""
    return inclusion_proof(index, size, node_reader(size, read))


def prove_consistency(first: int, second: int, read: TileReader) -> list[bytes]:
    """The proof that the tree of `first` leaves is a prefix of the one of `second`."""
    return consistency_proof(first, second, node_reader(second, read))


def root_at(size: int, read: TileReader) -> bytes:
    """The root that the tree had when it was of this size."""
    return range_hash(0, size, node_reader(size, read))


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, high byte first.

    Raises ValueError for more than 256 entries or one of 65,536 bytes or more.
    """
    found = list(entries)
    if len(found) > WIDTH or any(len(entry) > ENTRY_BYTES for entry in found):
        raise ValueError("an entry bundle holds at most 256 entries of less than 65,536 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in found)


def decode_entries(bundle: bytes) -> list[bytes]:
    """The entries of an entry bundle; Malformed where it is cut or holds more than 256."""
    entries, at = list[bytes](), 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or at + 2 > len(bundle) or len(entries) == WIDTH:
            raise Malformed("the entry bundle is cut short or too long")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries
