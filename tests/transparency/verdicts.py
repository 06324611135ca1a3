"""What the stand-alone verifier says about a bundle."""

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from backend.audit.verifier import verify_audit
from tests.transparency.bundles import Files, zipped


def verdict(files: Files | bytes, *arguments: str) -> tuple[int, str]:
    """Exit code and output for a bundle of files, or for the bytes of whatever else it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(files if isinstance(files, bytes) else zipped(files))
        return verdict_on(path, *arguments)


def verdict_on(path: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output for a file or folder."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = verify_audit.main([str(path), *arguments])
    return code, said.getvalue()


def verdict_on_proof(folder: Path, proof: bytes, entry: bytes, *arguments: str) -> tuple[int, str]:
    """Exit code and output for the proof of one entry: the programs run far from our code."""
    for name in ("verify_audit.py", "verify_proof.py"):
        shutil.copy(Path(verify_audit.__file__).with_name(name), folder)
    (folder / "proof").write_bytes(proof)
    (folder / "entry").write_bytes(entry)
    command = [sys.executable, "verify_proof.py", "proof", "entry", *arguments]
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, ran.stdout
