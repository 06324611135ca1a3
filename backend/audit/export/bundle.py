"""Write a bundle: a zip file as the stand-alone verifier reads it (backend/audit/verifier).

Nothing is held in memory but some thousand records at a time. The manifest is signed afterwards,
by whoever has the log's key, and the signature is added at the end of the finished file.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from backend.audit.export.errors import NothingSealed, TooManyRecords
from backend.audit.export.head import Head, earlier_heads, newest_head, newest_timestamp
from backend.audit.export.lines import Line, lines_of, nodes_of, without_hurry
from backend.audit.export.manifest import FORMAT
from backend.audit.export.scope import Scope
from backend.audit.models import Checkpoint
from backend.audit.record import instant
from backend.kernel.canonical import canonical
from backend.transparency.merkle import NodeReader, consistency_proof, inclusion_proof
from backend.transparency.reading import to_base64

VERIFIER = Path(__file__).resolve().parent.parent / "verifier"
MOST_RECORDS = 5_000_000  # what the verifier reads
SIGNATURE = "manifest.sig"
_COPIED = 1 << 20

Tell = Callable[[int, int], object]
"""Told now and then how many records are written, and how many there are."""


@dataclass(slots=True)
class Written:
    """A bundle that still wants its signature: what it says, and whose records it shows and opens.

    `shows` and `opens` are pseudonyms: of all patients in it, and of those of whom it tells facts.
    """

    head: Head
    entries: int = 0
    missing: int = 0
    unsealed: int = 0
    shows: set[str] = field(default_factory=set)
    opens: set[str] = field(default_factory=set)
    content: str = ""


def write_bundle(
    scope: Scope,
    out: IO[bytes],
    *,
    at: datetime,
    most: int = MOST_RECORDS,
    tell: Tell = lambda _done, _all: None,
) -> Written:
    """Write all of a bundle but `manifest.sig`; `out` need not be seekable.

    Raises NothingSealed, TooManyRecords, TreeIncomplete.
    """
    with without_hurry(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        written = Written(_head())
        members = _Members(archive, at)
        node = nodes_of(written.head.size)
        due = scope.leaves(written.head.size).count()
        if due > most:
            raise TooManyRecords(f"{due} records; at most {most} go into one bundle.")
        with TemporaryFile() as leaves:
            told = _told(lines_of(scope, written.head.size, node), due, tell)
            lines = _noted(told, written, leaves)
            prove = None if scope.is_whole else node
            members.write("entries.jsonl", _entries(lines, written.head.size, prove))
            leaves.seek(0)
            members.write("leaves.txt", iter(lambda: leaves.read(_COPIED), b""))
        _write_heads(members, written.head, node)
        for name in ("verify_audit.py", "README.md"):
            members.write(name, [(VERIFIER / name).read_bytes()])
        written.unsealed = max(0, scope.records() - written.entries)
        written.content = _manifest(scope, written, members.sha256, at)
        members.write("manifest.json", [written.content.encode()])
    return written


def add_signature(file: IO[bytes], note: str, *, at: datetime) -> None:
    """Append the signed note to a finished bundle; `file` is read and written at its end only."""
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        _Members(archive, at).write(SIGNATURE, [note.encode()])


def signed_tail(end: bytes, begin: int, note: str, *, at: datetime) -> bytes:
    """The same for the last bytes of a bundle, which begin at `begin`: what stands there then.

    They hold the archive's directory whole; a few thousand are enough.
    """
    file = _Tail(end, begin)
    add_signature(file, note, at=at)
    return file.getvalue()


class _Tail(io.BytesIO):
    """The end of a file, as if what stands before it were there."""

    def __init__(self, end: bytes, begin: int) -> None:
        self._begin = begin
        super().__init__(end)

    def tell(self) -> int:
        return self._begin + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        own = offset - self._begin if whence == io.SEEK_SET else offset
        return self._begin + super().seek(own, whence)


def _head() -> Head:
    head = newest_head()
    if head is None:
        raise NothingSealed("Nothing is sealed yet: no known key has signed a checkpoint.")
    return head


class _Members:
    """The files of an archive, hashed while they are written."""

    def __init__(self, archive: zipfile.ZipFile, at: datetime) -> None:
        self.sha256: dict[str, str] = {}
        self._archive, self._at = archive, at

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, self._at.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        digest = hashlib.sha256()
        with self._archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.sha256[name] = digest.hexdigest()


def _told(lines: Iterator[Line], due: int, tell: Tell) -> Iterator[Line]:
    for count, line in enumerate(lines, 1):
        yield line
        if count % 1_000 == 0 or count == due:
            tell(count, due)


def _noted(lines: Iterator[Line], written: Written, leaves: IO[bytes]) -> Iterator[Line]:
    """The lines that still have a record, while what the tree says of each is kept beside."""
    for line in lines:
        text = f"{line.leaf_index} {line.record_id} {to_base64(line.leaf)}\n"
        leaves.write(text.encode())
        if line.body is None:
            written.missing += 1
            continue
        written.entries += 1
        if line.pseudonym:
            written.shows.add(line.pseudonym)
        if line.pseudonym and line.opened:
            written.opens.add(line.pseudonym)
        yield line


def _entries(lines: Iterator[Line], size: int, node: NodeReader | None) -> Iterator[bytes]:
    for line in lines:
        entry: dict[str, object] = {
            "body": to_base64(line.body or b""),
            "leaf_index": line.leaf_index,
            "record_id": line.record_id,
        }
        if line.opened is not None:
            entry["opened"] = {"salt": line.opened.salt.hex(), "text": line.opened.text}
        if node is not None:
            proof = inclusion_proof(line.leaf_index, size, node)
            entry["proof"] = [to_base64(one) for one in proof]
        yield json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write_heads(members: _Members, head: Head, node: NodeReader) -> None:
    members.write("checkpoint", [head.text.encode()])
    members.write("vkey", [f"{head.key}\n".encode()])
    earlier = list(earlier_heads(head))
    if earlier:
        members.write("checkpoints.jsonl", (_earlier(row, head.size, node) for row in earlier))
    if stamped := newest_timestamp(head):
        note, response = stamped
        members.write("timestamp.checkpoint", [note.encode()])
        members.write("timestamp.tsr", [response])


def _earlier(row: Checkpoint, size: int, node: NodeReader) -> bytes:
    proof = consistency_proof(row.size, size, node)
    said = {"note": row.note, "proof": [to_base64(one) for one in proof]}
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _manifest(scope: Scope, written: Written, sha256: dict[str, str], at: datetime) -> str:
    return canonical(
        {
            "entries": written.entries,
            "files": sha256,
            "format": FORMAT,
            "made_at": instant(at),
            "opened": scope.opened,
            "origin": written.head.key.name,
            "scope": dict(scope.shown),
            "tree_size": written.head.size,
            "unsealed": written.unsealed,
        }
    ).decode()
