"""The log as witnesses and monitors read it (c2sp.org/tlog-tiles): hashes, and nobody's data.

Entries themselves are not published: they are exported to those who may read them.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from backend.audit.export.head import newest_head
from backend.audit.models import Checkpoint, Tile
from backend.transparency.reading import HASH_BYTES, Malformed
from backend.transparency.tiles import HEIGHT, WIDTH, TileName, tile_name

_TEXT = "text/plain; charset=utf-8"
_FOR_SECONDS, _FOR_EVER = "public, max-age=5", "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /audit/checkpoint: the newest signed size and root, with the witnesses' lines."""
    head = newest_head()
    return _absent() if head is None else _answer(head.text.encode(), _TEXT, _FOR_SECONDS)


@require_safe
def vkey(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /audit/vkey: the key that signed it. Compare it with what the clinic publishes."""
    head = newest_head()
    return _absent() if head is None else _answer(f"{head.key}\n".encode(), _TEXT, _FOR_SECONDS)


@require_safe
def tile(request: HttpRequest, place: str) -> HttpResponse:  # noqa: ARG001
    """GET /audit/tile/<L>/<N>[.p/<W>]: hashes of the tree, as far as a checkpoint is signed."""
    try:
        name = tile_name(f"tile/{place}")
    except Malformed:
        return _absent()
    hashes = _hashes(name)
    return _absent() if hashes is None else _answer(hashes, "application/octet-stream", _FOR_EVER)


def _hashes(name: TileName) -> bytes | None:
    if name.level is None or name.width > _signed_width(name.level, name.index):
        return None
    row = Tile.objects.filter(level=name.level, tile_index=name.index).first()
    hashes = bytes(row.hashes)[: name.width * HASH_BYTES] if row else b""
    return hashes if len(hashes) == name.width * HASH_BYTES else None


def _signed_width(level: int, index: int) -> int:
    """How wide a tile is in the tree of the newest signed checkpoint; 0 or less: not there."""
    newest = Checkpoint.objects.exclude(note=None).order_by("-size").first()
    size = newest.size if newest else 0
    return min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)


def _answer(content: bytes, content_type: str, cached: str) -> HttpResponse:
    headers = {"Cache-Control": cached, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _absent() -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponseNotFound(b"not found\n", content_type=_TEXT, headers=headers)
