"""Rewrite: a record says something else, and more and more of what proves it is made to agree."""

import json
from random import Random

from backend.transparency.notes import Signer
from dev.tamper.forging import leaves_now, regrow_tiles, resign, resum_checkpoints, rewrite
from dev.tamper.log import Again, Log, Record, Tampering, do, done

STEPS = ("record", "leaf tiles", "all tiles", "roots", "signatures", "log key")


def rewrite_record(log: Log, chance: Random) -> Tampering:
    """Up to any step: bytes with hash and columns, tiles, roots, other signatures, their key."""
    record = _other(log, chance)
    step = chance.randrange(len(STEPS))
    _say_otherwise(record, chance)
    _agree(log, record, step, Signer.generate(log.signer.name))
    return done(
        f"record {record.id}, up to {STEPS[step]}", records=[record.id], leaves=[record.leaf]
    )


def rewrite_and_unsign(log: Log, chance: Random) -> Tampering:
    """Everything agrees, and the later checkpoints look as if not signed yet."""
    record = _other(log, chance)
    _say_otherwise(record, chance)
    _agree(log, record, STEPS.index("roots"), log.signer)
    do("UPDATE audit_checkpoint SET note = NULL, receipt = NULL WHERE size > %s", record.leaf)
    return done(f"record {record.id}, unsigned", records=[record.id], leaves=[record.leaf])


def rewrite_with_the_log_key(log: Log, chance: Random) -> Tampering:
    """Everything agrees and the log's own key signed it: only who kept a checkpoint knows."""
    record = _other(log, chance)
    _say_otherwise(record, chance)
    _agree(log, record, STEPS.index("signatures"), log.signer)
    return done(
        f"record {record.id}, with the log's key",
        records=[record.id],
        leaves=[record.leaf],
        outside=True,
    )


def rewrite_moment(log: Log, chance: Random) -> Tampering:
    """The time of writing, and the checkpoint's hash over it: the receipt was signed."""
    record = chance.choice(log.records)
    do(
        f"UPDATE {record.table} SET recorded_at = recorded_at - %s * interval '1 microsecond' "
        "WHERE id = %s",
        1 + chance.randrange(2**40),
        record.id,
    )
    _agree(log, record, STEPS.index("roots"), log.signer)
    return done(f"time of record {record.id}, agreed", records=[record.id], leaves=[record.leaf])


def _other(log: Log, chance: Random) -> Record:
    return chance.choice(log.records)


def _say_otherwise(record: Record, chance: Random) -> None:
    said = json.loads(record.body)
    name = chance.choice([one for one in ("actor", "request_id", "object") if one in said])
    if name == "object":
        table, slash, rest = said[name].partition("/")
        text = f"{table}{slash}{rest}"[:-1] + chance.choice("0123456789abcdef")
    else:
        text = f"{said[name]}x"
    if text == said[name]:
        raise Again
    rewrite(record, **{name: text})


def _agree(log: Log, record: Record, step: int, signer: Signer) -> None:
    """Make everything up to a step agree with the record as it stands now."""
    leaves = leaves_now()
    if step >= STEPS.index("leaf tiles"):
        regrow_tiles(leaves, range(1 if step == STEPS.index("leaf tiles") else 64))
    if step >= STEPS.index("roots"):
        resum_checkpoints(leaves, record.leaf)
    if step >= STEPS.index("signatures"):
        resign(record.leaf, signer)
    if step >= STEPS.index("log key") and signer != log.signer:
        do("INSERT INTO audit_logkey (vkey) VALUES (%s)", str(signer.verifier))
