"""Some entries: are they what was written, and are those that are sealed in the tree?"""

from django.db.models import QuerySet

from backend.audit.models import AuditEntry, SealedLeaf
from backend.audit.seal import read_tile
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.guards import check_guards
from backend.audit.verify.records import check_records
from backend.transparency.tiles import WIDTH, split_hashes

CHUNK = 2_000


def verify_chosen(entries: QuerySet[AuditEntry]) -> Verdict:
    """Check each entry and its leaf. That none is missing among them only the whole trail tells."""
    verdict = Verdict()
    check_guards(verdict)
    ids: list[int] = []
    for record_id in entries.order_by("id").values_list("id", flat=True).iterator(CHUNK):
        ids.append(record_id)
        if len(ids) == CHUNK:
            _check(verdict, ids)
            ids = []
    _check(verdict, ids)
    return verdict


def _check(verdict: Verdict, ids: list[int]) -> None:
    checked = check_records(ids)
    leaves = SealedLeaf.objects.filter(record_id__in=ids).values_list("record_id", "leaf_index")
    tiles: dict[int, list[bytes]] = {}
    for record_id in ids:
        verdict.records += 1
        for reason in checked[record_id].reasons:
            verdict.add(Finding(reason, record_id))
    for record_id, index in leaves:
        tile, at = divmod(index, WIDTH)
        if tile not in tiles:
            tiles[tile] = split_hashes(read_tile(0, tile))
        if tiles[tile][at : at + 1] != [checked[record_id].leaf]:
            verdict.add(Finding("the tree holds another record in this place", record_id, index))
