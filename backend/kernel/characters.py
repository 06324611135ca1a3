"""Which characters a text of a person may have, so that it reads the same to everybody."""

import unicodedata

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf", "Zs", "Mn"})


def is_strange(letter: str, *, multiline: bool = False) -> bool:
    """Whether it breaks a line, turns the direction of what follows, or is no character at all."""
    if multiline and letter in "\n\t":
        return False
    return letter in _BIDI or unicodedata.category(letter) in _CONTROLS


def shows_something(text: str) -> bool:
    """Whether anything of it can be seen."""
    return any(unicodedata.category(letter) not in _UNSEEN for letter in text)
