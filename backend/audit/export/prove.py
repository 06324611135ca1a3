"""One record's proof: where it stands in the tree, up to a signed checkpoint."""

from dataclasses import dataclass

from backend.audit.export.head import Head, newest_head, newest_signed
from backend.audit.export.lines import nodes_of
from backend.audit.models import SealedLeaf
from backend.transparency.merkle import inclusion_proof
from backend.transparency.proofs import Proof


@dataclass(frozen=True, slots=True)
class Proven:
    """A record's leaf, its proof (c2sp.org/tlog-proof), and the head of the tree that it is in."""

    leaf_index: int
    proof: Proof
    head: Head


def proof_of(record_id: int) -> Proven | None:
    """The proof; None while no signed checkpoint covers the record.

    By the newest checkpoint that a witness saw, if that covers it. Raises TreeIncomplete.
    """
    index = SealedLeaf.objects.filter(record_id=record_id).values_list("leaf_index", flat=True)
    leaf_index = index.first()
    head = _head_over(leaf_index) if leaf_index is not None else None
    if leaf_index is None or head is None:
        return None
    hashes = inclusion_proof(leaf_index, head.size, nodes_of(head.size))
    return Proven(leaf_index, Proof(leaf_index, tuple(hashes), head.text), head)


def _head_over(leaf_index: int) -> Head | None:
    heads = (head() for head in (newest_head, newest_signed))
    return next((head for head in heads if head is not None and head.size > leaf_index), None)
