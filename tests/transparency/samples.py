"""Two exported bundles of one log of 600 entries, and what can be done to their lines."""

import pytest

from backend.transparency.reading import to_base64
from tests.transparency.bundles import (
    Files,
    bundle_of,
    changed_entry,
    entry_body,
    forged_body,
    log_of,
)

LOG = log_of(600)
CHOSEN = [3, 4, 5, 70, 71, 255, 256, 300, 511, 512, 598, 599]
WHOLE = bundle_of(LOG, earlier=[100, 256, 599])
PART = bundle_of(LOG, CHOSEN, earlier=[1, 300, 600])
BUNDLES = {"whole": (WHOLE, list(range(600))), "part": (PART, CHOSEN)}
BOTH = pytest.mark.parametrize("which", BUNDLES)


def lines_of(files: Files, name: str = "entries.jsonl") -> list[bytes]:
    return files[name].splitlines(keepends=True)


def with_lines(files: Files, lines: list[bytes], name: str = "entries.jsonl") -> Files:
    return files | {name: b"".join(lines)}


FORGED = changed_entry(
    lines_of(PART)[0], leaf_index=9_999, record_id=77, body=to_base64(entry_body(9_999))
)


def edited(lines, at):
    return [*lines[:at], forged_body(lines[at]), *lines[at + 1 :]]


def deleted(lines, at):
    return [*lines[:at], *lines[at + 1 :]]


def inserted(lines, at):
    return [*lines[:at], FORGED, *lines[at:]]


def copied(lines, at):
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]]


def reordered(lines, at):
    return [*lines[:at], *lines[at + 1 :], lines[at]]


def swapped(lines, at):
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def truncated(lines, at):
    return lines[:at]


def damaged(lines, at):
    return [*lines[:at], lines[at].replace(b'"', b"", 1), *lines[at + 1 :]]


def renumbered(lines, at):
    return [*lines[:at], changed_entry(lines[at], record_id=5), *lines[at + 1 :]]
