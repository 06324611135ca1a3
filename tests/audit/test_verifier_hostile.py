"""Corrupt, cut and foreign bundles get a clear verdict: exit code 1, and never a traceback."""

import gzip
import hashlib
import io
import os
import random
import struct
import zipfile

import pytest

from backend.kernel.canonical import canonical
from tests.transparency.bundles import (
    LOG_KEY,
    Files,
    bundle_of,
    changed_entry,
    log_of,
    signed,
    zipped,
)
from tests.transparency.verdicts import verdict, verdict_on

LOG = log_of(40)
WHOLE = bundle_of(LOG, earlier=[10, 30])
PART = bundle_of(LOG, [1, 2, 8, 21, 38, 39], earlier=[10, 30])
FILES = sorted(WHOLE)


def assert_refused(files: Files | bytes) -> str:
    code, said = verdict(files)
    assert code == 1
    assert said.endswith("異常あり NOT SOUND\n")
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"\x00" * 1000,
        random.Random(1).randbytes(5000),
        b"PK\x03\x04" + random.Random(2).randbytes(5000),
        b"PK\x05\x06" + b"\x00" * 18,
        b"%PDF-1.7\n",
        gzip.compress(b"not a zip", mtime=0),
        zipped({"letter.txt": b"Dear auditor"}),
        zipped({}),
    ],
)
def test_what_is_no_bundle_is_said_to_be_none(data):
    assert "bundle: " in assert_refused(data)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("files", [WHOLE, PART], ids=["whole", "part"])
def test_every_missing_emptied_cut_or_replaced_file_is_missed(files, name):
    data = files[name]

    assert_refused({other: kept for other, kept in files.items() if other != name})
    for changed in (b"", data[:-1], data[: len(data) // 2], b"\xff" * 100, data + data, b"null\n"):
        assert_refused(files | {name: changed})


@pytest.mark.parametrize("length", [10, 0.3, 0.6, 0.9, 0.99, -1])
def test_a_zip_that_was_cut_is_refused(length):
    data = zipped(WHOLE)

    assert_refused(data[: int(length * len(data)) if 0 < length < 1 else length])


def test_a_zip_that_breaks_off_inside_the_entries_names_the_first_that_is_gone():
    data = bytearray(zipped(bundle_of(log_of(20_000)), zipfile.ZIP_STORED))
    place = data.index(b"entries.jsonl") + 3_000_000
    data[place] ^= 1

    said = assert_refused(bytes(data))

    assert "entries.jsonl: Bad CRC-32" in said


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"[]\n",
        b"null\n",
        b"7\n",
        b"\n",
        b'"' + b"x" * 70_000 + b'"\n',
        b"[" * 100_000 + b"\n",
        b'{"a":' * 50_000 + b"\n",
        b"\xff\xfe\n",
        b"\xef\xbb\xbf{}\n",
        b"NaN\n",
        b"1" * 10_000 + b"\n",
    ],
)
def test_a_line_that_is_no_entry_stands_where_one_was(line):
    lines = PART["entries.jsonl"].splitlines(keepends=True)

    said = assert_refused(PART | {"entries.jsonl": b"".join([*lines[:2], line, *lines[3:]])})

    assert "edited: leaf 8 (record 124): line 3 " in said


FIRST = PART["entries.jsonl"].splitlines(keepends=True)[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"leaf_index": "2"},
        {"leaf_index": True},
        {"leaf_index": None},
        {"leaf_index": -2},
        {"leaf_index": [2]},
        {"leaf_index": 2**53 - 1},
        {"record_id": -1},
        {"body": 7},
        {"body": "===="},
        {"body": "QUJD\n"},
        {"body": "QUJE="},
        {"body": "あ"},
        {"body": ["QUJD"]},
        {"proof": "QUJD"},
        {"proof": [7]},
        {"proof": ["QUJD"]},
        {"proof": {}},
        {"proof": None},
        {"proof": ["A" * 43 + "="] * 70},
        {"opened": []},
        {"opened": {}},
        {"opened": "text"},
        {"opened": {"text": 7, "salt": "00"}},
        {"opened": {"text": "{}", "salt": "xyz"}},
        {"opened": {"text": "{}", "salt": ""}},
    ],
)
def test_a_malformed_value_is_found_at_its_line(changes):
    lines = PART["entries.jsonl"].splitlines(keepends=True)
    lines[1] = changed_entry(FIRST, **changes)

    said = assert_refused(PART | {"entries.jsonl": b"".join(lines)})

    assert "line 2 " in said


@pytest.mark.parametrize("number", [b"true", b"1.0", b"1e0"])
def test_a_leaf_index_is_spelled_in_one_way(number):
    entries = PART["entries.jsonl"].replace(b'"leaf_index":1,', b'"leaf_index":%s,' % number)

    assert "edited: leaf 1 (record 103): line 1 " in assert_refused(
        PART | {"entries.jsonl": entries}
    )


@pytest.mark.parametrize(
    "text", [b'{"leaf_index": 1e400}', b'{"opened": {"text": "\\ud800", "salt": ""}}']
)
def test_values_that_json_can_say_and_python_cannot_keep_are_no_entries(text):
    lines = PART["entries.jsonl"].splitlines(keepends=True)
    lines[1] = lines[1].rstrip(b"\n}") + b"," + text.strip(b"{}") + b"}}\n"

    assert "line 2 " in assert_refused(PART | {"entries.jsonl": b"".join(lines)})


