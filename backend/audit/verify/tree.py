"""Is the tree the one that was signed, and is every leaf the record that it was made of?"""

from collections.abc import Sequence

from django.db.models import Max

from backend.audit.models import Checkpoint
from backend.audit.verify.checkpoints import check_checkpoints
from backend.audit.verify.climb import Climb, Trusted, marks
from backend.audit.verify.faults import told
from backend.audit.verify.findings import Finding, Verdict
from backend.audit.verify.leaves import Leaves, Reach, check_strangers, chunks_there
from backend.audit.verify.records import Records
from backend.audit.verify.tiles import check_tiles
from backend.transparency.notes import VerifierKey


def check_tree(
    verdict: Verdict, records: Records, keys: Sequence[VerifierKey], trusted: Trusted
) -> None:
    """Compare records with leaves, leaves with roots, roots with signatures and known roots.

    `trusted` are sizes and roots that somebody outside has kept.
    """
    head = max(Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0, 0)
    reach = Reach(head, max([head, *(size for size, _root in trusted)]))
    verdict.tree_size = head
    with told(verdict, "the leaves"):
        _climb(verdict, records, reach, trusted)
    with told(verdict, "the numbering"):
        check_strangers(verdict, head)
    with told(verdict, "the tiles"):
        check_tiles(verdict, head)
    with told(verdict, "the checkpoints"):
        check_checkpoints(verdict, keys)


def _climb(verdict: Verdict, records: Records, reach: Reach, trusted: Trusted) -> None:
    climb = Climb(verdict, marks(trusted))
    leaves = Leaves(verdict, records, reach)
    for start in chunks_there(reach):
        found = leaves.read(start)
        if start > climb.size:
            _gap(verdict, climb, start)
        climb.grow(found)
    climb.finish()


def _gap(verdict: Verdict, climb: Climb, start: int) -> None:
    reason = "neither leaves nor tiles are there: they were removed"
    verdict.add(Finding(reason, leaf_index=climb.size, before_leaf=start))
    climb.skip_to(start)
