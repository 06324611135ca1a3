"""Bundles of an audit trail, as backend/audit/verifier/README.md describes them, from memory."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.kernel.canonical import canonical
from backend.transparency import merkle, tiles
from backend.transparency.checkpoints import (
    Checkpoint,
    cosign,
    sign_checkpoint,
    with_cosignatures,
)
from backend.transparency.notes import KeyKind, Signer, sign_note
from backend.transparency.reading import to_base64

LOG_KEY = Signer("audit.suhada.example", KeyKind.ED25519, b"\x01" * 32)
WITNESS_KEY = Signer("witness.example/w1", KeyKind.COSIGNATURE, b"\x02" * 32)
VKEY = str(LOG_KEY.verifier)
WITNESS_VKEY = str(WITNESS_KEY.verifier)
PATIENT = "psn_01hqxv5y2k8m3n4p5q6r7s8t9v"
SALT = bytes(range(32))

Files = dict[str, bytes]


@dataclass
class Log:
    """A sealed log: bodies in the order of their leaves, and its tiles."""

    bodies: list[bytes]
    record_ids: list[int]
    edge: tiles.RightEdge = field(default_factory=tiles.RightEdge)
    store: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.leaves = [merkle.leaf_hash(body) for body in self.bodies]
        for tile in self.edge.append(self.leaves):
            self.store[tile.level, tile.index] = tile.hashes

    def read(self, level: int, index: int) -> bytes:
        return self.store[level, index]

    def checkpoint(self, size: int, signer: Signer = LOG_KEY) -> str:
        root = tiles.root_at(size, self.read)
        return sign_checkpoint(Checkpoint(signer.name, size, root), signer)


def text_of(number: int) -> str:
    """What an entry keeps back: its facts, or a row before and after."""
    return canonical({"number": str(number)}).decode()


def entry_body(number: int) -> bytes:
    """An entry of a patient for even numbers, one with open facts for odd ones."""
    said = {"action": "visit.read", "actor": f"physician:usr_{number}", "object": f"vis_{number}"}
    if number % 2:
        return canonical(said | {"facts": {"number": str(number)}, "patient": None})
    commitment = hashlib.sha256(SALT + text_of(number).encode()).hexdigest()
    return canonical(said | {"commitment": commitment, "patient": PATIENT})


def log_of(size: int, *, forged_at: int | None = None) -> Log:
    """A log whose record ids have gaps, as sequences do; or one that differs in one entry."""
    bodies = [entry_body(9_998 if n == forged_at else n) for n in range(size)]
    return Log(bodies, [n * 3 + 100 for n in range(size)])


def line_of(log: Log, index: int, node: merkle.NodeReader | None) -> bytes:
    """One line of entries.jsonl; with a proof where a node reader is given."""
    entry = {
        "leaf_index": index,
        "record_id": log.record_ids[index],
        "body": to_base64(log.bodies[index]),
    }
    said = json.loads(log.bodies[index])
    if "commitment" in said:
        entry["opened"] = {"text": text_of(int(said["actor"].split("_")[1])), "salt": SALT.hex()}
    if node is not None:
        proof = merkle.inclusion_proof(index, log.edge.size, node)
        entry["proof"] = [to_base64(one) for one in proof]
    return canonical(entry) + b"\n"


def leaf_line(log: Log, index: int) -> bytes:
    """One line of leaves.txt."""
    return f"{index} {log.record_ids[index]} {to_base64(log.leaves[index])}\n".encode()


def bundle_of(
    log: Log, indexes: Sequence[int] | None = None, *, earlier: Sequence[int] = ()
) -> Files:
    """All of a log, or some of its leaves with proofs; earlier checkpoints by their sizes."""
    size, chosen = log.edge.size, range(log.edge.size) if indexes is None else indexes
    node = tiles.node_reader(size, log.read)
    kept = None if indexes is None else node
    note = log.checkpoint(size)
    files = {
        "entries.jsonl": b"".join(line_of(log, index, kept) for index in chosen),
        "leaves.txt": b"".join(leaf_line(log, index) for index in chosen),
        "checkpoint": with_cosignatures(note, [cosign(note, WITNESS_KEY, 1_800_000_000)]).encode(),
        "vkey": f"{VKEY}\n".encode(),
    }
    if earlier:
        files["checkpoints.jsonl"] = b"".join(
            canonical(
                {
                    "note": log.checkpoint(old),
                    "proof": [to_base64(one) for one in merkle.consistency_proof(old, size, node)],
                }
            )
            + b"\n"
            for old in earlier
        )
    scope = {"kind": "all"} if indexes is None else {"kind": "patient", "patient": PATIENT}
    return signed(files, scope=scope, size=size, entries=len(chosen))


def signed(
    files: Files, *, scope: dict[str, str], size: int, entries: int, signer: Signer = LOG_KEY
) -> Files:
    """The files with a manifest about them that the log's key signed."""
    manifest = canonical(
        {
            "entries": entries,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            "format": "suhada-audit-bundle/1",
            "made_at": "2026-11-22T09:00:00Z",
            "origin": signer.name,
            "scope": scope,
            "tree_size": size,
        }
    )
    digest = hashlib.sha256(manifest).hexdigest()
    note = sign_note(f"suhada-audit-bundle/1\n{digest}\n", signer)
    return files | {"manifest.json": manifest, "manifest.sig": note.encode()}


def zipped(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bundle as one zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return buffer.getvalue()


def changed_entry(line: bytes, **changes: object) -> bytes:
    """A line of entries.jsonl with other values."""
    return canonical(json.loads(line) | changes) + b"\n"


def forged_body(line: bytes) -> bytes:
    """The line with one letter of its body changed, everything else as it was."""
    body = base64.b64decode(json.loads(line)["body"]).replace(b"visit.read", b"visit.reap")
    return changed_entry(line, body=to_base64(body))
