"""What the stand-alone verifier accepts, whom it trusts, and how it is called."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.audit.verifier import verify_audit
from backend.kernel.canonical import canonical
from backend.transparency.checkpoints import Checkpoint, sign_checkpoint
from backend.transparency.notes import KeyKind, Signer, sign_note
from backend.transparency.reading import to_base64
from tests.transparency.bundles import (
    LOG_KEY,
    VKEY,
    WITNESS_VKEY,
    Log,
    bundle_of,
    entry_body,
    log_of,
    signed,
    zipped,
)
from tests.transparency.samples import BOTH, BUNDLES, CHOSEN, LOG, PART, WHOLE, lines_of, with_lines
from tests.transparency.verdicts import verdict, verdict_on

SOURCE = Path(verify_audit.__file__)


@BOTH
def test_an_untouched_bundle_is_sound(which):
    code, said = verdict(BUNDLES[which][0])

    assert (code, said.splitlines()[-1]) == (0, "健全 SOUND")
    assert '"tree_size": 600' in said
    assert f"COMPARE the key with the published one: {LOG_KEY.verifier.public.hex()}" in said


def test_with_the_key_known_there_is_nothing_left_to_compare():
    code, said = verdict(PART, "--key", VKEY, "--witness", WITNESS_VKEY)

    assert code == 0
    assert "COMPARE" not in said


def test_a_folder_is_a_bundle_too(tmp_path):
    for name, data in (WHOLE | {"README.md": b"not part of it"}).items():
        (tmp_path / name).write_bytes(data)

    assert verdict_on(tmp_path)[0] == 0
    (tmp_path / "vkey").unlink()
    assert verdict_on(tmp_path) == (
        1,
        "異常 wrong: bundle: vkey is missing, or not a plain file\n異常あり NOT SOUND\n",
    )


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257])
def test_logs_of_every_shape_are_sound(size):
    log = log_of(size)

    assert verdict(bundle_of(log))[0] == 0
    assert verdict(bundle_of(log, [size - 1], earlier=[1, size]))[0] == 0


def test_an_empty_part_and_an_empty_log_are_sound():
    assert verdict(bundle_of(LOG, []))[0] == 0
    assert verdict(bundle_of(log_of(0)))[0] == 0


@pytest.mark.parametrize("name", ["checkpoint", "checkpoints.jsonl", "manifest.sig", "leaves.txt"])
def test_a_file_of_another_export_is_not_the_one_that_was_signed(name):
    other = bundle_of(log_of(500), CHOSEN[:7], earlier=[300])

    assert verdict(other)[0] == 0
    assert verdict(PART | {name: other[name]})[0] == 1


def test_a_log_that_was_written_anew_does_not_continue_its_old_checkpoints():
    anew = bundle_of(log_of(600, forged_at=50), CHOSEN)
    mixed = {name: data for name, data in anew.items() if not name.startswith("manifest")}
    mixed["checkpoints.jsonl"] = lines_of(PART, "checkpoints.jsonl")[1]

    said = verdict(signed(mixed, scope={"kind": "patient"}, size=600, entries=12))[1]

    assert "checkpoints.jsonl: the log of 600 does not continue the one of 300" in said


@BOTH
@pytest.mark.parametrize("size", [1, 100, 300, 600])
def test_a_checkpoint_that_the_reader_kept_is_continued(tmp_path, which, size):
    kept = tmp_path / "kept"
    kept.write_text(LOG.checkpoint(size))
    files = bundle_of(LOG, None if which == "whole" else CHOSEN, earlier=[1, 100, 300])

    assert verdict(files, "--checkpoint", str(kept))[0] == 0


@BOTH
def test_a_checkpoint_that_the_reader_kept_shows_a_log_that_was_written_anew(tmp_path, which):
    forked = log_of(600, forged_at=50)
    files, kept = BUNDLES[which][0], tmp_path / "kept"

    for note in (forked.checkpoint(300), forked.checkpoint(600), log_of(700).checkpoint(700)):
        kept.write_text(note)
        code, said = verdict(files, "--checkpoint", str(kept))
        assert code == 1
        assert "--checkpoint: the log of 600 is not shown to continue yours of" in said


def test_a_checkpoint_without_proof_in_the_bundle_is_not_shown_to_be_continued(tmp_path):
    (tmp_path / "kept").write_text(LOG.checkpoint(200))

    assert verdict(PART, "--checkpoint", str(tmp_path / "kept"))[0] == 1
    assert verdict(PART, "--checkpoint", str(tmp_path / "absent"))[0] == 1


def test_entries_that_were_moved_do_not_show_that_a_kept_checkpoint_is_continued(tmp_path):
    kept, old = tmp_path / "kept", log_of(3)
    kept.write_text(old.checkpoint(3))
    moved = Log([entry_body(9_998), *old.bodies], [1, 2, 3, 4])

    assert verdict(bundle_of(moved, [1, 2, 3]))[0] == 0
    assert verdict(bundle_of(moved, [1, 2, 3]), "--checkpoint", str(kept))[0] == 1


def test_a_checkpoint_of_a_later_log_is_no_earlier_one():
    later = log_of(700)
    line = canonical({"note": later.checkpoint(700), "proof": [to_base64(later.leaves[0])] * 9})

    said = verdict(PART | {"checkpoints.jsonl": line + b"\n"})[1]

    assert "checkpoints.jsonl: the log of 600 does not continue the one of 700" in said


def test_a_log_speaks_for_no_other_log():
    body = Checkpoint("other.example", 600, LOG.edge.root()).body
    files = {name: PART[name] for name in ("entries.jsonl", "leaves.txt", "vkey")}
    files["checkpoint"] = sign_note(body, LOG_KEY).encode()

    said = verdict(signed(files, scope={"kind": "patient"}, size=600, entries=12))[1]

    assert f"checkpoint: not a checkpoint of {LOG_KEY.name}" in said


def test_a_bundle_of_another_logs_key_is_refused_where_the_key_is_known():
    other = Signer(LOG_KEY.name, KeyKind.ED25519, b"\x03" * 32)
    note = sign_checkpoint(Checkpoint(LOG_KEY.name, 600, LOG.edge.root()), other)
    files = {name: PART[name] for name in ("entries.jsonl", "leaves.txt")}
    files |= {"checkpoint": note.encode(), "vkey": str(other.verifier).encode()}
    resigned = signed(files, scope={"kind": "patient"}, size=600, entries=12, signer=other)

    assert verdict(resigned)[0] == 0
    code, said = verdict(resigned, "--key", VKEY)
    assert code == 1
    assert f"checkpoint: not signed by {LOG_KEY.name} with the key" in said
    assert f"manifest: not signed by {LOG_KEY.name} with the key" in said


def test_a_witness_who_did_not_sign_is_missed():
    stranger = Signer.generate("witness.example/w2", KeyKind.COSIGNATURE)

    code, said = verdict(PART, "--witness", str(stranger.verifier))

    assert code == 1
    assert "witness witness.example/w2: not signed by" in said


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["absent.zip"],
        [str(SOURCE), "--key", "nonsense"],
        [str(SOURCE), "--key", VKEY.replace("+", "+0", 1)],
        [str(SOURCE), "--key", VKEY[:-1] + "*" + VKEY[-1]],
        [str(SOURCE), "--key", f"{VKEY}=="],
        [
            str(SOURCE),
            "--key",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ],
        [str(SOURCE), "--witness", ""],
        [str(SOURCE), "--unheard-of"],
    ],
)
def test_a_wrong_call_is_a_wrong_call(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        verify_audit.main(arguments)

    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "utf-8"])
def test_it_runs_by_itself_on_any_terminal(tmp_path, encoding):
    (tmp_path / "verify_audit.py").write_bytes(SOURCE.read_bytes())
    (tmp_path / "sound.zip").write_bytes(zipped(WHOLE))
    (tmp_path / "broken.zip").write_bytes(zipped(with_lines(WHOLE, lines_of(WHOLE)[1:])))

    done = [
        subprocess.run(
            [sys.executable, "verify_audit.py", name],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        for name in ("sound.zip", "broken.zip")
    ]

    assert [one.returncode for one in done] == [0, 1]
    assert [one.stderr for one in done] == [b"", b""]
    assert b"deleted: leaf 0 (record 100): " in done[1].stdout


def test_it_stands_alone_in_one_short_file_for_python_3_9():
    text = SOURCE.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [node.names[0].name])
    }

    assert text.count("\n") < 300
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
