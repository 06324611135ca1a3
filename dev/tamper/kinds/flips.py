"""Flip: one bit, or one small value, in any column of any table of the log."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from dev.tamper.log import CHANGE, ENTRY, Again, Log, Tampering, do, done, rows, value

OPERATIONS = ("insert", "update", "delete")
_OF_BOTH = ("id", "xid", "recorded_at", "actor", "request_id", "body", "leaf")
_OF_ENTRIES = ("at", "clinic_id", "actor_role", "action", "object_ref", "pseudonym", "outcome")
_OF_CHANGES = ("table_name", "row_id", "operation", "patient_id", "salt", "before", "after")
_OF_CHECKPOINTS = (
    "size",
    "root",
    "previous_size",
    "settled_xmin",
    "sealed_at",
    "columns_hash",
    "note",
    "receipt",
)


def flip_entry(log: Log, chance: Random) -> Tampering:
    """In a column of an entry; what was sealed under a destroyed key says nothing any more."""
    record = chance.choice(log.in_table[ENTRY])
    columns = (*_OF_BOTH, *_OF_ENTRIES, *(() if record.is_erased else ("sealed_facts",)))
    column = chance.choice(columns)
    _flip(chance, ENTRY, column, "id = %s", record.id)
    return done(f"entry {record.id}: {column}", records=[record.id], leaves=[record.leaf])


def flip_change(log: Log, chance: Random) -> Tampering:
    """In a column of a row change."""
    record = chance.choice(log.in_table[CHANGE])
    column = chance.choice((*_OF_BOTH, *_OF_CHANGES))
    _flip(chance, CHANGE, column, "id = %s", record.id)
    return done(f"row change {record.id}: {column}", records=[record.id], leaves=[record.leaf])


def flip_leaf(log: Log, chance: Random) -> Tampering:
    """In the numbering."""
    record = chance.choice(log.records)
    column = chance.choice(("leaf_index", "record_id"))
    _flip(chance, "audit_sealedleaf", column, "leaf_index = %s", record.leaf)
    return done(f"leaf {record.leaf}: {column}", records=[record.id], leaves=[record.leaf])


def flip_tile(_log: Log, chance: Random) -> Tampering:
    """In a tile."""
    id_, level, index, hashes = chance.choice(
        rows("SELECT id, level, tile_index, length(hashes) / 32 FROM audit_tile ORDER BY id")
    )
    column = chance.choice(("hashes", "hashes", "hashes", "level", "tile_index"))
    if column == "hashes":
        at = _flip(chance, "audit_tile", column, "id = %s", id_) // 32
        places = range(at, at + 1)
    else:
        _flip(chance, "audit_tile", column, "id = %s", id_)
        places = range(hashes)
    span = 256**level
    leaves = [
        leaf
        for place in places
        for leaf in range((index * 256 + place) * span, (index * 256 + place + 1) * span)
    ]
    return done(f"tile {index} of level {level}: {column}", leaves=leaves)


def flip_checkpoint(log: Log, chance: Random) -> Tampering:
    """In a checkpoint: size, root, what its receipt covers, or the notes themselves."""
    size, column = chance.choice(log.sizes), chance.choice(_OF_CHECKPOINTS)
    _flip(chance, "audit_checkpoint", column, "size = %s", size)
    return done(f"checkpoint {size}: {column}", leaves=log.batch(size))


def flip_key(log: Log, chance: Random) -> Tampering:
    """In a patient's key: whose it is, its name in the trail, or the key itself."""
    alive = [record for record in log.records if record.pseudonym and not record.is_erased]
    pseudonym = chance.choice(alive).pseudonym
    column = chance.choice(("patient_ref", "pseudonym", "wrapped"))
    _flip(chance, "audit_patientkey", column, "pseudonym = %s", pseudonym)
    concerned = [record for record in log.records if record.pseudonym == pseudonym]
    return done(
        f"key of {pseudonym}: {column}",
        records=[record.id for record in concerned],
        leaves=[record.leaf for record in concerned],
    )


def flip_log_key(_log: Log, chance: Random) -> Tampering:
    """In the public key that the sealer introduced."""
    _flip(chance, "audit_logkey", "vkey", "true OR id = %s", 0)
    return done("log key", says="a key was introduced")


def _flip(chance: Random, table: str, column: str, where: str, which: Any) -> int:
    """Change the value in one place; where, in a column of bytes. Raises Again if it cannot."""
    old = value(f"SELECT {column} FROM {table} WHERE {where}", which)
    if old is None:
        raise Again
    if column == "operation":
        new, at = chance.choice([one for one in OPERATIONS if one != old]), 0
    elif column in {"before", "after"}:
        new, at = json.dumps(_other_image(chance, json.loads(old))), 0
    else:
        new, at = _FLIPS[type(old)](chance, old)
    do(f"UPDATE {table} SET {column} = %s WHERE {where}", new, which)
    return at


def _other_bytes(chance: Random, old: bytes) -> tuple[bytes, int]:
    at = chance.randrange(len(old))
    return old[:at] + bytes([old[at] ^ 1 << chance.randrange(8)]) + old[at + 1 :], at


def _other_number(chance: Random, old: int) -> tuple[int, int]:
    return old ^ 1 << chance.randrange(15 if chance.random() < 0.7 else 63), 0


def _other_text(chance: Random, old: str) -> tuple[str, int]:
    at = chance.randrange(len(old))
    other = chr(ord(old[at]) ^ 1 << chance.randrange(7))
    if other == "\0":
        raise Again
    return old[:at] + other + old[at + 1 :], at


def _other_instant(chance: Random, old: datetime) -> tuple[datetime, int]:
    return old + timedelta(microseconds=chance.choice((-1, 1)) * 2 ** chance.randrange(40)), 0


def _other_uuid(chance: Random, old: UUID) -> tuple[UUID, int]:
    return UUID(int=old.int ^ 1 << chance.randrange(128)), 0


def _other_image(chance: Random, old: dict[str, Any]) -> dict[str, Any]:
    """Another row: a value changed, taken away or added."""
    name, drawn = chance.choice(sorted(old)), chance.random()
    if drawn < 0.2:
        return {key: found for key, found in old.items() if key != name}
    return {**old, f"{name}_too": old[name]} if drawn < 0.4 else {**old, name: f"{old[name]}x"}


_FLIPS: dict[type, Callable[[Random, Any], tuple[Any, int]]] = {
    bytes: _other_bytes,
    int: _other_number,
    str: _other_text,
    datetime: _other_instant,
    UUID: _other_uuid,
}
