"""Nonsense that no constraint would let in: the superuser drops the constraint first.

Whatever stands in the tables, a verification must end with a verdict and never with a traceback.
"""

from random import Random

from dev.tamper.log import CHANGE, ENTRY, Again, Log, Tampering, do, done, rows

NOT_JSON = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"commitment"',
    b"\xff\xfe",
    b'{"at":"\xc3\x28"}',
    b'{"actor":"\\u0000"}',
    b'{"actor":"\\ud800"}',
    b"[" * 30_000,
    b'{"a":1e999999}',
    b"{}" * 3,
    b"\x00" * 70_000,
)
HUGE = (2**63 - 1, -(2**63), 2**62, -1, 0, 2**53)
NULLABLE = {
    ENTRY: ("xid", "at", "recorded_at", "actor", "action", "outcome", "request_id", "body", "leaf"),
    CHANGE: ("xid", "recorded_at", "table_name", "row_id", "operation", "actor", "body", "leaf"),
    "audit_sealedleaf": ("record_id",),
    "audit_tile": ("level", "tile_index", "hashes"),
    "audit_checkpoint": ("root", "previous_size", "settled_xmin", "sealed_at", "columns_hash"),
}
NOTES = (
    "",
    "\n",
    "x",
    "\n\n",
    "— a b\n",
    "a\n\n— a b\n",
    "é" * 5_000,
    "a" * 1_100_000,
    "\x01\n\n— a QUJD\n",
)


def absurd_body(log: Log, chance: Random) -> Tampering:
    """Bytes that are no JSON, or none that PostgreSQL takes; half of them with their hash."""
    chosen = chance.sample(log.records, chance.choice((1, 1, 1, 5)))
    for record in chosen:
        body = chance.choice(NOT_JSON)
        do(f"UPDATE {record.table} SET body = %s WHERE id = %s", body, record.id)
        if chance.random() < 0.5:
            do(
                f"UPDATE {record.table} SET leaf = sha256('\\x00'::bytea || body) WHERE id = %s",
                record.id,
            )
    return done(
        "bytes",
        records=[record.id for record in chosen],
        leaves=[record.leaf for record in chosen],
    )


