"""Strict reading: one spelling for one value, and a clear exception for everything else."""

import base64
import binascii
import re

HASH_BYTES = 32
HIGHEST = 2**63 - 1
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,18})", re.ASCII)


class Malformed(ValueError):
    """Text or bytes that are not what the specification asks for; the message says how."""


class Unverified(ValueError):
    """Well formed, but no trusted key signed it, or it does not prove what it says."""


def whole_number(text: str, what: str) -> int:
    """An ASCII decimal without sign or leading zeros, from 0 to 2^63 - 1; else Malformed."""
    if not _WHOLE.fullmatch(text) or int(text) > HIGHEST:
        raise Malformed(f"{what} is not a whole number: {text[:40]!r}")
    return int(text)


def to_base64(data: bytes) -> str:
    """Base 64 of RFC 4648, section 4, with padding, in one line."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """The bytes of a base 64 text in its one canonical spelling; else Malformed."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True) if text else b""
    except (binascii.Error, UnicodeEncodeError):
        data = b""
    if to_base64(data) != text:
        raise Malformed(f"{what} is not base64: {text[:40]!r}")
    return data


def hash_from_base64(text: str, what: str) -> bytes:
    """The 32 bytes of a SHA-256 hash in base 64; else Malformed."""
    data = from_base64(text, what)
    if len(data) != HASH_BYTES:
        raise Malformed(f"{what} is {len(data)} bytes long, not {HASH_BYTES}")
    return data


def text_of(data: bytes | str, what: str, at_most: int) -> str:
    """UTF-8 text of at most so many bytes; else Malformed."""
    try:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        text = raw.decode("utf-8")
    except UnicodeError:
        raise Malformed(f"{what} is not UTF-8") from None
    if len(raw) > at_most:
        raise Malformed(f"{what} is longer than {at_most} bytes")
    return text
