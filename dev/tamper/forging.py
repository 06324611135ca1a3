"""A forger's tools: records that are whole in themselves, and the tree grown over them again."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from backend.audit.models import Checkpoint
from backend.audit.receipts import COLUMNS, Receipt, hash_of
from backend.kernel.canonical import canonical
from backend.transparency.checkpoints import Checkpoint as TreeHead
from backend.transparency.checkpoints import sign_checkpoint
from backend.transparency.merkle import root_of
from backend.transparency.notes import Signer, sign_note
from backend.transparency.tiles import RightEdge
from dev.tamper.log import CHANGE, ENTRY, Record, do, rows, value

# Columns of an entry that repeat its bytes, by the name that they have there.
_REPEATED = {
    "action": "action",
    "actor": "actor",
    "actor_role": "actor_role",
    "object": "object_ref",
    "outcome": "outcome",
    "request_id": "request_id",
}


def leaf_of(body: bytes) -> bytes:
    """The leaf hash of a record's bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def copy_record(record: Record, new_id: int) -> None:
    """Insert a copy of a record under another number, whole in itself."""
    do(
        f"INSERT INTO {record.table} SELECT (jsonb_populate_record(old, "
        f"jsonb_build_object('id', %s::bigint))).* FROM {record.table} AS old WHERE id = %s",
        new_id,
        record.id,
    )


def rewrite(record: Record, **said: str) -> bytes:
    """Let a record say something else, in its bytes, hash and columns alike; its new hash."""
    body = canonical({**json.loads(record.body), **said})
    leaf = leaf_of(body)
    do(f"UPDATE {record.table} SET body = %s, leaf = %s WHERE id = %s", body, leaf, record.id)
    names = _REPEATED if record.table == ENTRY else {"actor": "actor", "request_id": "request_id"}
    for name, text in said.items():
        if name in names:
            do(f"UPDATE {record.table} SET {names[name]} = %s WHERE id = %s", text, record.id)
    if record.table == CHANGE and "object" in said:
        table, row = said["object"].split("/")
        do(f"UPDATE {CHANGE} SET table_name = %s, row_id = %s WHERE id = %s", table, row, record.id)
    return leaf


def leaves_now() -> list[bytes]:
    """The leaf hashes of the records as they are numbered now."""
    found = rows(
        "SELECT leaf FROM audit_sealedleaf JOIN (SELECT id, leaf FROM audit_auditentry "
        "UNION ALL SELECT id, leaf FROM audit_rowchange) AS record ON record.id = record_id "
        "ORDER BY leaf_index"
    )
    return [bytes(leaf) for (leaf,) in found]


def regrow_tiles(leaves: list[bytes], levels: Iterable[int] = range(64)) -> None:
    """Tiles of these leaves in place of those that are there, on the levels asked for."""
    wanted = set(levels)
    for tile in RightEdge().append(leaves):
        if tile.level in wanted:
            do(
                "UPDATE audit_tile SET hashes = %s WHERE level = %s AND tile_index = %s",
                tile.hashes,
                tile.level,
                tile.index,
            )


def resum_checkpoints(leaves: list[bytes], start: int) -> None:
    """Roots and column hashes of all checkpoints above a leaf, from what is there now."""
    for size, before in rows(
        "SELECT size, previous_size FROM audit_checkpoint WHERE size > %s ORDER BY size", start
    ):
        columns = rows(
            f"SELECT {COLUMNS} FROM audit_sealedleaf JOIN (SELECT id, xid, recorded_at "
            "FROM audit_auditentry UNION ALL SELECT id, xid, recorded_at FROM audit_rowchange) "
            "AS record ON record.id = record_id WHERE leaf_index >= %s AND leaf_index < %s "
            "ORDER BY leaf_index",
            before,
            size,
        )
        do(
            "UPDATE audit_checkpoint SET root = %s, columns_hash = %s WHERE size = %s",
            root_of(leaves[:size]),
            hash_of(bytes(one) for (one,) in columns),
            size,
        )


def resign(start: int, signer: Signer) -> None:
    """Notes and receipts of all checkpoints above a leaf, by another's key."""
    for row in Checkpoint.objects.filter(size__gt=start).order_by("size"):
        head = TreeHead(signer.name, row.size, bytes(row.root))
        note, receipt = sign_checkpoint(head, signer), sign_note(receipt_of(row, signer), signer)
        do(
            "UPDATE audit_checkpoint SET note = %s, receipt = %s WHERE size = %s",
            note,
            receipt,
            row.size,
        )


def receipt_of(row: Checkpoint, signer: Signer) -> str:
    """The receipt's text, as the sealer would write it."""
    at: Any = value(
        "SELECT to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
        "FROM audit_checkpoint WHERE size = %s",
        row.size,
    )
    root, columns = bytes(row.root), bytes(row.columns_hash)
    return Receipt(row.size, root, row.previous_size, row.settled_xmin, at, columns).text(
        signer.name
    )