def absurd_null(log: Log, chance: Random) -> Tampering:
    """NULL where something must stand."""
    table = chance.choice(sorted(NULLABLE))
    column = chance.choice(NULLABLE[table])
    do(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
    if table in {ENTRY, CHANGE}:
        record = chance.choice(log.in_table[table])
        do(f"UPDATE {table} SET {column} = NULL WHERE id = %s", record.id)
        return done(f"{column} of {record.id}", records=[record.id], leaves=[record.leaf])
    key = {"audit_sealedleaf": "leaf_index", "audit_tile": "id", "audit_checkpoint": "size"}[table]
    ((chosen,),) = chance.sample(rows(f"SELECT {key} FROM {table} ORDER BY {key}"), 1)
    do(f"UPDATE {table} SET {column} = NULL WHERE {key} = %s", chosen)
    if table == "audit_sealedleaf":
        leaves = range(chosen, chosen + 1)
    elif table == "audit_tile":
        leaves = range(log.head)
    else:
        leaves = log.batch(chosen)
    return done(f"{column} of {table}", leaves=leaves)


def absurd_number(log: Log, chance: Random) -> Tampering:
    """Sizes, numbers and places that no tree has."""
    number = chance.choice(HUGE)
    for table, names in (
        ("audit_checkpoint", ("checkpoint_grows",)),
        ("audit_sealedleaf", ("leaf_index_counts",)),
        ("audit_tile", ("audit_tile_tile_index_check", "audit_tile_level_check")),
    ):
        for name in names:
            do(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    place = chance.choice(("size", "settled_xmin", "leaf_index", "record_id", "tile_index", "xid"))
    record, size = chance.choice(log.records), chance.choice(log.sizes)
    if place in {"size", "settled_xmin"}:
        do(f"UPDATE audit_checkpoint SET {place} = %s WHERE size = %s", number, size)
        return done(f"{place} {number}", leaves=log.batch(size))
    if place == "tile_index":
        do("UPDATE audit_tile SET tile_index = %s WHERE level = 0 AND tile_index = 1", number)
        return done(f"{place} {number}", leaves=range(256, log.head))
    table = record.table if place == "xid" else "audit_sealedleaf"
    key = ("id", record.id) if place == "xid" else ("leaf_index", record.leaf)
    do(f"UPDATE {table} SET {place} = %s WHERE {key[0]} = %s", number, key[1])
    return done(f"{place} {number}", records=[record.id], leaves=[record.leaf])


def absurd_bytes(log: Log, chance: Random) -> Tampering:
    """Hashes, keys, salts and sealed facts of any length and content."""
    noise = chance.randbytes(chance.choice((0, 1, 11, 12, 31, 33, 8193, 100_000)))
    record, size = chance.choice(log.records), chance.choice(log.sizes)
    place = chance.choice(("leaf", "root", "columns_hash", "hashes", "wrapped", "sealed", "salt"))
    if place in {"root", "columns_hash"}:
        do(f"UPDATE audit_checkpoint SET {place} = %s WHERE size = %s", noise, size)
        return done(f"{place}", leaves=log.batch(size))
    if place == "hashes":
        do("UPDATE audit_tile SET hashes = %s WHERE level = 1", noise)
        return done(place, leaves=range(log.head))
    if place == "wrapped" and record.pseudonym and not record.is_erased:
        do("UPDATE audit_patientkey SET wrapped = %s WHERE pseudonym = %s", noise, record.pseudonym)
        return done(place, records=[record.id])
    column = {"leaf": "leaf", "sealed": "sealed_facts", "salt": "salt"}.get(place)
    if column is None or record.is_erased or (column == "salt") != (record.table == CHANGE):
        raise Again
    do(f"UPDATE {record.table} SET {column} = %s WHERE id = %s", noise, record.id)
    return done(place, records=[record.id], leaves=[record.leaf])


def absurd_note(log: Log, chance: Random) -> Tampering:
    """Notes, receipts and public keys that are none."""
    text, size = chance.choice(NOTES), chance.choice(log.sizes)
    column = chance.choice(("note", "receipt", "vkey"))
    if column == "vkey":
        do("ALTER TABLE audit_logkey ALTER COLUMN vkey TYPE text")
        do("UPDATE audit_logkey SET vkey = %s", text[:1_000])
        return done("log key", says="a key was introduced")
    do(f"UPDATE audit_checkpoint SET {column} = %s WHERE size = %s", text, size)
    return done(column, leaves=log.batch(size))


def absurd_time(log: Log, chance: Random) -> Tampering:
    """Instants that no calendar holds."""
    instant = chance.choice(("infinity", "-infinity", "4000-01-01 BC", "200000-01-01"))
    record, size = chance.choice(log.records), chance.choice(log.sizes)
    place = chance.choice(("at", "recorded_at", "sealed_at"))
    if place == "sealed_at":
        do("UPDATE audit_checkpoint SET sealed_at = %s WHERE size = %s", instant, size)
        return done(place, leaves=log.batch(size))
    if place == "at" and record.table == CHANGE:
        raise Again
    do(f"UPDATE {record.table} SET {place} = %s WHERE id = %s", instant, record.id)
    return done(place, records=[record.id], leaves=[record.leaf])


def absurd_twins(log: Log, chance: Random) -> Tampering:
    """Two rows of one key."""
    record = chance.choice(log.records)
    table = chance.choice((record.table, "audit_sealedleaf", "audit_tile"))
    do(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE")
    if table == "audit_tile":
        do("ALTER TABLE audit_tile DROP CONSTRAINT one_tile_a_place")
        do("INSERT INTO audit_tile SELECT * FROM audit_tile WHERE level = 1")
        return done("tiles", leaves=range(log.head))
    if table == "audit_sealedleaf":
        other = chance.choice(log.records)
        do("ALTER TABLE audit_sealedleaf DROP CONSTRAINT audit_sealedleaf_record_id_key")
        do("INSERT INTO audit_sealedleaf VALUES (%s, %s)", record.leaf, other.id)
        return done("leaves", records=[record.id], leaves=[record.leaf])
    do(f"INSERT INTO {table} SELECT * FROM {table} WHERE id = %s", record.id)
    return done("records", records=[record.id], leaves=[record.leaf])
