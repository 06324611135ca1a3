"""Which rules answer: one short text that changes whenever what they may say can change.

A pack has a version of its own; this is the other half of an answer: code, words and vocabulary.
It is a hash of the files, not a number that somebody keeps, since a number is forgotten. So a
comment changes it too: another version does not mean another answer, the same version does mean
the same one.
"""

import hashlib
from pathlib import Path

_NOT_ASKED = frozenset({"packs"})  # they have versions of their own


def version_of(folder: Path) -> str:
    """Sixteen hex digits of a SHA-256: names and bytes of .py and .toml files, packs left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix in {".py", ".toml"} and name.parts[0] not in _NOT_ASKED:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{name.as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


RULES_VERSION = version_of(Path(__file__).parent)  # read when the code is, not when it is asked
