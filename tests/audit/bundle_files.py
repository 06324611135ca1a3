"""Bundles on disk: export one by the command, read it, change it, have a stranger verify it."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from backend.audit.verifier.verify_audit import unbase64
from tests.audit.sealing import sealer_beside


def export(path: Path, *arguments: str) -> tuple[int, str]:
    """`manage.py audit export`, with a sealer beside: the exit code, and what stderr says."""
    out, said = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended, sealer_beside():
        call_command("audit", "export", *arguments, "--out", str(path), stdout=out, stderr=said)
    return ended.value.code, said.getvalue()


def exported(path: Path, *arguments: str) -> Path:
    """The same, where it must succeed."""
    code, said = export(path, *arguments)
    assert code == 0, said
    return path


def verified(path: Path, *arguments: str) -> tuple[int, str]:
    """What the bundle's own verifier says, alone in a folder, without our code on its path."""
    alone = path.parent / "alone"
    alone.mkdir()
    (alone / "verify_audit.py").write_bytes(read(path, "verify_audit.py"))
    done = subprocess.run(
        [sys.executable, "-I", "verify_audit.py", str(path), *arguments],
        cwd=alone,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(alone)
    assert done.stderr == ""
    return done.returncode, done.stdout


def read(path: Path, name: str) -> bytes:
    """One file of a bundle."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def manifest_of(path: Path) -> dict:
    """What a bundle says of itself."""
    return json.loads(read(path, "manifest.json"))


def entries_of(path: Path) -> list[dict]:
    """The lines of entries.jsonl, each with its body read."""
    entries = [json.loads(line) for line in read(path, "entries.jsonl").splitlines()]
    return [entry | {"said": json.loads(unbase64(entry["body"]))} for entry in entries]


def records_in(path: Path) -> set[int]:
    """The numbers of the records in a bundle."""
    return {entry["record_id"] for entry in entries_of(path)}


def repacked(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The bundle with one of its files changed, all others as they were."""
    broken = path.with_name(f"broken_{path.name}")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(broken, "w") as anew:
        for info in archive.infolist():
            data = archive.read(info)
            anew.writestr(info.filename, change(data) if info.filename == name else data)
    return broken
