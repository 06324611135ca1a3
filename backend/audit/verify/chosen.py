"""Some entries: are they what was written, and are those that are sealed in the tree?"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from backend.audit.models import AuditEntry, SealedLeaf, Tile
from backend.audit.verify.faults import told
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.guards import check_guards
from backend.audit.verify.records import Records
from backend.transparency.reading import HASH_BYTES
from backend.transparency.tiles import WIDTH

CHUNK = 2_000


def verify_chosen(entries: QuerySet[AuditEntry]) -> Verdict:
    """Check each entry and its leaf. That none is missing among them only the whole trail tells."""
    verdict = Verdict()
    with transaction.atomic(durable=False):
        records = Records()
        with told(verdict, "the triggers"):
            check_guards(verdict)
        with told(verdict, "the entries"):
            for ids in _chunks(entries):
                _check(verdict, records, ids)
    return verdict


def _chunks(entries: QuerySet[AuditEntry]) -> Iterator[list[int]]:
    ids: list[int] = []
    for record_id in entries.order_by("id").values_list("id", flat=True).iterator(CHUNK):
        ids.append(record_id)
        if len(ids) == CHUNK:
            yield ids
            ids = []
    yield ids


def _check(verdict: Verdict, records: Records, ids: list[int]) -> None:
    checked = records.check(ids)
    verdict.records += len(ids)
    for record_id, record in checked.items():
        for reason in record.reasons:
            verdict.add(Finding(reason, record_id))
    leaves = dict(
        SealedLeaf.objects.filter(record_id__in=ids).values_list("leaf_index", "record_id")
    )
    sealed = _hashes(leaves)
    for index, record_id in sorted(leaves.items()):
        if record_id not in checked or sealed.get(index) != checked[record_id].leaf:
            reason = "the tree holds another record in this place"
            verdict.add(Finding(reason, record_id, index))


def _hashes(leaves: dict[int, int]) -> dict[int, bytes]:
    """What the tiles hold at some leaves; those of missing tiles are left out."""
    wanted = {index // WIDTH for index in leaves}
    tiles = Tile.objects.filter(level=0, tile_index__in=wanted)
    found = {}
    for tile_index, hashes in tiles.values_list("tile_index", "hashes"):
        whole = bytes(hashes or b"")
        for at in range(0, len(whole), HASH_BYTES):
            found[tile_index * WIDTH + at // HASH_BYTES] = whole[at : at + HASH_BYTES]
    return found
