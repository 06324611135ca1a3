"""The texts of notices, read once from `templates.toml`; a malformed file does not load."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text

FILE = Path(__file__).parent / "templates.toml"


class OnUnknown(StrEnum):
    """What to do when nobody knows whether a notice went out."""

    RETRY = "retry"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of notice. `expires` is how late it may go out at most; None: however late."""

    name: str
    subject: Text
    body: Text
    on_unknown: OnUnknown
    urgent: bool
    expires: timedelta | None


def _template(name: str, raw: dict[str, Any]) -> Template:
    known = {"subject", "body", "on_unknown", "urgent", "expires_hours"}
    if not set(raw) <= known:
        raise ValueError(f"templates.toml: {name} has unknown keys {set(raw) - known}")
    hours = raw.get("expires_hours")
    return Template(
        name=name,
        subject=Text(**raw["subject"]),
        body=Text(**raw["body"]),
        on_unknown=OnUnknown(raw["on_unknown"]),
        urgent=raw.get("urgent", False),
        expires=None if hours is None else timedelta(hours=hours),
    )


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """Every template by its name."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    return {name: _template(name, entry) for name, entry in raw.items()}


def template(name: str) -> Template:
    """The template of this name. Raises KeyError: a caller names one that exists."""
    return templates()[name]
