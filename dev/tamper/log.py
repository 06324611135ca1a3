"""What a tamperer can know of the log: every record, leaf, tile and checkpoint, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from backend.transparency.notes import Signer
from dev.tamper.world import World

ENTRY, CHANGE = "audit_auditentry", "audit_rowchange"


class Again(Exception):
    """This choice changes nothing, or cannot be made; another is drawn."""


@dataclass(frozen=True)
class Tampering:
    """What was done, and to which records or leaves: a finding must name one of them.

    `says` is what a finding must say instead where no record and no leaf is concerned. `outside`:
    somebody has kept a checkpoint, without which nobody could know.
    """

    what: str
    records: frozenset[int] = frozenset()
    leaves: frozenset[int] = frozenset()
    says: str | None = None
    outside: bool = False


def done(
    what: str,
    *,
    records: Iterable[int] = (),
    leaves: Iterable[int] = (),
    says: str | None = None,
    outside: bool = False,
) -> Tampering:
    """The tampering, from any lists of records and leaves."""
    return Tampering(what, frozenset(records), frozenset(leaves), says, outside)


@dataclass(frozen=True)
class Record:
    """A sealed record: in which table, which leaf, its bytes, whose, whether it was erased."""

    id: int
    table: str
    leaf: int
    body: bytes
    pseudonym: str | None
    is_erased: bool


@dataclass(frozen=True)
class Log:
    """The log as it stands before each tampering."""

    world: World
    records: list[Record]
    sizes: list[int]
    signer: Signer = field(repr=False)

    @property
    def head(self) -> int:
        """The size of the tree."""
        return self.sizes[-1]

    @cached_property
    def by_id(self) -> dict[int, Record]:
        """The sealed records by number."""
        return {record.id: record for record in self.records}

    @cached_property
    def in_table(self) -> dict[str, list[Record]]:
        """The sealed entries, and the sealed row changes."""
        return {
            table: [record for record in self.records if record.table == table]
            for table in (ENTRY, CHANGE)
        }

    def before(self, size: int) -> int:
        """The size of the checkpoint before this one."""
        return max([earlier for earlier in self.sizes if earlier < size], default=0)

    def batch(self, size: int) -> range:
        """The leaves that came with a checkpoint."""
        return range(self.before(size), size)


_RECORDS = """
SELECT record.id, tbl, leaf_index, body, pseudonym, is_erased FROM (
    SELECT entry.id, 'audit_auditentry' AS tbl, body, pseudonym,
           coalesce(destroyed_at IS NOT NULL, false) AS is_erased
    FROM audit_auditentry AS entry LEFT JOIN audit_patientkey USING (pseudonym)
    UNION ALL SELECT id, 'audit_rowchange', body, NULL, salt IS NULL FROM audit_rowchange
) AS record JOIN audit_sealedleaf ON record_id = record.id ORDER BY leaf_index
"""


def read_log(world: World) -> Log:
    """The log that was made."""
    records = [
        Record(id_, table, leaf, bytes(body), pseudonym, is_erased)
        for id_, table, leaf, body, pseudonym, is_erased in rows(_RECORDS)
    ]
    sizes = [size for (size,) in rows("SELECT size FROM audit_checkpoint ORDER BY size")]
    return Log(world, records, sizes, world.signer)


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def value(sql: str, *values: Any) -> Any:
    """The one value that a query gives."""
    ((found,),) = rows(sql, *values)
    return found


def do(sql: str, *values: Any) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return int(cursor.rowcount)


def move_leaves(start: int, by: int) -> None:
    """Renumber all leaves from one on. In two steps: no number is there twice meanwhile."""
    far = 1_000_000_000
    do(
        "UPDATE audit_sealedleaf SET leaf_index = leaf_index + %s WHERE leaf_index >= %s",
        far + by,
        start,
    )
    do("UPDATE audit_sealedleaf SET leaf_index = leaf_index - %s WHERE leaf_index >= %s", far, far)
