#!/usr/bin/env python3
"""Verify the proof of one entry offline; needs verify_audit.py beside it. README.md says more.

    python verify_proof.py PROOF ENTRY --key VKEY [--witness VKEY]...

PROOF is a proof file (c2sp.org/tlog-proof), packed with gzip or plain. ENTRY holds the bytes that
were sealed, or the service's answer about the entry (JSON with `body`, the bytes in base 64).
Exit code 0: sound. 1: something is wrong, and what. 2: called wrongly.
"""

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator
from hashlib import sha256

from verify_audit import (  # type: ignore[import-not-found]  # the file beside this one
    Key,
    climb,
    open_checkpoint,
    open_note,
    read_key,
    unbase64,
)

MOST_BYTES = 1_100_000
PROOF = re.compile(
    r"c2sp\.org/tlog-proof@v1\n(?:extra [A-Za-z0-9+/=]+\n)?"
    r"index (0|[1-9][0-9]{0,17})\n((?:[A-Za-z0-9+/=]{44}\n){0,63})\n(.+)",
    re.ASCII | re.DOTALL,
)


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"{path} is longer than {MOST_BYTES} bytes")
    return data


def unpacked(data: bytes) -> str:
    """The proof's text: gzip is unpacked, up to the longest that a proof may be."""
    if data[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(31)
        data = unpacker.decompress(data, MOST_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError("not one whole packed proof")
    return data.decode()


def body_of(data: bytes) -> bytes:
    """The bytes that were sealed."""
    found = json.loads(data)
    shown = found.get("body") if isinstance(found, dict) else None
    return unbase64(shown) if isinstance(shown, str) else data


def verify(proof: str, body: bytes, key: Key, witnesses: list[Key]) -> Iterator[str]:
    """What is proven, in lines. Raises for a proof that proves nothing."""
    found = PROOF.fullmatch(proof)
    if not found:
        raise ValueError("not a proof of c2sp.org/tlog-proof@v1")
    index, note = int(found[1]), found[3]
    hashes = [unbase64(line, 32) for line in found[2].split()]
    size, root = open_checkpoint(note, key)
    leaf = sha256(b"\0" + body).digest()
    if index >= size or climb(leaf, index + 1, size, hashes, 1)[1] != root:
        raise ValueError(f"the entry is not leaf {index} of the signed log of {size}")
    for witness in witnesses:
        open_note(note, witness)
        yield f"証人の連署 cosigned: {witness.name}"
    yield f"葉 leaf {index} of {size}, log {key.name}"
    yield f"内容 content: {ascii(body.decode())[1:-1]}"


def main(argv: list[str] = sys.argv[1:]) -> int:
    parser = argparse.ArgumentParser(description="Verify the proof of one audit entry offline.")
    parser.add_argument("proof", help="proof file, packed or plain")
    parser.add_argument("entry", help="the entry's bytes, or the service's answer about it")
    parser.add_argument("--key", type=read_key, required=True, help="the log's verifier key")
    parser.add_argument("--witness", type=read_key, action="append", default=[])
    args = parser.parse_args(argv)
    try:
        proof, body = unpacked(read(args.proof)), body_of(read(args.entry))
        said = [*verify(proof, body, args.key, args.witness), "健全 SOUND"]
    except Exception as error:  # a finding, whatever a hostile file makes a reader raise
        wrong = ascii(str(error) or repr(error))[1:-1][:200]
        said = [f"異常 wrong: {wrong}", "異常あり NOT SOUND"]
    print(*said, sep="\n")
    return 1 if said[-1].startswith("異常") else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
