"""Messages in the reader's language, chosen when they are shown."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language

from backend.kernel.text import Text


def reader_language() -> str:
    """`en` if the reader asked for English, else `ja`."""
    return "en" if (get_language() or "ja").startswith("en") else "ja"


def _choose(text: Text) -> str:
    return text.in_language(reader_language())


_lazily = lazy(_choose, str)


def said(ja: str, en: str) -> Any:
    """A message for serializers and forms: Japanese or English, as Accept-Language asks."""
    return _lazily(Text(ja, en))
