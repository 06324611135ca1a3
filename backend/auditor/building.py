"""Build an export, piece by piece: no transaction is held open while the trail is read."""

from datetime import datetime
from typing import IO, cast

from backend import clock
from backend.audit.export.bundle import write_bundle
from backend.audit.export.errors import CannotExport
from backend.auditor.models import AuditExport
from backend.auditor.queries import scope_of
from backend.auditor.rules import MOST_RECORDS
from backend.auditor.services.await_signature import await_signature
from backend.auditor.services.fail_export import fail_export
from backend.auditor.services.keep_part import keep_part
from backend.kernel.actor import Actor

PART_BYTES = 1 << 20
END_BYTES = 1 << 16  # the last piece holds the archive's directory whole: the signature goes there


class Parts:
    """A file to write to, kept as pieces of an export."""

    def __init__(self, export: AuditExport, by: Actor) -> None:
        self.size_bytes = 0
        self._export, self._by = export, by
        self._number, self._waiting = 0, bytearray()

    def write(self, data: bytes) -> int:
        """Keep the bytes; a piece of them is written once there is enough."""
        self._waiting += data
        self.size_bytes += len(data)
        while len(self._waiting) >= PART_BYTES + END_BYTES:
            self._keep(PART_BYTES)
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces have one size."""

    def close(self) -> None:
        """Write the last piece."""
        self._keep(len(self._waiting))

    def _keep(self, length: int) -> None:
        keep_part(
            export_id=self._export.id,
            epoch=self._export.epoch,
            number=self._number,
            data=bytes(self._waiting[:length]),
            by=self._by,
            at=clock.now(),
        )
        del self._waiting[:length]
        self._number += 1


def build_export(export: AuditExport, *, by: Actor, at: datetime) -> None:
    """Write the whole file but its signature. `export` is claimed. Raises LeaseLost."""
    parts = Parts(export, by)
    try:
        out = cast(IO[bytes], parts)  # all that an archive asks of a file that it cannot seek
        written = write_bundle(scope_of(export), out, at=at, most=MOST_RECORDS)
    except CannotExport as error:
        fail_export(export_id=export.id, epoch=export.epoch, code=error.code, by=by, at=at)
        return
    parts.close()
    await_signature(
        export_id=export.id,
        epoch=export.epoch,
        written=written,
        size_bytes=parts.size_bytes,
        by=by,
        at=at,
    )
