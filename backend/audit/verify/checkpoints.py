"""Are the checkpoints those that the log signed, each after the one before it, all there?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from backend.audit.models import LogKey
from backend.audit.receipts import Receipt
from backend.audit.verify.findings import Finding, Verdict
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.notes import VerifierKey, open_note
from backend.transparency.reading import Malformed, Unverified

UNSIGNED_AT_MOST_S = 60
"""How long a checkpoint may wait for its signature: as long as a record may wait for its seal."""
CHUNK = 2_000

# Times as text, and compared, never subtracted (an infinite one cannot be before PostgreSQL 17):
# an instant that no calendar holds is a finding like any other.
_CHECKPOINTS = """
SELECT size, root, previous_size, settled_xmin,
       to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), columns_hash,
       note, receipt,
       sealed_at BETWEEN now() - make_interval(secs => %s) AND now() + make_interval(secs => %s)
FROM audit_checkpoint WHERE size IS NOT NULL ORDER BY size
"""


def known_keys() -> list[VerifierKey]:
    """The pinned keys (AUDIT_VERIFIER_KEYS), else those of the sealers' own that can be read."""
    if settings.AUDIT_VERIFIER_KEYS:
        return [VerifierKey.parse(text) for text in settings.AUDIT_VERIFIER_KEYS]
    return list(_readable(LogKey.objects.order_by("id").values_list("vkey", flat=True)))


def _readable(texts: Iterable[str | None]) -> Iterator[VerifierKey]:
    for text in texts:
        try:
            yield VerifierKey.parse(text or "")
        except Malformed:
            continue


def check_introduced(verdict: Verdict, keys: Sequence[VerifierKey]) -> None:
    """No other key was introduced than those that are known from elsewhere."""
    known = {str(key) for key in keys}
    for text in LogKey.objects.order_by("id").values_list("vkey", flat=True):
        if text not in known:
            verdict.add(Finding(f"a key was introduced that is not the log's: {str(text)[:80]!r}"))


@dataclass(frozen=True, slots=True)
class _Row:
    """A checkpoint, and the size before it. What is NULL and should not be, no receipt covers."""

    before: int
    size: int
    kept: Receipt
    note: str | None
    receipt: str | None
    is_fresh: bool

    @property
    def start(self) -> int:
        """The first of the leaves that came with this checkpoint."""
        return max(min(self.before, self.size - 1), 0)


def check_checkpoints(verdict: Verdict, keys: Sequence[VerifierKey]) -> None:
    """Signatures, receipts, and that each follows the one before it."""
    unsigned: list[_Row] = []
    for row in _rows():
        if row.kept.previous_size != row.before:
            _say(verdict, row, f"the checkpoint of {row.kept.previous_size} leaves was removed")
        if row.note is None:
            unsigned.append(row)
            continue
        for earlier in unsigned:
            _say(verdict, earlier, _of(earlier, "signature was removed"))
        unsigned = []
        _check_signatures(verdict, row, keys)
    for row in unsigned:
        if not row.is_fresh:
            _say(verdict, row, _of(row, "signature is missing"))


def _check_signatures(verdict: Verdict, row: _Row, keys: Sequence[VerifierKey]) -> None:
    if not any(_signed_head(row, key) for key in keys):
        _say(verdict, row, _of(row, "note is not one that the log signed"))
    if not any(_signed_receipt(row, key) for key in keys):
        _say(verdict, row, _of(row, "columns are not those that the log signed"))


def _rows() -> Iterator[_Row]:
    before = 0
    with connection.cursor() as cursor:
        cursor.execute(_CHECKPOINTS, [UNSIGNED_AT_MOST_S, UNSIGNED_AT_MOST_S])
        while rows := cursor.fetchmany(CHUNK):
            for size, root, previous, settled, sealed_at, columns, note, receipt, is_fresh in rows:
                kept = Receipt(size, root or b"", previous, settled, sealed_at, columns or b"")
                yield _Row(before, size, kept, note, receipt, bool(is_fresh))
                before = size


def _signed_head(row: _Row, key: VerifierKey) -> bool:
    try:
        head = open_checkpoint(row.note or "", key)
    except (Malformed, Unverified):
        return False
    return (head.size, head.root) == (row.size, row.kept.root)


def _signed_receipt(row: _Row, key: VerifierKey) -> bool:
    try:
        text, _keys = open_note(row.receipt or "", [key])
    except (Malformed, Unverified):
        return False
    return text == row.kept.text(key.name)


def _of(row: _Row, what: str) -> str:
    return f"of the checkpoint of {row.size} leaves, the {what}"


def _say(verdict: Verdict, row: _Row, reason: str) -> None:
    end = max(row.size, row.start + 1)
    verdict.add(Finding(reason, leaf_index=row.start, before_leaf=end))
