"""Reorder: leaves, records, their bytes, hashes or tiles change places."""

from collections.abc import Sequence
from random import Random

from dev.tamper.log import Again, Log, Record, Tampering, do, done, rows

_CONTENT = {
    "audit_auditentry": (
        "at, clinic_id, actor, actor_role, action, object_ref, pseudonym, outcome, request_id, "
        "sealed_facts"
    ),
    "audit_rowchange": (
        "table_name, row_id, operation, actor, request_id, patient_id, salt, before, after"
    ),
}


def swap_leaves(log: Log, chance: Random) -> Tampering:
    """Two leaves exchange their records."""
    one, two = _two(log, chance)
    do(
        "UPDATE audit_sealedleaf SET record_id = -record_id WHERE record_id = ANY(%s)",
        [one.id, two.id],
    )
    do("UPDATE audit_sealedleaf SET record_id = %s WHERE leaf_index = %s", two.id, one.leaf)
    do("UPDATE audit_sealedleaf SET record_id = %s WHERE leaf_index = %s", one.id, two.leaf)
    return _done("leaves", [one, two])


def rotate_leaves(log: Log, chance: Random) -> Tampering:
    """A stretch of leaves moves by one, the first becomes the last."""
    length = chance.randrange(3, 40)
    start = chance.randrange(log.head - length)
    stretch = log.records[start : start + length]
    moved = [*stretch[1:], stretch[0]]
    do(
        "UPDATE audit_sealedleaf SET record_id = -record_id WHERE leaf_index >= %s "
        "AND leaf_index < %s",
        start,
        start + length,
    )
    for place, record in zip(stretch, moved, strict=True):
        do(
            "UPDATE audit_sealedleaf SET record_id = %s WHERE leaf_index = %s",
            record.id,
            place.leaf,
        )
    return _done("rotated leaves", stretch)


def swap_numbers(log: Log, chance: Random) -> Tampering:
    """Two records of one kind exchange their numbers."""
    one, two = _two_of_a_kind(log, chance)
    _exchange(one, two, "id")
    return _done("numbers of records", [one, two])


def swap_bodies(log: Log, chance: Random) -> Tampering:
    """Two records exchange their bytes, or bytes and hash."""
    one, two = _two(log, chance)
    for column in chance.choice((("body",), ("leaf",), ("body", "leaf"))):
        theirs = [
            bytes(rows(f"SELECT {column} FROM {it.table} WHERE id = %s", it.id)[0][0])
            for it in (one, two)
        ]
        for record, other in zip((one, two), reversed(theirs), strict=True):
            do(f"UPDATE {record.table} SET {column} = %s WHERE id = %s", other, record.id)
    return _done("bytes", [one, two])


def swap_contents(log: Log, chance: Random) -> Tampering:
    """Two records of one kind exchange everything that says what happened; number and time stay."""
    one, two = _two_of_a_kind(log, chance)
    columns = f"{_CONTENT[one.table]}, body, leaf"
    theirs = ", ".join(f"theirs.{column.strip()}" for column in columns.split(","))
    do(
        f"UPDATE {one.table} AS mine SET ({columns}) = ROW({theirs}) FROM {one.table} AS theirs "
        "WHERE (mine.id, theirs.id) IN ((%s, %s), (%s, %s))",
        one.id,
        two.id,
        two.id,
        one.id,
    )
    return _done("contents", [one, two])


def swap_moments(log: Log, chance: Random) -> Tampering:
    """Two records exchange the transactions or the times in which they were written."""
    one, two = _two_of_a_kind(log, chance)
    column = chance.choice(("xid", "recorded_at"))
    ours = [rows(f"SELECT {column} FROM {it.table} WHERE id = %s", it.id) for it in (one, two)]
    if ours[0] == ours[1]:
        raise Again
    _exchange(one, two, column)
    return _done(column, [one, two])


def swap_hashes(log: Log, chance: Random) -> Tampering:
    """Two leaf hashes of a tile change places."""
    one, two = sorted(_two(log, chance), key=lambda record: record.leaf)
    if one.leaf // 256 != two.leaf // 256:
        raise Again
    hashes = bytearray(
        rows("SELECT hashes FROM audit_tile WHERE level = 0 AND tile_index = %s", one.leaf // 256)[
            0
        ][0]
    )
    places = [slice(it.leaf % 256 * 32, it.leaf % 256 * 32 + 32) for it in (one, two)]
    hashes[places[0]], hashes[places[1]] = hashes[places[1]], hashes[places[0]]
    do(
        "UPDATE audit_tile SET hashes = %s WHERE level = 0 AND tile_index = %s",
        bytes(hashes),
        one.leaf // 256,
    )
    return _done("hashes in a tile", [one, two])


def swap_tiles(log: Log, chance: Random) -> Tampering:
    """Two tiles change places."""
    tiles = rows("SELECT id, level, tile_index FROM audit_tile ORDER BY id")
    one, two = chance.sample(tiles, 2)
    do(
        "UPDATE audit_tile SET tile_index = 1000000 + tile_index WHERE id = ANY(%s)",
        [one[0], two[0]],
    )
    for (id_, *_), (_, level, index) in ((one, two), (two, one)):
        do("UPDATE audit_tile SET level = %s, tile_index = %s WHERE id = %s", level, index, id_)
    return done(f"tiles {one[1:]} and {two[1:]}", leaves=range(log.head))


def swap_checkpoints(log: Log, chance: Random) -> Tampering:
    """Two checkpoints exchange root or notes."""
    one, two = chance.sample(log.sizes, 2)
    for columns in (chance.choice((("root",), ("note", "receipt"), ("columns_hash",))),):
        for column in columns:
            (mine,), (theirs,) = (
                rows(f"SELECT {column} FROM audit_checkpoint WHERE size = %s", size)[0]
                for size in (one, two)
            )
            do(f"UPDATE audit_checkpoint SET {column} = %s WHERE size = %s", theirs, one)
            do(f"UPDATE audit_checkpoint SET {column} = %s WHERE size = %s", mine, two)
    return done(f"checkpoints {one} and {two}", leaves=[*log.batch(one), *log.batch(two)])


def _two(log: Log, chance: Random) -> list[Record]:
    """Two records that differ: exchanging what is the same changes nothing."""
    one, two = chance.sample(log.records, 2)
    if one.body == two.body:
        raise Again
    return [one, two]


def _two_of_a_kind(log: Log, chance: Random) -> list[Record]:
    one, two = _two(log, chance)
    if one.table != two.table:
        raise Again
    return [one, two]


def _exchange(one: Record, two: Record, column: str) -> None:
    far = 1_000_000_000
    if column == "id":
        do(f"UPDATE {one.table} SET id = id + {far} WHERE id IN (%s, %s)", one.id, two.id)
        do(
            f"UPDATE {one.table} SET id = CASE id WHEN %s THEN %s::bigint ELSE %s END "
            f"WHERE id > {far}",
            one.id + far,
            two.id,
            one.id,
        )
        return
    do(
        f"UPDATE {one.table} AS mine SET {column} = theirs.{column} FROM {one.table} AS theirs "
        "WHERE (mine.id, theirs.id) IN ((%s, %s), (%s, %s))",
        one.id,
        two.id,
        two.id,
        one.id,
    )


def _done(what: str, records: Sequence[Record]) -> Tampering:
    ids = [record.id for record in records]
    return done(f"{what} of {ids[:3]}", records=ids, leaves=[it.leaf for it in records])
