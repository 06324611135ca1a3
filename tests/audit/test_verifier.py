"""The stand-alone verifier names what was done to a bundle, and to which entry first."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.verifier import verify_audit
from backend.transparency.reading import to_base64
from tests.transparency.bundles import SALT, bundle_of, changed_entry, log_of, signed
from tests.transparency.samples import (
    BOTH,
    BUNDLES,
    CHOSEN,
    FORGED,
    LOG,
    PART,
    WHOLE,
    copied,
    damaged,
    deleted,
    edited,
    inserted,
    lines_of,
    renumbered,
    reordered,
    swapped,
    truncated,
    with_lines,
)
from tests.transparency.verdicts import verdict

TAMPERINGS = [edited, deleted, reordered, swapped, truncated, damaged, renumbered]
KINDS = {"swapped": "reordered", "damaged": "edited"}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), which=st.sampled_from(sorted(BUNDLES)), how=st.sampled_from(TAMPERINGS))
def test_whatever_happened_to_the_entries_is_named_with_the_first_of_them(data, which, how):
    files, indexes = BUNDLES[which]
    at = data.draw(st.integers(0, len(indexes) - 2))
    kind, index = KINDS.get(how.__name__, how.__name__), indexes[at]

    code, said = verdict(with_lines(files, how(lines_of(files), at)))

    assert code == 1
    assert f"{kind}: leaf {index} (record {LOG.record_ids[index]}): " in said
    assert "entries.jsonl is not the file that was signed" in said


@BOTH
@pytest.mark.parametrize("at", [0, 5, 11])
def test_what_was_never_in_the_log_is_named_as_it_names_itself(which, at):
    files, indexes = BUNDLES[which]
    lines = lines_of(files)

    forged = verdict(with_lines(files, inserted(lines, at)))[1]
    twice = verdict(with_lines(files, copied(lines, at)))[1]

    assert "inserted: leaf 9999 (record 77): " in forged
    assert f"inserted: leaf {indexes[at]} (record " in twice


@BOTH
def test_the_last_entry_is_missed_too(which):
    files, indexes = BUNDLES[which]

    said = verdict(with_lines(files, lines_of(files)[:-1]))[1]

    assert f"truncated: leaf {indexes[-1]} (record {LOG.record_ids[indexes[-1]]}): " in said


@BOTH
@pytest.mark.parametrize("bytes_less", [1, 2, 30])
def test_a_file_that_breaks_off_inside_a_line_misses_that_entry(which, bytes_less):
    files, indexes = BUNDLES[which]

    said = verdict(files | {"entries.jsonl": files["entries.jsonl"][:-bytes_less]})[1]

    assert f"truncated: leaf {indexes[-1]} (record {LOG.record_ids[indexes[-1]]}): " in said


def test_without_a_good_manifest_the_entries_are_still_named():
    broken = with_lines(WHOLE, edited(lines_of(WHOLE), 20)) | {"manifest.json": b"{}"}

    said = verdict(broken)[1]

    assert "manifest: not what the log's key signed" in said
    assert "edited: leaf 20 (record 160): line 21 " in said
    assert "unproven" not in said


def test_numbers_that_were_closed_up_after_a_deletion_hide_nothing():
    lines = lines_of(WHOLE)
    closed_up = [*lines[:7]] + [
        changed_entry(line, leaf_index=index) for index, line in enumerate(lines[8:], 7)
    ]

    assert "deleted: leaf 7 (record 121): " in verdict(with_lines(WHOLE, closed_up))[1]


def test_the_first_of_two_is_the_one_that_is_named():
    lines = edited(deleted(lines_of(WHOLE), 400), 20)

    said = verdict(with_lines(WHOLE, lines))[1]

    assert "edited: leaf 20 (record 160): line 21 " in said
    assert "leaf 400" not in said


@BOTH
@pytest.mark.parametrize("how", [edited, deleted, reordered, truncated])
def test_a_list_that_was_changed_with_the_entries_hides_nothing(which, how):
    files, indexes = BUNDLES[which]
    lines = how(lines_of(files), 4)
    leaves = [
        b"%d %d %s\n" % (entry.place, entry.record, to_base64(entry.leaf).encode())
        for entry, _proof, _fault in map(verify_audit.read_entry, lines)
    ]

    code, said = verdict(with_lines(with_lines(files, lines), leaves, "leaves.txt"))

    assert code == 1
    assert "leaves.txt is not the file that was signed" in said or "entries.jsonl is not" in said
    if how is edited and which == "part":
        assert f"unproven: leaf {indexes[4]} (record {LOG.record_ids[indexes[4]]}): " in said
    if which == "whole":
        assert "tree: not the signed root; unchanged up to 0 leaves" in said
    if how in (deleted, truncated) and which == "whole":
        assert f"{how.__name__}: leaf 4 (record unknown): " in said


def test_earlier_checkpoints_say_how_far_a_forged_tree_is_still_the_old_one():
    forged = bundle_of(log_of(600, forged_at=300))
    files = WHOLE | {name: forged[name] for name in ("entries.jsonl", "leaves.txt")}

    assert "not the signed root; unchanged up to 256 leaves" in verdict(files)[1]


def test_a_number_beyond_the_tree_has_no_proof():
    lines, leaves = lines_of(PART), lines_of(PART, "leaves.txt")
    lines[-1] = changed_entry(lines[-1], leaf_index=700)
    leaves[-1] = leaves[-1].replace(b"599 ", b"700 ", 1)

    said = verdict(with_lines(with_lines(PART, lines), leaves, "leaves.txt"))[1]

    assert "unproven: leaf 700 " in said


@pytest.mark.parametrize("more", [lambda p: [p[0], *p], lambda p: [*p, p[-1]], lambda p: p[1:]])
def test_a_proof_has_one_length(more):
    lines = lines_of(PART)
    lines[0] = changed_entry(lines[0], proof=more(json.loads(lines[0])["proof"]))

    assert "unproven: leaf 3 (record 109): line 1 " in verdict(with_lines(PART, lines))[1]


def test_an_entry_in_the_place_of_another_is_an_edited_one():
    lines = lines_of(PART)

    said = verdict(with_lines(PART, [*lines[:3], FORGED, *lines[4:]]))[1]

    assert "edited: leaf 70 (record 310): line 4 " in said


def test_what_was_opened_must_fit_its_commitment():
    lines = lines_of(PART)
    another = {"text": '{"number":"5"}', "salt": SALT.hex()}
    lines[1] = changed_entry(lines[1], opened=another)

    said = verdict(with_lines(PART, lines))[1]

    assert "misopened: leaf 4 (record 112): line 2 " in said


def test_what_was_not_opened_stays_closed_and_sound():
    lines = [changed_entry(line, opened=None) for line in lines_of(PART)]
    files = {name: PART[name] for name in ("leaves.txt", "checkpoint", "vkey")}
    files["entries.jsonl"] = b"".join(lines)

    again = signed(files, scope={"kind": "patient"}, size=600, entries=len(CHOSEN))

    assert verdict(again)[0] == 0


def test_a_proof_of_another_entry_proves_nothing():
    lines = lines_of(PART)
    other = json.loads(lines[4])["proof"]
    lines[3] = changed_entry(lines[3], proof=other)

    assert "unproven: leaf 70 (record 310): line 4 " in verdict(with_lines(PART, lines))[1]


def test_a_part_says_which_entries_it_has_and_a_proof_is_asked_of_each():
    lines = [changed_entry(line, proof=[]) for line in lines_of(PART)]

    assert "unproven: leaf 3 (record 109): line 1 " in verdict(with_lines(PART, lines))[1]
