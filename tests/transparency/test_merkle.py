"""The tree against published vectors, against RFC 6962 spelled out, and against flipped bits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.transparency import merkle
from tests.transparency import rfc6962, vectors

LEAVES = [merkle.leaf_hash(entry) for entry in vectors.ENTRIES]
SIZES = st.integers(1, 80)


def hashes(texts):
    return [bytes.fromhex(text) for text in texts]


def entries_of(size):
    return [b"entry %d" % index for index in range(size)]


def leaves_of(size):
    return [merkle.leaf_hash(entry) for entry in entries_of(size)]


def nodes_of(leaves):
    """A node reader over leaves in memory, the plain way."""

    def node(level, index):
        width = 1 << level
        part = leaves[index * width : (index + 1) * width]
        assert len(part) == width, "only whole subtrees have a hash of their own"
        return merkle.root_of(part)

    return node


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def test_the_hashes_are_the_published_ones():
    assert vectors.ROOTS[0] == merkle.EMPTY_ROOT
    assert merkle.leaf_hash(b"") == vectors.ROOTS[1]
    assert merkle.node_hash(LEAVES[0], LEAVES[1]) == vectors.ROOTS[2]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_published_ones(size):
    assert merkle.root_of(LEAVES[:size]) == vectors.ROOTS[size]
    assert merkle.range_hash(0, size, nodes_of(LEAVES)) == vectors.ROOTS[size]


@pytest.mark.parametrize(("index", "size"), vectors.INCLUSION)
def test_the_inclusion_proofs_are_the_published_ones(index, size):
    proof = hashes(vectors.INCLUSION[index, size])

    assert merkle.inclusion_proof(index, size, nodes_of(LEAVES)) == proof
    assert merkle.verify_inclusion(LEAVES[index], index, size, proof, vectors.ROOTS[size])


@pytest.mark.parametrize(("first", "second"), vectors.CONSISTENCY)
def test_the_consistency_proofs_are_the_published_ones(first, second):
    proof, roots = hashes(vectors.CONSISTENCY[first, second]), vectors.ROOTS

    assert merkle.consistency_proof(first, second, nodes_of(LEAVES)) == proof
    assert merkle.verify_consistency(first, second, roots[first], roots[second], proof)


@given(pieces=st.lists(st.integers(0, 40), max_size=6))
def test_however_leaves_arrive_the_root_is_right_at_every_moment(pieces):
    tree, entries = merkle.CompactRange(), entries_of(sum(pieces))

    for count in pieces:
        tree.append([merkle.leaf_hash(e) for e in entries[tree.size : tree.size + count]])

        assert tree.root() == rfc6962.root(entries[: tree.size])


@given(data=st.data(), size=SIZES)
def test_every_inclusion_proof_is_the_one_of_the_rfc_and_verifies(data, size):
    index = data.draw(st.integers(0, size - 1))
    entries, leaves = entries_of(size), leaves_of(size)

    proof = merkle.inclusion_proof(index, size, nodes_of(leaves))

    assert proof == rfc6962.path(index, entries)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, merkle.root_of(leaves))


@given(data=st.data(), size=SIZES)
def test_every_consistency_proof_is_the_one_of_the_rfc_and_verifies(data, size):
    first = data.draw(st.integers(1, size))
    entries, leaves = entries_of(size), leaves_of(size)
    roots = merkle.root_of(leaves[:first]), merkle.root_of(leaves)

    proof = merkle.consistency_proof(first, size, nodes_of(leaves))

    assert proof == rfc6962.proof(first, entries)
    assert merkle.verify_consistency(first, size, *roots, proof)


@given(data=st.data(), size=SIZES, bit=st.integers(0, 255))
def test_one_flipped_bit_and_an_inclusion_proof_proves_nothing(data, size, bit):
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    leaf, root = leaves[index], merkle.root_of(leaves)
    proof = merkle.inclusion_proof(index, size, nodes_of(leaves))

    assert not merkle.verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    assert not merkle.verify_inclusion(leaf, index ^ 1 << bit % 63, size, proof, root)
    for at in range(len(proof)):
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, size, changed, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not proof or not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)


@given(data=st.data(), size=SIZES, bit=st.integers(0, 62))
def test_another_size_passes_only_where_the_way_up_is_the_same(data, size, bit):
    """Why the size is taken from a signed checkpoint: a proof's hashes alone do not fix it."""
    index, other = data.draw(st.integers(0, size - 1)), size ^ 1 << bit
    leaves = leaves_of(size)
    proof = merkle.inclusion_proof(index, size, nodes_of(leaves))

    passes = merkle.verify_inclusion(leaves[index], index, other, proof, merkle.root_of(leaves))

    same = index < other and rfc6962.turns(index, size) == rfc6962.turns(index, other)
    assert passes == same


@given(data=st.data(), size=st.integers(2, 80), bit=st.integers(0, 255))
def test_one_flipped_bit_and_a_consistency_proof_proves_nothing(data, size, bit):
    first = data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    old, new = merkle.root_of(leaves[:first]), merkle.root_of(leaves)
    proof = merkle.consistency_proof(first, size, nodes_of(leaves))

    assert not merkle.verify_consistency(first, size, flipped(old, bit), new, proof)
    assert not merkle.verify_consistency(first, size, old, flipped(new, bit), proof)
    assert not merkle.verify_consistency(first ^ 1 << bit % 63, size, old, new, proof)
    for at in range(len(proof)):
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        assert not merkle.verify_consistency(first, size, old, new, changed)
    assert not merkle.verify_consistency(first, size, old, new, [*proof, new])
    assert not merkle.verify_consistency(first, size, old, new, proof[:-1])


def test_a_tree_continues_itself_and_the_empty_one_and_no_larger_one():
    roots = vectors.ROOTS

    assert merkle.verify_consistency(4, 4, roots[4], roots[4], [])
    assert merkle.verify_consistency(0, 8, roots[0], roots[8], [])
    assert not merkle.verify_consistency(4, 4, roots[4], roots[5], [])
    assert not merkle.verify_consistency(4, 4, roots[4], roots[4], [roots[4]])
    assert not merkle.verify_consistency(0, 8, roots[1], roots[8], [])
    assert not merkle.verify_consistency(0, 8, roots[0], roots[8], [roots[8]])
    assert not merkle.verify_consistency(8, 4, roots[8], roots[4], [])
    assert not merkle.verify_consistency(4, 8, roots[4], roots[8], [])


def test_hashes_of_another_length_prove_nothing():
    proof = hashes(vectors.INCLUSION[0, 8])
    root = vectors.ROOTS[8]

    assert not merkle.verify_inclusion(LEAVES[0], 0, 8, [proof[0] + proof[1], proof[2]], root)
    assert not merkle.verify_inclusion(LEAVES[0][:31], 0, 8, proof, root)
    assert not merkle.verify_consistency(1, 8, LEAVES[0], root, [proof[0][:31], *proof[1:]])


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(index, size, nodes_of(LEAVES))

    assert not merkle.verify_inclusion(LEAVES[0], index, size, [], vectors.ROOTS[1])


@pytest.mark.parametrize(("first", "second"), [(-1, 8), (8, 7)])
def test_there_is_no_proof_that_a_tree_continues_a_larger_one(first, second):
    with pytest.raises(ValueError, match="no prefix"):
        merkle.consistency_proof(first, second, nodes_of(LEAVES))
