"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs and their verification.

A node is named by level and index: node (0, 5) is the sixth leaf hash, node (3, 1) the root of
the leaves 8 to 15. Only whole subtrees have a name; a tree's ragged right edge is put together.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from backend.transparency.reading import HASH_BYTES

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the whole subtree (level, index)."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(row: Sequence[bytes]) -> list[bytes]:
    """The hashes one level up, of neighbours in pairs; an odd last one is left out."""
    return [
        sha256(b"\x01" + left + right).digest()
        for left, right in zip(row[::2], row[1::2], strict=False)
    ]


class CompactRange:
    """A growing tree that remembers one hash per level: at most 64, whatever its size.

    `append` takes leaf hashes in bulk, `root` is right at any moment.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: dict[int, bytes] = {}

    def append(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaves at the right; hashes each level once, so a million take about a second."""
        self.size += len(leaf_hashes)
        row, level = list(leaf_hashes), 0
        while row:
            peak = self._peaks.pop(level, None)
            if peak is not None:
                row.insert(0, peak)
            if len(row) % 2:
                self._peaks[level] = row[-1]
            row, level = parents(row), level + 1

    @property
    def peaks(self) -> list[tuple[int, bytes]]:
        """Roots of the whole subtrees that the tree consists of, as (level, hash), small first."""
        return sorted(self._peaks.items())

    def root(self) -> bytes:
        """The Merkle tree hash of everything appended so far."""
        return fold(hash_ for _level, hash_ in self.peaks)


def fold(peaks: Iterator[bytes]) -> bytes:
    """One root out of the roots of whole subtrees, the smallest (rightmost) first."""
    root = next(peaks, EMPTY_ROOT)
    for peak in peaks:
        root = node_hash(peak, root)
    return root


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of these leaves."""
    tree = CompactRange()
    tree.append(leaf_hashes)
    return tree.root()


def range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """The tree hash of the leaves [start, end), where start is where a subtree begins."""
    if start == end:
        return EMPTY_ROOT
    leaves = end - start
    if leaves & (leaves - 1) == 0:
        level = leaves.bit_length() - 1
        return node(level, start >> level)
    middle = start + _half(leaves)
    return node_hash(range_hash(start, middle, node), range_hash(middle, end, node))


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """PATH(index, D[size]): the hashes from the leaf's sibling up to the root's child.

    Raises ValueError for an index outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, proof = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(first: int, second: int, node: NodeReader) -> list[bytes]:
    """PROOF(first, D[second]): that the tree of `first` leaves is a prefix of that of `second`.

    Empty for first = 0 and for first = second. Raises ValueError for first > second.
    """
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} is no prefix of a tree of {second}")
    if first in (0, second):
        return []
    start, end, proof = 0, second, list[bytes]()
    while first != end:
        middle = start + _half(end - start)
        if first <= middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    if start:
        proof.append(range_hash(start, end, node))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from the leaf hash at `index` to the root (RFC 9162, 2.1.3.2).

    `size` must come with the root from a signed checkpoint: a proof alone does not fix it.
    """
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the first tree is a prefix of the second (RFC 9162, 2.1.4.2).

    Every tree is a prefix of itself, and the empty tree of all: both take an empty proof.
    """
    if not 0 <= first <= second or not _are_hashes([first_root, second_root, *proof]):
        return False
    if first == second:
        return first_root == second_root and not proof
    if first == 0:
        return first_root == EMPTY_ROOT and not proof
    whole = first & (first - 1) == 0
    hashes = [first_root, *proof] if whole else list(proof)
    return bool(proof) and _climb(first - 1, second - 1, hashes) == (first_root, second_root)


def _climb(at: int, last: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency proof leads to; None where it has the wrong length."""
    while at % 2:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if at % 2 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def _half(leaves: int) -> int:
    """The largest power of two below a number of leaves: where RFC 6962 splits a tree."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
