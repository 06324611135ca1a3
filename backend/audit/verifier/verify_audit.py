#!/usr/bin/env python3
"""Verify an exported part of an audit trail offline; README.md describes the bundle.

    python verify_audit.py BUNDLE [--key VKEY] [--witness VKEY]... [--checkpoint FILE]

BUNDLE is a zip file or a folder. Needs Python 3.9 or newer and `cryptography`, nothing else.
Exit code 0: sound. 1: something is wrong, a line for each finding. 2: called wrongly.
"""

import argparse
import binascii
import json
import os
import re
import sys
import zipfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice, zip_longest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "suhada-audit-bundle/1"
MOST_BYTES, MOST_LINES, LINE_BYTES = 8 << 30, 5_000_000, 4 << 20
OUTSIDE = re.compile(r"[\\:\0]|^/|(^|/)\.\.(/|$)")
KINDS = {
    "edited": "改変 edited: {}: line {} does not hold what was sealed",
    "renumbered": "番号改変 renumbered: {}: line {} gives it other numbers",
    "inserted": "挿入 inserted: {}: line {} holds what the log does not have there",
    "deleted": "削除 deleted: {}: missing, line {} goes on with a later one",
    "reordered": "順序変更 reordered: {}: line {} holds a later one in its place",
    "truncated": "切り捨て truncated: {}: missing with all that follows, from line {} on",
    "misopened": "開示不一致 misopened: {}: line {} opens what its commitment does not fit",
    "unproven": "証明不一致 unproven: {}: line {} has no proof that leads to the signed root",
}
Entry = namedtuple("Entry", "place record leaf")  # place: its leaf index; -1: cannot be read
Key = namedtuple("Key", "name kind public id")  # kind 1: a log's; 4: a witness's, with the time


def tree_root(row: list[bytes]) -> bytes:
    """RFC 6962, 2.1: pairs, level by level; an odd last one goes up as it is."""
    while len(row) > 1:
        odd = row[len(row) & ~1 :]
        row = [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2])] + odd
    return row[0] if row else sha256(b"").digest()


def climb(known: bytes, at: int, size: int, proof: list[bytes], base: int) -> tuple[bytes, bytes]:
    """The roots of the first `at` leaves and of all `size`, up from the subtree of `base` leaves.

    For a consistency proof, `base` is `at`; for an inclusion proof 1, `known` the leaf before `at`.
    """
    if size == base or not proof:
        one = [known, *proof] if known else proof
        return (one[0], one[0]) if size == base and len(one) == 1 else (b"", b"")
    *below, sibling = proof
    half = 1 << (size - 1).bit_length() - 1
    if at <= half:
        first, second = climb(known, at, half, below, base)
        return first, tree_root([second, sibling])
    known, base = (known, 1) if base == 1 else (b"", at - half)
    first, second = climb(known, at - half, size - half, below, base)
    return tree_root([sibling, first]), tree_root([sibling, second])


def unbase64(text: str, length: int = 0) -> bytes:
    data = binascii.a2b_base64(text)
    if binascii.b2a_base64(data, newline=False) != text.encode() or length not in (0, len(data)):
        raise ValueError(f"not base64 of the right length: {text[:20]}")
    return data


def read_key(text: str) -> Key:
    """A verifier key of c2sp.org/signed-note."""
    name, key_id, rest = text.strip().split("+", 2)
    material = unbase64(rest, 33)
    own = sha256(name.encode() + b"\n" + material).digest()[:4]
    if own.hex() != key_id or material[0] not in (1, 4) or not re.fullmatch(r"\S+", name):
        raise ValueError("not a verifier key")
    return Key(name, material[0], material[1:], own)


def open_note(note: str, key: Key) -> str:
    """The text, if this key signed it and all that it signed is good; else ValueError."""
    text, _blank, lines = note.rpartition("\n\n")
    text, dash, signed = text + "\n", f"\u2014 {key.name} ", False
    for line in lines.split("\n")[:-1]:
        raw = unbase64(line[len(dash) :]) if line.startswith(dash) else b""
        if raw[:4] == key.id:
            time = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n"
            start, message = (12, time + text) if key.kind == 4 else (4, text)
            public = Ed25519PublicKey.from_public_bytes(key.public)
            public.verify(raw[start:], message.encode())
            signed = True
    if not signed or not re.fullmatch("(\u2014 \\S+ [A-Za-z0-9+/=]+\n)+", lines):
        raise ValueError(f"not signed by {key.name} with the key {key.id.hex()}")
    return text


