"""What the page of all rules needs of a template: words in the reader's language."""

from collections.abc import Iterable

from django import template

from backend.api.language import reader_language
from backend.kernel.text import Text
from backend.protocol import names
from backend.protocol.catalogue import Cell, Reading, all_packs, in_force
from backend.protocol.pack import Pack

register = template.Library()


@register.filter
def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_language(reader_language())


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
