"""Tiles: names, growth, and that any root and proof can be had from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.transparency import merkle, tiles
from backend.transparency.reading import Malformed
from backend.transparency.tiles import TileName

LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(70_000)]
LARGE = 70_000


@pytest.fixture(scope="module")
def store():
    """The tiles of 70,000 leaves, appended in uneven batches."""
    edge, kept = tiles.RightEdge(), {}
    for at in range(0, LARGE, 9_999):
        keep(kept, edge.append(LEAVES[at : at + 9_999]))
    return kept


def keep(kept, changed):
    for tile in changed:
        kept[tile.level, tile.index] = tile.hashes


def reader(kept):
    return lambda level, index: kept[level, index]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 999), "tile/0/999"),
        (TileName(0, 1000), "tile/0/x001/000"),
        (TileName(0, 1_234_067), "tile/0/x001/x234/067"),
        (TileName(0, 273, 112), "tile/0/273.p/112"),
        (TileName(2, 0, 1), "tile/2/000.p/1"),
        (TileName(63, 0, 255), "tile/63/000.p/255"),
        (TileName(None, 1_234_067), "tile/entries/x001/x234/067"),
        (TileName(None, 5, 3), "tile/entries/005.p/3"),
    ],
)
def test_a_tile_has_one_path(name, path):
    assert tiles.tile_path(name) == path
    assert tiles.tile_name(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/x001/x067",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/" + "x999/" * 12 + "999",
        "tile/0/../000",
    ],
)
def test_no_other_spelling_is_a_path(path):
    with pytest.raises(Malformed):
        tiles.tile_name(path)


def test_seventy_thousand_leaves_are_the_tiles_of_the_specification(store):
    names = list(tiles.tiles_of(LARGE))

    assert sum(name.level == 0 and name.width == 256 for name in names) == 273
    assert [name for name in names if name.width < 256] == [
        TileName(0, 273, 112),
        TileName(1, 1, 17),
        TileName(2, 0, 1),
    ]
    assert TileName(1, 0) in names
    assert {(n.level, n.index): n.width * 32 for n in names} == {
        place: len(hashes) for place, hashes in store.items()
    }


def test_a_full_tile_stands_in_a_partial_one_above_it():
    assert list(tiles.tiles_of(256)) == [TileName(0, 0), TileName(1, 0, 1)]
    assert list(tiles.tiles_of(255)) == [TileName(0, 0, 255)]
    assert list(tiles.tiles_of(0)) == []


def test_a_tile_holds_the_hashes_that_the_specification_says(store):
    assert store[0, 3] == b"".join(LEAVES[768:1024])
    assert store[1, 1][32:64] == merkle.root_of(LEAVES[257 * 256 : 258 * 256])
    assert store[2, 0] == merkle.root_of(LEAVES[:65_536])


@settings(max_examples=40)
@given(pieces=st.lists(st.integers(0, 700), max_size=7))
def test_tiles_only_grow_and_the_edge_knows_the_root(pieces):
    edge, kept = tiles.RightEdge(), {}

    for count in pieces:
        for tile in edge.append(LEAVES[edge.size : edge.size + count]):
            assert tile.hashes.startswith(kept.get((tile.level, tile.index), b""))
            kept[tile.level, tile.index] = tile.hashes

        assert edge.root() == merkle.root_of(LEAVES[: edge.size])
        assert kept.keys() == {(n.level, n.index) for n in tiles.tiles_of(edge.size)}


@settings(max_examples=30)
@given(first=st.integers(0, LARGE), count=st.integers(0, 600))
def test_the_edge_is_taken_up_again_from_its_tiles(store, first, count):
    count = min(count, LARGE - first)
    edge = tiles.RightEdge.load(first, reader(store))

    changed = edge.append(LEAVES[first : first + count])

    assert edge.root() == merkle.root_of(LEAVES[: first + count])
    for tile in changed:
        assert store[tile.level, tile.index].startswith(tile.hashes)


def test_an_edge_is_not_taken_up_from_too_short_a_tile(store):
    def cut(level, index):
        return store[level, index][:-32]

    with pytest.raises(Malformed):
        tiles.RightEdge.load(LARGE, cut)


@settings(max_examples=60)
@given(data=st.data(), size=st.integers(1, LARGE))
def test_every_older_root_and_proof_comes_out_of_the_tiles(store, data, size):
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    read = reader(store)
    root = tiles.root_at(size, read)

    inclusion = tiles.prove_inclusion(index, size, read)
    consistency = tiles.prove_consistency(first, size, read)

    assert root == merkle.root_of(LEAVES[:size])
    assert merkle.verify_inclusion(LEAVES[index], index, size, inclusion, root)
    assert merkle.verify_consistency(first, size, tiles.root_at(first, read), root, consistency)


@pytest.mark.parametrize("damaged", [b"", b"\x00" * 31, b"\x00" * 8224])
def test_a_damaged_tile_is_malformed(store, damaged):
    with pytest.raises(Malformed):
        tiles.root_at(LARGE, lambda level, index: damaged)


@given(entries=st.lists(st.binary(max_size=300), max_size=256))
def test_entries_come_back_out_of_their_bundle(entries):
    assert tiles.decode_entries(tiles.encode_entries(entries)) == entries


def test_an_entry_stands_behind_its_length_in_two_bytes():
    assert tiles.encode_entries([b"", b"ab"]) == b"\x00\x00\x00\x02ab"
    assert tiles.decode_entries(tiles.encode_entries([b"x" * 65_535])) == [b"x" * 65_535]


@pytest.mark.parametrize("entries", [[b"x" * 65_536], [b""] * 257])
def test_a_bundle_takes_no_more_than_it_can_carry(entries):
    with pytest.raises(ValueError, match="at most 256 entries"):
        tiles.encode_entries(entries)


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x00" * 257])
def test_a_cut_or_overlong_bundle_is_malformed(bundle):
    with pytest.raises(Malformed):
        tiles.decode_entries(bundle)
