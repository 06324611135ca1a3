"""Seal the trail: number settled records without gaps, grow the tree, sign its checkpoints.

Records are settled once no transaction that may still write one has a lower id; only then is their
order final. One sealer at a time, elected by an advisory lock that ends with the transaction.
Each size of the tree is kept before it is signed, so that no two roots of one size are ever signed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from backend.audit.models import Checkpoint, LogKey, SealerRun, Tile
from backend.audit.receipts import COLUMNS, Receipt, hash_of
from backend.audit.record import instant
from backend.transparency.checkpoints import Checkpoint as TreeHead
from backend.transparency.checkpoints import sign_checkpoint
from backend.transparency.notes import Signer, sign_note
from backend.transparency.reading import Malformed
from backend.transparency.tiles import RightEdge
from backend.transparency.tiles import Tile as GrownTile

LOCK = 7_240_117_001  # any number, the same for every sealer of a database
BATCH = 20_000

_SETTLED = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
# The id at which a batch ends: whole transactions only, and one at least.
_BATCH_END = """
WITH due AS (SELECT xid FROM audit_record WHERE xid >= %s AND (xid < %s OR xid >= %s))
SELECT (SELECT xid FROM due ORDER BY xid LIMIT 1),
       (SELECT xid FROM due ORDER BY xid OFFSET %s LIMIT 1)
"""
_NUMBER = f"""
WITH fresh AS (
    SELECT id, xid, leaf, {COLUMNS} AS columns FROM audit_record AS record
    WHERE xid >= %s AND (xid < %s OR xid >= %s)
      AND NOT EXISTS (SELECT FROM audit_sealedleaf WHERE record_id = record.id)
), numbered AS (
    SELECT id, leaf, columns, %s + row_number() OVER (ORDER BY xid, id) - 1 AS leaf_index
    FROM fresh
), kept AS (
    INSERT INTO audit_sealedleaf (leaf_index, record_id) SELECT leaf_index, id FROM numbered
)
SELECT leaf, columns FROM numbered ORDER BY leaf_index
"""  # noqa: S608 - names of our own


class TrailBroken(Exception):
    """The tiles do not have the root that was kept: what would be signed now is not the tree."""


Fresh = Sequence[tuple[bytes, bytes]]
"""New records in the order of their leaves: leaf hash, and the columns that a receipt covers."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run did: the tree's size now, how many leaves are new, whether more wait."""

    size: int
    leaves: int
    more: bool


def seal_batch(*, holder: str, at: datetime) -> Sealed | None:
    """Put the next settled records into the tree; None while another sealer is at it.

    Raises TrailBroken, and seals nothing, where the tree so far is not the one that was kept.
    """
    with transaction.atomic(durable=True):
        if not _is_elected():
            return None
        head = Checkpoint.objects.order_by("-size").first()
        size = head.size if head else 0
        begin, end, beyond, more = _bounds(head)
        fresh = _numbered(size, begin, end, beyond)
        if fresh:
            _grow(_edge_of(head), fresh, settled_xmin=end, at=at)
        SealerRun.objects.update_or_create(id=1, defaults={"ran_at": at, "holder": holder})
    return Sealed(size + len(fresh), len(fresh), more)


def sign_checkpoints(signer: Signer) -> list[Checkpoint]:
    """Sign every checkpoint that is kept and not yet signed; those that are now."""
    signed = []
    with transaction.atomic(durable=True):
        for row in Checkpoint.objects.select_for_update().filter(note=None).order_by("size"):
            head = TreeHead(signer.name, row.size, bytes(row.root))
            row.note = sign_checkpoint(head, signer)
            row.receipt = sign_note(_receipt_of(row).text(signer.name), signer)
            row.save(update_fields=["note", "receipt"])
            signed.append(row)
    return signed


def _receipt_of(row: Checkpoint) -> Receipt:
    return Receipt(
        size=row.size,
        root=bytes(row.root),
        previous_size=row.previous_size,
        settled_xmin=row.settled_xmin,
        sealed_at=instant(row.sealed_at),
        columns_hash=bytes(row.columns_hash),
    )


def introduce(signer: Signer) -> None:
    """Keep the sealer's public key, so that readers of the trail know which keys signed it."""
    LogKey.objects.get_or_create(vkey=str(signer.verifier))


def _is_elected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (elected,) = cursor.fetchone()
    return bool(elected)


def _bounds(head: Checkpoint | None) -> tuple[int, int, int, bool]:
    """From which transaction id to which one records are due, and whether more wait behind.

    Ids from `beyond` on cannot exist in this database's present life: such records come from
    before it was restored elsewhere. They are settled, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        end, beyond = cursor.fetchone()
        begin = head.settled_xmin if head and head.settled_xmin <= beyond else 0
        cursor.execute(_BATCH_END, [begin, end, beyond, BATCH])
        first, last = cursor.fetchone()
    if last is None or last >= beyond:
        return begin, end, beyond, False
    return begin, max(last, first + 1), beyond, True


def _numbered(size: int, begin: int, end: int, beyond: int) -> Fresh:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [begin, end, beyond, size])
        return [(bytes(leaf), bytes(columns)) for leaf, columns in cursor.fetchall()]


def _edge_of(head: Checkpoint | None) -> RightEdge:
    if head is None:
        return RightEdge()
    try:
        edge = RightEdge.load(head.size, read_tile)
    except (Malformed, Tile.DoesNotExist):
        raise TrailBroken(f"a tile of the tree of {head.size} leaves is missing or cut") from None
    if edge.root() != bytes(head.root):
        raise TrailBroken(f"the tiles do not have the root of {head.size} leaves")
    return edge


def _grow(edge: RightEdge, fresh: Fresh, *, settled_xmin: int, at: datetime) -> None:
    previous_size = edge.size
    _keep(edge.append([leaf for leaf, _columns in fresh]))
    Checkpoint.objects.create(
        size=edge.size,
        root=edge.root(),
        previous_size=previous_size,
        settled_xmin=settled_xmin,
        sealed_at=at,
        columns_hash=hash_of(columns for _leaf, columns in fresh),
    )


def read_tile(level: int, tile_index: int) -> bytes:
    """A tile's hashes. Raises Tile.DoesNotExist for one that the tree has not reached."""
    return bytes(Tile.objects.only("hashes").get(level=level, tile_index=tile_index).hashes)


def _keep(tiles: Iterable[GrownTile]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=tile.level, tile_index=tile.index, hashes=tile.hashes) for tile in tiles],
        update_conflicts=True,
        unique_fields=["level", "tile_index"],
        update_fields=["hashes"],
        batch_size=500,
    )
