"""Truncate: the end of the log, with or without what says that there was more."""

from random import Random

from dev.tamper.log import CHANGE, ENTRY, Log, Tampering, do, done

PARTS = ("records", "leaves", "tiles", "checkpoints")


def cut_in_part(log: Log, chance: Random) -> Tampering:
    """Some of records, leaves, tiles and checkpoints end earlier; the others tell of the rest."""
    size = chance.randrange(log.head)
    parts = chance.sample(PARTS, chance.randrange(1, len(PARTS)))
    if set(parts) == {"records", "leaves", "tiles"} and size == 0:
        parts = ["records"]
    _cut(log, size, parts)
    # Unsealed whole, at a checkpoint, as if the sealer had not come: who kept a later one knows.
    unsealed = set(parts) == {"leaves", "tiles", "checkpoints"} and size in {0, *log.sizes}
    what = f"{'+'.join(sorted(parts))} from {size} on"
    return done(what, leaves=range(size, log.head), outside=unsealed)


def cut_at_checkpoint(log: Log, chance: Random) -> Tampering:
    """Everything after an earlier checkpoint, without a trace: only who kept a later one knows."""
    size = chance.choice([0, *log.sizes[:-1]])
    _cut(log, size, PARTS)
    return done(f"all from {size} on", leaves=range(size, log.head), outside=True)


def cut_anywhere(log: Log, chance: Random) -> Tampering:
    """Everything after any leaf, checkpoints too; somebody kept one."""
    size = chance.randrange(log.head)
    _cut(log, size, PARTS)
    return done(f"all from {size} on", leaves=range(size, log.head), outside=True)


def _cut(log: Log, size: int, parts: list[str] | tuple[str, ...]) -> None:
    ids = [record.id for record in log.records if record.leaf >= size]
    if "records" in parts:
        for table in (ENTRY, CHANGE):
            do(f"DELETE FROM {table} WHERE id = ANY(%s)", ids)
    if "leaves" in parts:
        do("DELETE FROM audit_sealedleaf WHERE leaf_index >= %s", size)
    if "checkpoints" in parts:
        do("DELETE FROM audit_checkpoint WHERE size > %s", size)
    for level in range(3) if "tiles" in parts else ():
        full, rest = divmod(size >> 8 * level, 256)
        do("DELETE FROM audit_tile WHERE level = %s AND tile_index >= %s", level, full + (rest > 0))
        do(
            "UPDATE audit_tile SET hashes = substring(hashes FOR %s) "
            "WHERE level = %s AND tile_index = %s",
            32 * rest,
            level,
            full,
        )
