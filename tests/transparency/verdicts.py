"""What the stand-alone verifier says about a bundle."""

import contextlib
import io
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
