"""Insert: forged records behind the seal, leaves, tiles, checkpoints and keys."""

import json
from random import Random

from backend.kernel.canonical import canonical
from backend.transparency.merkle import root_of
from backend.transparency.notes import Signer
from dev.tamper.forging import copy_record, leaf_of, leaves_now, resign
from dev.tamper.log import (
    CHANGE,
    ENTRY,
    Again,
    Log,
    Record,
    Tampering,
    do,
    done,
    move_leaves,
    rows,
    value,
)


def insert_backdated(log: Log, chance: Random) -> Tampering:
    """A whole record of its own, as if written in a transaction that was sealed long ago."""
    record = _forged(log, chance)
    return done(f"backdated record {record.id}", records=[record.id])


def insert_with_leaf(log: Log, chance: Random) -> Tampering:
    """A forged record with a number in the tree: in the middle, or behind the last."""
    record = _forged(log, chance)
    at = chance.choice((log.head, chance.randrange(log.head)))
    move_leaves(at, 1)
    do("INSERT INTO audit_sealedleaf (leaf_index, record_id) VALUES (%s, %s)", at, record.id)
    return done(f"record {record.id} as leaf {at}", records=[record.id], leaves=[at])


def insert_in_place(log: Log, chance: Random) -> Tampering:
    """A forged record takes a leaf; the true one is gone, or left over."""
    old, record = chance.choice(log.records), _forged(log, chance)
    do("UPDATE audit_sealedleaf SET record_id = %s WHERE leaf_index = %s", record.id, old.leaf)
    if chance.random() < 0.5:
        do(f"DELETE FROM {old.table} WHERE id = %s", old.id)
    return done(f"record {record.id} for {old.id}", records=[record.id], leaves=[old.leaf])


def insert_same_number(log: Log, chance: Random) -> Tampering:
    """A forged record of the other kind bears the number of one that is sealed."""
    old = chance.choice(log.records)
    other = chance.choice(log.in_table[CHANGE if old.table == ENTRY else ENTRY])
    copy_record(other, old.id)
    return done(f"another record {old.id}", records=[old.id], leaves=[old.leaf])


def insert_leaf(log: Log, chance: Random) -> Tampering:
    """A number without a record, or for one that is sealed already."""
    at = log.head + chance.choice((0, 1, chance.randrange(2**40)))
    record_id = _unused_id(chance)
    do("INSERT INTO audit_sealedleaf (leaf_index, record_id) VALUES (%s, %s)", at, record_id)
    return done(f"leaf {at}", records=[record_id], leaves=[at])


def insert_tile(log: Log, chance: Random) -> Tampering:
    """A tile that the tree does not have."""
    level, index = chance.randrange(5), 1 + chance.randrange(2 ** chance.randrange(1, 30))
    hashes = chance.randbytes(32 * chance.randrange(1, 257))
    if level == 0 and index * 256 < log.head:
        raise Again
    do(
        "INSERT INTO audit_tile (level, tile_index, hashes) VALUES (%s, %s, %s)",
        level,
        index,
        hashes,
    )
    return done(f"tile {index} of level {level}", says=f"tile {index} of level {level}:")


def insert_checkpoint(log: Log, chance: Random) -> Tampering:
    """A true root of another size, that the log never signed."""
    size = chance.randrange(1, log.head + 40)
    if size in log.sizes:
        raise Again
    before = log.before(size)
    taken = {log.before(one) for one in log.sizes}
    free = [one for one in range(size) if one not in taken]
    if not free:
        raise Again
    do(
        "INSERT INTO audit_checkpoint (size, root, previous_size, settled_xmin, sealed_at, "
        "columns_hash) SELECT %s, %s, %s, settled_xmin, sealed_at, columns_hash "
        "FROM audit_checkpoint WHERE size = %s",
        size,
        root_of(leaves_now()[:size]),
        chance.choice(free),
        log.head,
    )
    stranger = Signer.generate(log.signer.name)
    if chance.random() < 0.7:
        resign(size - 1, stranger) if size > log.head else _resign_one(size, stranger)
    return done(f"checkpoint {size}", leaves=range(before, size))


def insert_log_key(log: Log, _chance: Random) -> Tampering:
    """A key of somebody else, beside the log's."""
    vkey = str(Signer.generate(log.signer.name).verifier)
    do("INSERT INTO audit_logkey (vkey) VALUES (%s)", vkey)
    return done("log key", says=vkey)


def _resign_one(size: int, signer: Signer) -> None:
    kept = rows("SELECT size, note, receipt FROM audit_checkpoint WHERE size > %s", size)
    resign(size - 1, signer)
    for other, note, receipt in kept:
        do(
            "UPDATE audit_checkpoint SET note = %s, receipt = %s WHERE size = %s",
            note,
            receipt,
            other,
        )


def _forged(log: Log, chance: Random) -> Record:
    """A record that never was, whole in itself, of a transaction that was sealed."""
    model, moment = chance.choice(log.records), chance.choice(log.records)
    if model.is_erased:
        raise Again
    new_id = _unused_id(chance)
    copy_record(model, new_id)
    xid, at = rows(f"SELECT xid, recorded_at FROM {moment.table} WHERE id = %s", moment.id)[0]
    said = json.loads(model.body)
    said = {**said, "request_id": "req_forged", **({"xid": str(xid)} if "xid" in said else {})}
    body = canonical(said)
    do(
        f"UPDATE {model.table} SET xid = %s, recorded_at = %s, request_id = 'req_forged', "
        "body = %s, leaf = %s WHERE id = %s",
        xid,
        at,
        body,
        leaf_of(body),
        new_id,
    )
    return Record(new_id, model.table, -1, body, model.pseudonym, False)


def _unused_id(chance: Random) -> int:
    highest = int(value("SELECT last_value FROM audit_auditentry_id_seq"))
    return highest + 1 + chance.randrange(2 ** chance.randrange(1, 40))
