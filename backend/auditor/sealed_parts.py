"""The bytes of an export, as they are kept: sealed, in pieces, in the order of their numbers."""

from collections.abc import Iterator

from backend.auditor.models import AuditExport
from backend.secret_box import seal, unseal

_PURPOSE = "audit-export"


def sealed(export: AuditExport, number: int, data: bytes) -> bytes:
    """A piece, readable by the service alone, as this piece of this export."""
    return seal(data, purpose=_PURPOSE, bound_to=_place(export, number))


def opened(export: AuditExport, number: int, box: bytes) -> bytes:
    """The piece again."""
    return unseal(box, purpose=_PURPOSE, bound_to=_place(export, number))


def file_of(export: AuditExport) -> Iterator[bytes]:
    """The whole file, piece by piece: one is held at a time."""
    numbers = list(export.parts.order_by("number").values_list("number", flat=True))
    for number in numbers:
        yield opened(export, number, bytes(export.parts.get(number=number).sealed))


def _place(export: AuditExport, number: int) -> bytes:
    return f"{export.ref} {number}".encode()
