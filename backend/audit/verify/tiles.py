"""Is each tile above the leaves made of those below it, and is there no other tile?"""

from collections.abc import Iterator

from django.db import connection

from backend.audit.models import Tile
from backend.audit.verify.findings import Finding, Verdict
from backend.transparency.merkle import root_of
from backend.transparency.reading import HASH_BYTES
from backend.transparency.tiles import HEIGHT, WIDTH

_TWICE = """
SELECT level, tile_index FROM audit_tile GROUP BY level, tile_index HAVING count(*) > 1
"""


def check_tiles(verdict: Verdict, head: int) -> None:
    """All tiles of a tree of `head` leaves, but for the hashes of the lowest level."""
    level = 0
    while (hashes := head >> HEIGHT * level) > 0:
        _check_beyond(verdict, level, hashes)
        if level:
            _check_level(verdict, level, hashes)
        level += 1
    for tile in Tile.objects.exclude(level__gte=0, level__lt=level).order_by("id"):
        _say(verdict, tile.level, tile.tile_index, "the tree has no such tile")
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        for twice, index in cursor.fetchall():
            _say(verdict, twice, index, "two tiles in one place")


def _check_beyond(verdict: Verdict, level: int, hashes: int) -> None:
    rows = Tile.objects.filter(level=level)
    beyond = rows.exclude(tile_index__gte=0, tile_index__lt=-(-hashes // WIDTH))
    for tile in beyond.only("level", "tile_index").order_by("id"):
        _say(verdict, level, tile.tile_index, "the tree has no such tile")


def _check_level(verdict: Verdict, level: int, hashes: int) -> None:
    """The tiles of one level, in order; gaps as one finding, however wide they are claimed."""
    due = -(-hashes // WIDTH)
    rows = Tile.objects.filter(level=level, tile_index__gte=0, tile_index__lt=due)
    expected = 0
    for tile in rows.order_by("tile_index").iterator():
        if tile.tile_index > expected:
            _missing(verdict, level, expected, tile.tile_index)
        _check_tile(verdict, tile, min(WIDTH, hashes - tile.tile_index * WIDTH))
        expected = tile.tile_index + 1
    if expected < due:
        _missing(verdict, level, expected, due)


def _missing(verdict: Verdict, level: int, begin: int, end: int) -> None:
    start, _ = _leaves(level, begin, 0, 1)
    _, before = _leaves(level, end - 1, WIDTH - 1, WIDTH)
    reason = f"a tile of level {level} is missing"
    verdict.add(Finding(reason, leaf_index=start, before_leaf=before))


def _check_tile(verdict: Verdict, tile: Tile, width: int) -> None:
    hashes = bytes(tile.hashes or b"")
    if len(hashes) != HASH_BYTES * width:
        _say(verdict, tile.level, tile.tile_index, "cut short, or it goes on beyond the tree")
    tops = _tops_below(tile)
    for at in range(min(width, len(hashes) // HASH_BYTES)):
        if hashes[HASH_BYTES * at : HASH_BYTES * (at + 1)] != tops.get(at):
            start, end = _leaves(tile.level, tile.tile_index, at, at + 1)
            reason = f"a tile of level {tile.level} differs from the tiles below it"
            verdict.add(Finding(reason, leaf_index=start, before_leaf=end))


def _tops_below(tile: Tile) -> dict[int, bytes]:
    """What each full tile below is in this one."""
    first = tile.tile_index * WIDTH
    below = Tile.objects.filter(
        level=tile.level - 1, tile_index__gte=first, tile_index__lt=first + WIDTH
    )
    rows = below.values_list("tile_index", "hashes")
    return {index - first: top for index, hashes in rows for top in _top(bytes(hashes or b""))}


def _top(hashes: bytes) -> Iterator[bytes]:
    if len(hashes) == HASH_BYTES * WIDTH:
        yield root_of([hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)])


def _leaves(level: int, index: int, begin: int, end: int) -> tuple[int, int]:
    """The leaves below the hashes [begin, end) of a tile."""
    span = WIDTH**level
    return (index * WIDTH + begin) * span, (index * WIDTH + end) * span


def _say(verdict: Verdict, level: int | None, index: int | None, reason: str) -> None:
    start, end = _leaves(min(max(level or 0, 0), HEIGHT), index or 0, 0, WIDTH)
    reason = f"tile {index} of level {level}: {reason}"
    verdict.add(Finding(reason, leaf_index=start, before_leaf=end))
