"""Canonical JSON (RFC 8785): the bytes that are hashed, signed and kept."""

from collections.abc import Mapping
from typing import Any, cast

import rfc8785


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one byte form of a JSON object; only strings, whole numbers, booleans, null, lists."""
    return rfc8785.dumps(cast(Any, value))
