"""A million records of the audit trail, and what is timed on them; asked through `dev.bench.seed`.

Entries are cloned in SQL from some thousands that the real code wrote, each of a patient with a
key of its own: bytes, hash, request and time differ in every one. Row changes are the trigger's.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from django.db import connection, transaction

from backend import clock
from backend.audit.keys import ciphers_of
from backend.audit.models import AuditEntry, Checkpoint, RowChange
from backend.audit.record import entry_for, instant
from backend.audit.seal import introduce, read_tile, seal_batch, sign_checkpoints
from backend.audit.verify.trail import verify_trail
from backend.kernel.actor import Actor, Role
from backend.transparency.merkle import inclusion_proof
from backend.transparency.notes import KeyKind, Signer
from backend.transparency.proofs import Proof, pack
from backend.transparency.tiles import node_reader
from tests.factories.notifications import NotificationFactory

PATIENTS, WITHOUT_PATIENT = 5_000, 500
ENTRIES, CHANGES = 1_800, 200  # in each transaction
SAMPLES = 500
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
BY = Actor(role=Role.PHYSICIAN, label="physician:usr_01jq0000000000000000000000")
SIGNER = Signer("suhada.example/audit", KeyKind.ED25519, bytes(range(32)))

_MODELS = """
CREATE TEMP TABLE trail_model AS
SELECT row_number() OVER (ORDER BY id) - 1 AS model, clinic_id, actor, actor_role, action,
       object_ref, pseudonym, outcome, sealed_facts, convert_from(body, 'UTF8') AS said
FROM audit_auditentry
"""
_ENTRIES = """
INSERT INTO audit_auditentry (at, clinic_id, actor, actor_role, action, object_ref, pseudonym,
                              outcome, sealed_facts, request_id, body, leaf)
SELECT moment, clinic_id, actor, actor_role, action, object_ref, pseudonym, outcome, sealed_facts,
       request, body, sha256('\\x00'::bytea || body)
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
     JOIN trail_model ON model = mod(n, %(models)s),
     LATERAL (SELECT 'req_' || md5(n::text) AS request,
                     %(at)s::timestamptz + n * interval '1 millisecond' AS moment) AS own,
     LATERAL (SELECT convert_to(replace(replace(said,
         '"request_id":"none"', '"request_id":"' || request || '"'), %(instant)s,
         to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), 'UTF8') AS body
     ) AS bytes
"""
_CHANGES = """
INSERT INTO notifications_notification
SELECT (jsonb_populate_record(old, jsonb_build_object(
    'id', md5('notice' || n)::uuid, 'key', 'bench-' || n))).*
FROM notifications_notification AS old, generate_series(%(first)s::bigint, %(last)s::bigint) AS n
WHERE old.id = %(id)s
"""


@dataclass(frozen=True)
class _Thing:
    ref: str


def fill(count: int) -> dict[str, Any]:
    """At least so many records, most of them about patients, in transactions of two thousand."""
    notice = NotificationFactory()
    with transaction.atomic():
        models = _models()
        AuditEntry.objects.bulk_create(models, batch_size=1_000)
    values = {"at": AT, "instant": instant(AT), "models": len(models), "id": notice.id}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_MODELS)
        cursor.execute("ANALYZE trail_model")
        for number in range(-(-(count - len(models)) // (ENTRIES + CHANGES))):
            with transaction.atomic():
                first = number * ENTRIES
                cursor.execute(_ENTRIES, {**values, "first": first, "last": first + ENTRIES - 1})
                first = number * CHANGES
                cursor.execute(_CHANGES, {**values, "first": first, "last": first + CHANGES - 1})
        cursor.execute("VACUUM ANALYZE audit_auditentry, audit_rowchange")
    return {}


def _models() -> list[AuditEntry]:
    """Entries as the services write them; one in eleven concerns no patient."""
    patients = [_Thing(f"pt_{number:026d}") for number in range(PATIENTS)]
    ciphers_of(patient.ref for patient in patients)
    clinic = [_Thing(f"cl_{number:026d}") for number in range(WITHOUT_PATIENT)]
    return [
        entry_for(
            "patient.read",
            on=thing,
            by=BY,
            at=AT,
            facts={"visit_id": f"vis_{number:026d}", "version": str(number), "reason": "visit"},
        )
        for number, thing in enumerate([*patients, *clinic])
    ]


def seal(_count: int) -> dict[str, Any]:
    """Seal all that waits, as the sealer does: how many leaves, in how many seconds."""
    introduce(SIGNER)
    begun, leaves, more = time.perf_counter(), 0, True
    while more:
        sealed = seal_batch(holder="bench", at=clock.now())
        if sealed is None:
            raise RuntimeError("somebody else seals")
        leaves, more = leaves + sealed.leaves, sealed.more
        sign_checkpoints(SIGNER)
    return {"leaves": leaves, "seconds": time.perf_counter() - begun}


def hash_alone(_count: int) -> dict[str, Any]:
    """PostgreSQL reads all bytes and hashes them, and does nothing else: the least there is."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        begun = time.perf_counter()
        cursor.execute("SELECT count(sha256('\\x00'::bytea || body)) FROM audit_record")
        (records,) = cursor.fetchone()
    return {"records": records, "seconds": time.perf_counter() - begun}


def verify(_count: int) -> dict[str, Any]:
    """Verify the whole trail: how many records, in how many seconds."""
    begun = time.perf_counter()
    verdict = verify_trail(keys=[SIGNER.verifier])
    seconds = time.perf_counter() - begun
    found = [str(finding) for finding in verdict.findings[:3]]
    return {"records": verdict.records, "seconds": seconds, "findings": found}


def prove(_count: int) -> dict[str, Any]:
    """The largest of many proof files, as they are kept and as they are written out."""
    head = Checkpoint.objects.latest("size")
    node, chance = node_reader(head.size, read_tile), Random(1)  # noqa: S311 - a sample
    packed, plain = 0, 0
    for index in [0, head.size - 1, *(chance.randrange(head.size) for _ in range(SAMPLES))]:
        proof = Proof(index, tuple(inclusion_proof(index, head.size, node)), str(head.note))
        packed = max(packed, len(pack(proof.text)))
        plain = max(plain, len(proof.text.encode()))
    return {"size": head.size, "packed": packed, "plain": plain}


def silence(_count: int) -> dict[str, Any]:
    """Take the triggers that keep row changes away, and all that they kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_change'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER keep_change ON {table}")
        cursor.execute("TRUNCATE audit_auditentry, audit_rowchange")
    return {}


def entries(_count: int) -> dict[str, Any]:
    """How many records the trail has."""
    return {"entries": AuditEntry.objects.count() + RowChange.objects.count()}