def open_checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """Size and root, where this log signed them (c2sp.org/tlog-checkpoint)."""
    name, size, root, *_more = open_note(note, key).split("\n")
    if name != key.name or not re.fullmatch("0|[1-9][0-9]{0,17}", size):
        raise ValueError(f"not a checkpoint of {key.name}")
    return int(size), unbase64(root, 32)


def read_entry(line: bytes) -> tuple[Entry, list[bytes], str]:
    """An entry, its inclusion proof, and its fault if what was opened of it does not fit."""
    found = json.loads(line.decode())
    body, opened = unbase64(found["body"]), found.get("opened")
    entry = Entry(found["leaf_index"], found["record_id"], sha256(b"\0" + body).digest())
    if not all(type(number) is int and 0 <= number < 1 << 63 for number in entry[:2]):
        raise ValueError("not the numbers of an entry")
    proof = [unbase64(one, 32) for one in found.get("proof", [])]
    told = opened and sha256(bytes.fromhex(opened["salt"]) + opened["text"].encode()).hexdigest()
    fits = opened is None or told == json.loads(body)["commitment"]
    return entry, proof, "" if fits else "misopened"


def judge(wanted: list[Entry], there: list[Entry]) -> tuple[str, Entry]:
    """What happened to which entry, where list and lines part: at the first of each."""
    if not wanted or not there:
        return ("truncated", wanted[0]) if wanted else ("inserted", there[0])
    want, have = wanted[0], there[0]
    missing = all(want.leaf != one.leaf for one in there)
    if want.leaf == have.leaf:
        return "renumbered", want
    if any(have.leaf == one.leaf for one in wanted):
        return "deleted" if missing else "reordered", want
    return ("edited", want) if missing else ("inserted", have)


