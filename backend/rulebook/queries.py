"""Reads: the packs that decisions were made by."""

from functools import lru_cache

from backend.protocol.pack import Pack, pack_from
from backend.rulebook.errors import PackAltered, PackNotKept
from backend.rulebook.models import RulePackVersion


@lru_cache(maxsize=32)
def pack_of_version(version: str) -> Pack:
    """The pack as it stood in this version. The content must hash to the version.

    Raises PackNotKept, PackAltered (422).
    """
    kept = RulePackVersion.objects.filter(version=version).first()
    if kept is None:
        raise PackNotKept()
    pack = pack_from(kept.content)
    if pack.version != version:
        raise PackAltered()
    return pack