@pytest.mark.parametrize(
    "checkpoint",
    [
        b"audit.suhada.example\n99999999999999999999999999\nAAAA\n\n",
        WHOLE["checkpoint"].replace(b"\n40\n", b"\n41\n"),
        WHOLE["checkpoint"].replace(b"\n40\n", b"\n-40\n"),
        WHOLE["checkpoint"].replace(b"audit", b"audio"),
        WHOLE["checkpoint"].replace(b"\n", b"\r\n"),
        WHOLE["checkpoint"] + b"x\n",
        WHOLE["checkpoint"] + b"\n",
        WHOLE["checkpoint"].replace("— ".encode(), b"- "),
        b"\x00" * 2_000_000,
    ],
)
def test_a_checkpoint_with_another_letter_is_refused(checkpoint):
    assert_refused(WHOLE | {"checkpoint": checkpoint})


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b"7", b'{"files":7}', b'{"scope":[]}'])
def test_a_manifest_of_another_shape_is_refused_even_when_signed(manifest):
    digest = hashlib.sha256(manifest).hexdigest()
    note = f"suhada-audit-bundle/1\n{digest}\n"
    sig = note + "\n" + LOG_KEY.line(note)

    assert_refused(WHOLE | {"manifest.json": manifest, "manifest.sig": sig.encode()})


def test_lines_below_the_manifests_signature_are_none():
    for more in (b"x", b"\n", b"more\n", "— x\n".encode()):
        assert_refused(WHOLE | {"manifest.sig": WHOLE["manifest.sig"] + more})


@pytest.mark.parametrize(
    "name",
    ["../outside", "/etc/passwd", "a/../../b", "C:\\windows", "a\\b", "..", "x:y", "entries.jsonl"],
)
def test_a_name_that_leads_out_of_the_bundle_or_stands_twice_is_refused(name):
    buffer = io.BytesIO(zipped(WHOLE))
    with zipfile.ZipFile(buffer, "a") as file:
        info = zipfile.ZipInfo("other")
        info.filename = name
        if name == "entries.jsonl":
            info.filename = "entries.jsonX"
        file.writestr(info, b"{}")
    data = buffer.getvalue().replace(b"entries.jsonX", b"entries.jsonl")

    assert "bundle: holds two files of one name, or a name that" in assert_refused(data)


def test_files_that_are_no_evidence_are_not_looked_at():
    code, _said = verdict(WHOLE | {"README.md": b"\xff", "folder/": b"", "verify_audit.py": b"!"})

    assert code == 0


def test_a_bomb_is_refused_before_it_is_unpacked():
    data = bytearray(zipped(WHOLE | {"a": b"", "b": b"", "c": b""}))
    at = data.index(b"PK\x01\x02")
    for _member in range(3):
        data[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
        at = data.index(b"PK\x01\x02", at + 4)

    said = assert_refused(bytes(data))

    assert "unpacks to more than 8589934592 bytes" in said


def test_a_line_without_end_is_given_up():
    said = assert_refused(zipped(WHOLE | {"entries.jsonl": b" " * 300_000_000}))

    assert "entries.jsonl: too long a line" in said


def test_a_thousand_files_are_no_bundle():
    files = WHOLE | {f"file{number}": b"" for number in range(1000)}

    assert "or 1000 files" in assert_refused(files)


def test_an_encrypted_or_oddly_packed_zip_is_refused():
    for offset, value in ((8, 1), (10, 99)):
        data = bytearray(zipped(WHOLE, zipfile.ZIP_STORED))
        at = data.index(b"PK\x01\x02")
        data[at + offset] = value
        assert_refused(bytes(data))


def test_a_folder_that_leads_elsewhere_or_never_ends_is_refused(tmp_path):
    bundle, elsewhere = tmp_path / "bundle", tmp_path / "elsewhere"
    bundle.mkdir()
    for name, data in WHOLE.items():
        (bundle / name).write_bytes(data)
    elsewhere.write_bytes(WHOLE["entries.jsonl"])
    (bundle / "entries.jsonl").unlink()

    (bundle / "entries.jsonl").symlink_to(elsewhere)
    linked = verdict_on(bundle)
    (bundle / "entries.jsonl").unlink()
    os.mkfifo(bundle / "entries.jsonl")
    endless = verdict_on(bundle)

    assert linked == endless
    assert linked[0] == 1
    assert "entries.jsonl is missing, or not a plain file" in linked[1]


def test_nothing_of_a_bundle_reaches_the_terminal_as_a_command():
    line = canonical({"note": LOG.checkpoint(10), "proof": ["\x1b[\x07QUJD"]})

    said = assert_refused(WHOLE | {"checkpoints.jsonl": line + b"\n"})

    assert "checkpoints.jsonl: not base64" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_a_signed_manifest_does_not_save_a_wrong_tree():
    files = {name: data for name, data in WHOLE.items() if not name.startswith("manifest")}
    other = bundle_of(log_of(40, forged_at=5))
    files |= {name: other[name] for name in ("entries.jsonl", "leaves.txt")}

    said = assert_refused(signed(files, scope={"kind": "all"}, size=40, entries=40))

    assert "tree: not the signed root" in said