class Audit:
    """One bundle, never unpacked to disk: what was read of it, and what was found wrong."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.size, self.root, self.whole = args, 0, b"", False
        self.seen, self.earlier, self.found = list[Entry](), dict[int, bytes](), dict[str, str]()
        self.manifest, self.sha256 = dict[str, dict](), dict[str, str]()

    def say(self, kind: str, entry: Entry, line: int) -> None:
        named = f"leaf {entry.place} (record {entry.record})".replace("-1", "unknown")
        self.found.setdefault(kind, KINDS[kind].format(named, line))

    def attempt(self, what: str, check: Callable[..., object], *args: object) -> None:
        try:
            check(*args)
        except Exception as error:  # a finding, whatever a hostile file makes a reader raise
            self.found[what] = f"異常 wrong: {what}: {ascii(str(error) or repr(error))[1:-1][:200]}"

    def run(self) -> None:
        path = self.args.bundle
        self.zip = None if os.path.isdir(path) else zipfile.ZipFile(path)
        self.names = self.zip.namelist() if self.zip else os.listdir(path)
        size = sum(info.file_size for info in self.zip.infolist()) if self.zip else 0
        if size > MOST_BYTES or len(self.names) > 1000:
            raise ValueError(f"unpacks to more than {MOST_BYTES} bytes, or 1000 files")
        if len(set(self.names)) < len(self.names) or any(map(OUTSIDE.search, self.names)):
            raise ValueError("holds two files of one name, or a name that leads out of it")
        self.key = self.args.key or read_key(self.text("vkey"))
        self.attempt("checkpoint", self.read_checkpoint)
        self.attempt("manifest", self.read_manifest)
        if "checkpoints.jsonl" in self.names:
            self.attempt("checkpoints.jsonl", self.read_earlier)
        self.attempt("entries.jsonl", self.walk)
        self.attempt("leaves.txt", self.compare)
        if self.root and self.whole:
            self.attempt("tree", self.rebuild)
        self.attempt("files", self.check_files)
        for key in self.args.witness:
            self.attempt(f"witness {key.name}", open_note, self.text("checkpoint"), key)
        if self.args.checkpoint:
            self.attempt("--checkpoint", self.continue_from, self.args.checkpoint)

    def chunks(self, name: str) -> Iterator[bytes]:
        path, digest = os.path.join(self.args.bundle, name), sha256()
        plain = self.zip or (os.path.isfile(path) and not os.path.islink(path))
        if name not in self.names or not plain:
            raise ValueError(f"{name} is missing, or not a plain file")
        with self.zip.open(name) if self.zip else open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                yield chunk
        self.sha256[name] = digest.hexdigest()

    def text(self, name: str) -> str:
        return next(self.chunks(name), b"").decode()  # of what is longer, no signature is good

    def lines(self, name: str) -> Iterator[bytes]:
        rest, count = b"", 0
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            count += len(whole)
            if len(rest) > LINE_BYTES or count > MOST_LINES:
                raise ValueError(f"too long a line or too many, after line {count}")

    def read_checkpoint(self) -> None:
        self.size, self.root = open_checkpoint(self.text("checkpoint"), self.key)

    def read_manifest(self) -> None:
        raw = self.text("manifest.json")
        signed = open_note(self.text("manifest.sig"), self.key)
        if signed != f"{FORMAT}\n{sha256(raw.encode()).hexdigest()}\n":
            raise ValueError("not what the log's key signed")
        self.manifest = json.loads(raw)
        self.whole = self.manifest["scope"]["kind"] == "all"

    def read_earlier(self) -> None:
        for line in self.lines("checkpoints.jsonl"):
            found = json.loads(line)
            size, root = open_checkpoint(found["note"], self.key)
            proof = [unbase64(one, 32) for one in found["proof"]]
            if size > self.size or climb(root, size, self.size, proof, size) != (root, self.root):
                raise ValueError(f"the log of {self.size} does not continue the one of {size}")
            self.earlier[size] = root

    def walk(self) -> None:
        """Every entry by itself: what was opened of it, and its way up to the signed root."""
        for count, line in enumerate(self.lines("entries.jsonl"), 1):
            try:
                entry, proof, fault = read_entry(line)
            except Exception:  # whatever it is, it is no entry
                entry, proof, fault = Entry(-1, -1, b""), [], ""
            self.seen.append(entry)
            self.whole = self.whole or (count == 1 and not self.manifest and not proof)
            if self.root and entry.place >= 0 and (proof or not self.whole):
                _, root = climb(entry.leaf, entry.place + 1, self.size, proof, 1)
                fault = "unproven" if root != self.root or entry.place >= self.size else fault
            if fault:
                self.say(fault, entry, count)

    def compare(self) -> None:
        """The entries against the list of what they are, and the first where they part."""
        for at, (line, have) in enumerate(zip_longest(self.lines("leaves.txt"), self.seen)):
            leaf = binascii.b2a_base64(have.leaf, newline=False) if have else b""
            if not have or line != b"%d %d %s" % (*have[:2], leaf):
                rows = (rest.split(b" ") for rest in islice(self.lines("leaves.txt"), at, None))
                wanted = [Entry(int(i), int(r), unbase64(h.decode(), 32)) for i, r, h in rows]
                self.say(*judge(wanted, self.seen[at:]), at + 1)
                break

    def rebuild(self) -> None:
        """Every leaf of the log is here: the tree grown from them must have the signed root."""
        leaves = [one.leaf for one in self.seen]
        jump = next((at for at, one in enumerate(self.seen) if one.place != at), len(leaves))
        if not KINDS.keys() & self.found.keys() and jump < max(len(leaves), self.size):
            kind = "deleted" if jump < len(leaves) else "truncated"
            self.say(kind, Entry(jump, -1, b""), jump + 1)
        if tree_root(leaves) != self.root:
            sound = [n for n, root in self.earlier.items() if tree_root(leaves[:n]) == root]
            raise ValueError(f"not the signed root; unchanged up to {max(sound, default=0)} leaves")

    def check_files(self) -> None:
        for name, digest in self.manifest.get("files", {}).items():
            if name not in self.sha256:
                _ = [None for _chunk in self.chunks(name)]
            if self.sha256[name] != digest:
                raise ValueError(f"{name} is not the file that was signed")

    def continue_from(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:
            size, root = open_checkpoint(file.read(), self.key)
        grown = tree_root([one.leaf for one in self.seen[:size]]) if self.whole else b""
        if {**self.earlier, self.size: self.root}.get(size, grown) != root:
            raise ValueError(f"the log of {self.size} is not shown to continue yours of {size}")

    def about(self) -> Iterator[str]:
        said = {name: value for name, value in self.manifest.items() if name != "files"}
        yield f"内容 content: {json.dumps(said)}"
        if not self.args.key:
            yield f"鍵を照合 COMPARE the key with the published one: {self.key.public.hex()}"


def main(argv: list[str] = sys.argv[1:]) -> int:
    parser = argparse.ArgumentParser(description="Verify an exported audit trail offline.")
    parser.add_argument("bundle", help="zip file or folder")
    parser.add_argument("--key", type=read_key, help="the log's verifier key, known from elsewhere")
    parser.add_argument("--witness", type=read_key, action="append", default=[])
    parser.add_argument("--checkpoint", help="one that you kept: the log must continue it")
    args = parser.parse_args(argv)
    if not os.path.exists(args.bundle):
        parser.error(f"no such file: {args.bundle}")
    audit = Audit(args)
    audit.attempt("bundle", audit.run)
    for line in [*audit.found.values()] or audit.about():
        print(line)
    print("異常あり NOT SOUND" if audit.found else "健全 SOUND")
    return 1 if audit.found else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
