"""The whole trail: guards, records, leaves, roots, signatures, and what is not sealed yet."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import connection, transaction

from backend.audit.models import Checkpoint, LogKey
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.guards import check_guards
from backend.audit.verify.records import check_records
from backend.audit.verify.tree import Trusted, check_tree
from backend.transparency.notes import VerifierKey

CHUNK = 5_000
_UNSEALED = """
SELECT record.id, record.xid < %s FROM audit_record AS record
WHERE NOT EXISTS (SELECT FROM audit_sealedleaf WHERE record_id = record.id)
ORDER BY record.id
"""


def verify_trail(*, keys: Sequence[VerifierKey] | None = None, trusted: Trusted = ()) -> Verdict:
    """Everything is looked at, in one snapshot of the database.

    `keys`: the log's public keys; without them, those that the environment pins or the database
    names. `trusted`: sizes and roots kept elsewhere (a witness, an earlier export); what is
    older than those cannot have been cut off unseen.
    """
    verdict = Verdict()
    with transaction.atomic(durable=False):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")
        check_guards(verdict)
        check_tree(verdict, known_keys() if keys is None else keys, trusted)
        _check_unsealed(verdict)
    return verdict


def known_keys() -> list[VerifierKey]:
    """The pinned keys (AUDIT_VERIFIER_KEYS), else those that the sealers introduced."""
    pinned = settings.AUDIT_VERIFIER_KEYS
    texts = pinned or list(LogKey.objects.values_list("vkey", flat=True))
    return [VerifierKey.parse(text) for text in texts]


def _check_unsealed(verdict: Verdict) -> None:
    """Records that are no leaf yet: whole, and none that should have been sealed long ago."""
    head = Checkpoint.objects.order_by("-size").first()
    settled = head.settled_xmin if head else 0
    for chunk in _chunks(settled):
        checked = check_records([record_id for record_id, _ in chunk])
        for record_id, is_late in chunk:
            verdict.records += 1
            if is_late:
                verdict.add(Finding("inserted behind the seal", record_id))
            for reason in checked[record_id].reasons:
                verdict.add(Finding(reason, record_id))


def _chunks(settled: int) -> Iterator[list[tuple[int, bool]]]:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, [settled])
        while rows := cursor.fetchmany(CHUNK):
            yield rows
