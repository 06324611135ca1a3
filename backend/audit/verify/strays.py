"""Records that the tree does not hold, and what their tables say about each other."""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from backend.audit.models import Checkpoint
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.guards import parents
from backend.audit.verify.records import TWICE, Records

CHUNK = 5_000
# The tables themselves, not the view that the sealer reads: it might have been replaced.
_UNSEALED = """
SELECT record.id, record.xid,
       record.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM (SELECT id, xid FROM audit_auditentry UNION ALL SELECT id, xid FROM audit_rowchange) AS record
WHERE NOT EXISTS (SELECT FROM audit_sealedleaf WHERE record_id = record.id)
ORDER BY record.id
"""
_TWICE = "SELECT id FROM audit_auditentry JOIN audit_rowchange USING (id) ORDER BY id"
_STRANGE_PATIENTS = """
SELECT change.id FROM audit_rowchange AS change
JOIN {parent} AS parent ON parent.id::text = coalesce(after, before) ->> {column}
WHERE table_name = {table} AND salt IS NOT NULL
  AND change.patient_id IS DISTINCT FROM parent.patient_id ORDER BY change.id
"""


def check_unsealed(verdict: Verdict, records: Records) -> None:
    """Records that are no leaf yet: whole, and none that should have been sealed long ago."""
    heads = Checkpoint.objects.filter(size__isnull=False).order_by("-size")
    head = heads.values_list("settled_xmin").first()  # no instant, which may be absurd
    settled = (head and head[0]) or 0
    # After a restore elsewhere the server counts transactions from lower on: then all are new.
    counts_anew = settled > _next_xid()
    for chunk in _chunks():
        checked = records.check([record_id for record_id, _xid, _ahead in chunk])
        for record_id, xid, is_ahead in chunk:
            verdict.records += 1
            if xid is None or (xid < settled and not counts_anew):
                verdict.add(Finding("inserted behind the seal", record_id))
            elif is_ahead and head and not counts_anew:
                verdict.add(Finding("of a transaction that never was", record_id))
            for reason in checked[record_id].reasons if record_id in checked else ():
                verdict.add(Finding(reason, record_id))


def check_numbers(verdict: Verdict) -> None:
    """No number names both an entry and a row change."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        for (record_id,) in cursor.fetchall():
            verdict.add(Finding(TWICE, record_id))


def check_patients_of_parents(verdict: Verdict) -> None:
    """Row changes whose patient only a parent row knows: it is that patient."""
    for table, (column, parent) in parents().items():
        names = {"table": sql.Literal(table), "column": sql.Literal(column)}
        statement = sql.SQL(_STRANGE_PATIENTS).format(parent=sql.Identifier(parent), **names)
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for (record_id,) in cursor.fetchall():
                reason = "the column for patient differs from the row's"
                verdict.add(Finding(reason, record_id))


def _next_xid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (xid,) = cursor.fetchone()
    return int(xid)


def _chunks() -> Iterator[list[tuple[int, int | None, bool | None]]]:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        while rows := cursor.fetchmany(CHUNK):
            yield rows
