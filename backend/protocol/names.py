"""What people call numbers, units, codes, sections and levels, and what source tags stand for."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from backend.kernel.text import Text
from backend.protocol.texts import TEXTS

_TAG = re.compile(r"\bF\d+[a-d]?\b")


@lru_cache(maxsize=3)
def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))


def keys_of(table: str) -> tuple[str, ...]:
    """What a table of `numbers.toml` or `page.toml` names, in its order."""
    return tuple(_table(table))


def name_of(table: str, key: str) -> Text:
    """What something is called in `numbers.toml` or `page.toml`; the key itself if nothing."""
    pair = _table(table).get(key)
    return Text(*pair) if pair else Text(key, key)


def word(key: str, **shown: object) -> Text:
    """One of the page's own words, with its placeholders filled. Raises KeyError."""
    ja, en = _table("words")[key]
    return Text(ja.format(**shown), en.format(**shown))


def section_of(rule: str) -> str:
    """The section of the page to which a rule belongs. Raises ValueError if it is not one."""
    (section,) = [key for key, start in _table("section_rules").items() if rule.startswith(start)]
    return str(section)


def sources() -> Mapping[str, str]:
    """Source tag -> what it stands for, in the order of the tags."""
    return _file("sources.toml")


def cited(source: str) -> Iterator[tuple[str, bool]]:
    """A source in pieces: the text, and whether it is a tag of `sources`."""
    end = 0
    for found in _TAG.finditer(source):
        if found.start() > end:
            yield source[end : found.start()], False
        yield found.group(), found.group() in sources()
        end = found.end()
    if end < len(source):
        yield source[end:], False


def _table(table: str) -> Mapping[str, Any]:
    numbers = _file("numbers.toml")
    found: Mapping[str, Any] = numbers.get(table) or _file("page.toml")[table]
    return found
