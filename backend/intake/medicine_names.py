"""From what a patient calls a medicine to the code that the rules read."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from backend.records.topics import UNCLASSIFIED

NAMES = Path(__file__).parent / "medicine_names.toml"
_SPACES = re.compile(r"[\s・'’.\-]+")
_LATIN = re.compile(r"[A-Za-z]")
_STRENGTH = re.compile(r"[\d.,/%×x]*|錠|カプセル|顆粒|細粒|配合|包|回|日|mg|g|μg|mcg|od|ld|s|ml")


def classify(text: str) -> str:
    """The code of a medicine as a patient wrote it, or `unclassified`.

    A name that the rules read counts wherever it stands in the text. A harmless one (`other`)
    counts only if nothing else but a strength stands beside it: what we cannot read is unknown,
    and unknown holds (docs/domain.md). So does a text that names two different codes.
    """
    rest = _plain(text)
    codes = set()
    for name, code in _names().items():
        if name in rest:
            rest = rest.replace(name, " ")
            codes.add(code)
    if len(codes) != 1:
        return UNCLASSIFIED
    (code,) = codes
    return UNCLASSIFIED if code == "other" and not _is_strength(rest) else code


@cache
def japanese_names() -> tuple[str, ...]:
    """Names that a patient may pick from while typing: those in Japanese letters only."""
    table = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    return tuple(name for names in table.values() for name in names if not _LATIN.search(name))


def _plain(text: str) -> str:
    """Without width, case, spaces and marks: `ﾋﾞﾌﾞﾗﾏｲｼﾝ 錠` and `ビブラマイシン錠` are one."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold())


def _is_strength(rest: str) -> bool:
    return not _STRENGTH.sub("", rest).strip()


@cache
def _names() -> Mapping[str, str]:
    """Name -> code, the longest name first: oxytetracycline before tetracycline."""
    table = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    pairs = [(_plain(name), code) for code, names in table.items() for name in names]
    return dict(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))
