"""Have the newest checkpoint attested by everybody outside who is configured."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from backend.audit.anchors.port import Anchor, AnchorFailed, Head
from backend.audit.anchors.timestamp import TimestampAuthority, roots_from
from backend.audit.anchors.witness import Witness
from backend.audit.models import Checkpoint, Cosignature
from backend.audit.seal import read_tile
from backend.transparency.notes import VerifierKey
from backend.transparency.tiles import prove_consistency


def configured_anchors() -> list[Anchor]:
    """Those of the environment: AUDIT_WITNESS_URL and _KEY, AUDIT_TSA_URL and _ROOTS."""
    anchors: list[Anchor] = []
    if settings.AUDIT_WITNESS_URL:
        key = VerifierKey.parse(settings.AUDIT_WITNESS_KEY)
        anchors.append(Witness(settings.AUDIT_WITNESS_URL, key))
    if settings.AUDIT_TSA_URL:
        roots = roots_from(Path(settings.AUDIT_TSA_ROOTS).read_bytes())
        anchors.append(TimestampAuthority(settings.AUDIT_TSA_URL, settings.AUDIT_TSA_URL, roots))
    return anchors


def anchor_newest(anchors: Sequence[Anchor], *, at: datetime) -> dict[str, str]:
    """Ask each anchor that is due for the newest signed checkpoint; what failed, by name.

    Outside of any transaction: the network is slow. What an anchor does not attest now it is
    asked for at the next run, for the newest checkpoint then.
    """
    row = Checkpoint.objects.exclude(note=None).order_by("-size").first()
    failed = {}
    for anchor in anchors if row is not None else ():
        last = Cosignature.objects.filter(kind=anchor.kind, name=anchor.name)
        newest = last.order_by("-checkpoint_id").first()
        if row is None or not _is_due(anchor, newest, row, at):
            continue
        try:
            proof = anchor.attest(_head(row), attested_size=newest.checkpoint_id if newest else 0)
        except AnchorFailed as error:
            failed[anchor.name] = str(error)
            continue
        with transaction.atomic(durable=True):
            Cosignature.objects.create(
                checkpoint=row, kind=anchor.kind, name=anchor.name, proof=proof, received_at=at
            )
    return failed


def _is_due(anchor: Anchor, newest: Cosignature | None, row: Checkpoint, at: datetime) -> bool:
    if newest is None:
        return True
    waited: timedelta = at - newest.received_at
    return newest.checkpoint_id < row.size and waited >= anchor.every


def _head(row: Checkpoint) -> Head:
    return Head(
        size=row.size,
        note=str(row.note),
        consistency_from=lambda size: prove_consistency(size, row.size, read_tile),
    )
