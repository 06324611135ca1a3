"""Delete: a record, its leaf, both, a tile, a checkpoint, a key, or only what was sealed."""

from random import Random

from dev.tamper.log import (
    CHANGE,
    ENTRY,
    Again,
    Log,
    Tampering,
    do,
    done,
    move_leaves,
    rows,
    value,
)


def delete_record(log: Log, chance: Random) -> Tampering:
    """An entry or a row change; in half of the cases with its leaf."""
    record = chance.choice(log.in_table[chance.choice((ENTRY, CHANGE))])
    do(f"DELETE FROM {record.table} WHERE id = %s", record.id)
    if chance.random() < 0.5:
        do("DELETE FROM audit_sealedleaf WHERE leaf_index = %s", record.leaf)
    return done(f"record {record.id} of {record.table}", records=[record.id], leaves=[record.leaf])


def delete_some_records(log: Log, chance: Random) -> Tampering:
    """All that one transaction or one object left, or any handful."""
    chosen = chance.sample(log.records, chance.randrange(2, 20))
    ids = [record.id for record in chosen]
    for table in (ENTRY, CHANGE):
        do(f"DELETE FROM {table} WHERE id = ANY(%s)", ids)
    return done(f"{len(ids)} records", records=ids)


def delete_and_close_the_gap(log: Log, chance: Random) -> Tampering:
    """A record with its leaf, and all leaves behind it move up."""
    record = chance.choice(log.records[:-1])
    do(f"DELETE FROM {record.table} WHERE id = %s", record.id)
    do("DELETE FROM audit_sealedleaf WHERE leaf_index = %s", record.leaf)
    move_leaves(record.leaf + 1, -1)
    return done(f"record {record.id}, gap closed", records=[record.id], leaves=[record.leaf])


def delete_leaf(log: Log, chance: Random) -> Tampering:
    """A number in the tree; the record stays."""
    record = chance.choice(log.records)
    do("DELETE FROM audit_sealedleaf WHERE leaf_index = %s", record.leaf)
    return done(f"leaf {record.leaf}", records=[record.id], leaves=[record.leaf])


def delete_tile(_log: Log, chance: Random) -> Tampering:
    """A tile of any level, whole or its end."""
    id_, level, index, hashes = chance.choice(
        rows("SELECT id, level, tile_index, length(hashes) / 32 FROM audit_tile ORDER BY id")
    )
    keep = chance.choice((0, chance.randrange(hashes)))
    if keep:
        do("UPDATE audit_tile SET hashes = substring(hashes FOR %s) WHERE id = %s", keep * 32, id_)
    else:
        do("DELETE FROM audit_tile WHERE id = %s", id_)
    start = index * 256 + keep
    leaves = range(start * 256**level, (index * 256 + hashes) * 256**level)
    return done(f"tile {index} of level {level} from hash {keep} on", leaves=leaves)


def delete_checkpoint(log: Log, chance: Random) -> Tampering:
    """One checkpoint, signed and all; of the newest, leaves and tiles stay."""
    size = chance.choice(log.sizes)
    do("DELETE FROM audit_checkpoint WHERE size = %s", size)
    return done(f"checkpoint {size}", leaves=log.batch(size))


def delete_signature(log: Log, chance: Random) -> Tampering:
    """Note and receipt of a checkpoint: as if it had not been signed yet."""
    size = chance.choice(log.sizes)
    do("UPDATE audit_checkpoint SET note = NULL, receipt = NULL WHERE size = %s", size)
    return done(f"signature of {size}", leaves=log.batch(size))


def delete_sealed_facts(log: Log, chance: Random) -> Tampering:
    """What an entry sealed, or what a row change shows: in part, or all of it."""
    record = chance.choice(log.records)
    if record.is_erased or (record.table == ENTRY and not record.pseudonym):
        raise Again
    column = chance.choice(("salt", "before", "after", "patient_id"))
    column = "sealed_facts" if record.table == ENTRY else column
    if not do(
        f"UPDATE {record.table} SET {column} = NULL WHERE id = %s AND {column} IS NOT NULL",
        record.id,
    ):
        raise Again
    return done(f"{column} of record {record.id}", records=[record.id], leaves=[record.leaf])


def delete_key(log: Log, chance: Random) -> Tampering:
    """A patient's key, so that nobody can tell what was recorded."""
    named = [record for record in log.records if record.pseudonym]
    pseudonym = chance.choice(named).pseudonym
    do("DELETE FROM audit_patientkey WHERE pseudonym = %s", pseudonym)
    return done(
        f"key of {pseudonym}",
        records=[record.id for record in named if record.pseudonym == pseudonym],
    )


def empty_row_change(log: Log, chance: Random) -> Tampering:
    """All that a row change shows, as erasure empties it; its patient was not erased."""
    record = chance.choice(log.in_table[CHANGE])
    told = value(
        "SELECT count(*) FROM audit_auditentry JOIN audit_patientkey USING (pseudonym) "
        "WHERE xid = (SELECT xid FROM audit_rowchange WHERE id = %s)",
        record.id,
    )
    if record.is_erased or not told:  # of what no service wrote nobody knows whose it was
        raise Again
    do(
        "UPDATE audit_rowchange SET salt = NULL, before = NULL, after = NULL, patient_id = NULL "
        "WHERE id = %s",
        record.id,
    )
    return done(f"row change {record.id}", records=[record.id], leaves=[record.leaf])


def destroy_key_in_silence(log: Log, chance: Random) -> Tampering:
    """A patient's key as erasure destroys it; no entry tells of it."""
    named = [record for record in log.records if record.pseudonym and not record.is_erased]
    pseudonym = chance.choice(named).pseudonym
    do(
        "UPDATE audit_patientkey SET patient_ref = NULL, wrapped = NULL, destroyed_at = now() "
        "WHERE pseudonym = %s",
        pseudonym,
    )
    return done(f"key of {pseudonym}", says=f"the key of {pseudonym} was destroyed")
