"""What earlier verifications and witnesses saw of the tree: it was that large, and it was this one.

Whoever cuts or rewrites the log and forgets these gives himself away; whoever does not is found
out only by what is kept elsewhere.
"""

from django.conf import settings
from django.db import connection
from django.db.models import Max

from backend.audit.models import Verification
from backend.audit.verify.findings import Finding, Verdict
from backend.transparency.checkpoints import cosigners, with_cosignatures
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import Malformed, Unverified

_COSIGNATURES = """
SELECT checkpoint_id, note, convert_from(proof, 'UTF8') FROM audit_cosignature
LEFT JOIN audit_checkpoint ON size = checkpoint_id
WHERE kind = 'witness' AND name = %s ORDER BY checkpoint_id
"""


def check_memories(verdict: Verdict) -> None:
    """No verification saw a larger tree, and what the witness signed is what is there."""
    seen = Verification.objects.aggregate(seen=Max("tree_size"))["seen"] or 0
    if seen > verdict.tree_size:
        reason = f"the trail was cut: a verification saw {seen} leaves"
        verdict.add(Finding(reason, leaf_index=verdict.tree_size, before_leaf=seen))
    if settings.AUDIT_WITNESS_KEY:
        _check_witness(verdict, VerifierKey.parse(settings.AUDIT_WITNESS_KEY))


def _check_witness(verdict: Verdict, key: VerifierKey) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COSIGNATURES, [key.name])
        for size, note, line in cursor.fetchall():
            if not _is_good(note, line, key):
                reason = f"{key.name} signed another checkpoint of {size} leaves"
                verdict.add(Finding(reason, leaf_index=0, before_leaf=max(size or 0, 1)))


def _is_good(note: str | None, line: str, key: VerifierKey) -> bool:
    """False where this very key signed something else; lines of an earlier key say nothing."""
    try:
        cosigners(with_cosignatures(note or "", [line]), [key])
    except (Malformed, Unverified):
        return False
    return True
