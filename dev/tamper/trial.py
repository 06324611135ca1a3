"""One tampering after the other: done, verified, judged, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from random import Random

from django.db import DataError, IntegrityError, connection, transaction

from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.trail import verify_trail
from dev.tamper.kinds.catalogue import DISARM, Kind, drawn
from dev.tamper.log import Again, Log, Tampering

TABLES = (
    "audit_auditentry",
    "audit_rowchange",
    "audit_sealedleaf",
    "audit_tile",
    "audit_checkpoint",
    "audit_patientkey",
    "audit_logkey",
)


@dataclass(frozen=True)
class Outcome:
    """How one tampering ended: whether anything was found, and whether it was named."""

    kind: str
    way: str
    what: str
    found: bool
    named: bool
    said: tuple[str, ...]


def trials(log: Log, count: int, seed: int) -> Iterator[Outcome]:
    """So many tamperings of the log; the same ones for the same seed and the same log."""
    chance = Random(seed)
    while count:
        name, way = drawn(chance)
        outcome = tried(log, name, way, chance)
        if outcome is not None:
            count -= 1
            yield outcome


def verdict_on(log: Log, *, outside: bool = False) -> Verdict:
    """What a verification says that knows the log's key, and a kept checkpoint if there is one."""
    return verify_trail(keys=[log.signer.verifier], trusted=[log.world.kept] if outside else ())


def tried(log: Log, name: str, way: Kind, chance: Random) -> Outcome | None:
    """None where the draw changes nothing, or a constraint stands against it."""
    with transaction.atomic():
        try:
            with transaction.atomic(), nullcontext() if name == DISARM else _past_the_guards():
                tampering = way(log, chance)
        except (Again, IntegrityError, DataError):
            transaction.set_rollback(True)
            return None
        verdict = verdict_on(log, outside=tampering.outside)
        transaction.set_rollback(True)
    said = tuple(str(finding) for finding in verdict.findings[:5])
    named = any(names(finding, tampering) for finding in verdict.findings)
    return Outcome(name, way.__name__, tampering.what, not verdict.is_sound, named, said)


def names(finding: Finding, tampering: Tampering) -> bool:
    """Whether a finding names the record or the leaf, or a stretch of leaves that holds it."""
    if tampering.says is not None:
        return tampering.says in finding.reason
    if finding.record_id in tampering.records:
        return True
    if finding.leaf_index is None:
        return False
    end = finding.before_leaf or finding.leaf_index + 1
    return any(finding.leaf_index <= leaf < end for leaf in tampering.leaves)


@contextmanager
def _past_the_guards() -> Iterator[None]:
    """For the superuser no trigger fires; the tables' owner switches theirs off for a moment."""
    is_superuser = _is_superuser()
    with connection.cursor() as cursor:
        if is_superuser:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for table in () if is_superuser else TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        if is_superuser:
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
