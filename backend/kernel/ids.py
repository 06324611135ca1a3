"""Prefixed public ids: `rx_` and 26 characters (Crockford base 32, lower case) of a UUID."""

import re
from uuid import UUID

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_FORM = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")


class NotAnId(ValueError):
    """The text is not an id of this kind."""


def public_id(prefix: str, value: UUID) -> str:
    """The id as the API shows it, for example `rx_01jq…`."""
    number, letters = value.int, []
    for _ in range(26):
        number, rest = divmod(number, 32)
        letters.append(ALPHABET[rest])
    return f"{prefix}_{''.join(reversed(letters))}"


def parse_id(prefix: str, text: str) -> UUID:
    """The UUID behind a public id. Raises NotAnId for anything but the one exact spelling."""
    start, _, letters = text.partition("_")
    if start != prefix or not _FORM.fullmatch(letters):
        raise NotAnId(prefix)
    number = 0
    for letter in letters:
        number = number * 32 + _VALUE[letter]
    return UUID(int=number)
