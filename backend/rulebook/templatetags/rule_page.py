"""What the page of all rules needs of a template: words in the reader's language."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join

from backend.api.language import reader_language
from backend.kernel.text import Text
from backend.protocol import names
from backend.protocol.catalogue import Cell, Reading, all_packs, in_force
from backend.protocol.pack import Pack

register = template.Library()
_JAPANESE = re.compile(
    r"([\u3005-\u3007\u3041-\u30ff\u3400-\u9fff][\d\u3005-\u30ff\u3400-\u9fff]*)"
)


@register.filter
def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_language(reader_language())


@register.filter
def marked(text: str) -> str:
    """A text in English whose Japanese terms say that they are, for those who have it read out."""
    parts = _JAPANESE.split(text)  # every second one is Japanese
    kept = (
        (format_html('<span lang="ja">{}</span>', p) if n % 2 else p,) for n, p in enumerate(parts)
    )
    return format_html_join("", "{}", kept)


@register.filter
def read_out(text: Text) -> str:
    """A text in the reader's language, in which a term of the other says that it is one."""
    return said(text) if reader_language() == "ja" else marked(said(text))


@register.filter
def word(key: str) -> str:
    """One of the page's own words."""
    return said(names.word(key))


@register.filter
def named(key: str, table: str) -> str:
    """What a code of a table is called."""
    return said(names.name_of(table, key))


@register.filter
def listed(keys: Iterable[str], table: str) -> str:
    """What several codes of a table are called, in one line."""
    return ("、" if reader_language() == "ja" else ", ").join(named(key, table) for key in keys)


@register.filter
def packs(ids: tuple[str, ...]) -> str:
    """The packs by name, or that it is all of them."""
    return word("every_pack") if len(ids) == len(all_packs()) else listed(ids, "packs")


@register.filter
def days(pack: Pack) -> str:
    """From when to when a pack is in force."""
    return said(in_force(pack))


@register.filter
def pieces(source: str) -> list[tuple[str, bool]]:
    """A source, cut where it cites a tag."""
    return list(names.cited(source))


@register.filter
def of(reading: Reading, pack: str) -> Cell | None:
    """What one pack says."""
    return reading.of(pack)
