"""Manifests: what a bundle says of itself. Exporters ask for a signature, the sealer gives it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from backend.audit.export.head import signed_by
from backend.audit.models import BundleManifest, Checkpoint
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.kernel.canonical import canonical
from backend.transparency.notes import Signer, sign_note

FORMAT = "suhada-audit-bundle/1"
LONGEST = 1_000_000
AT_ONCE = 100


def text_to_sign(content: str) -> str:
    """The two lines that the log's key signs: never taken for a checkpoint."""
    return f"{FORMAT}\n{hashlib.sha256(content.encode()).hexdigest()}\n"


def ask_for_signature(content: str, *, by: Actor, at: datetime) -> BundleManifest:
    """Have the sealer sign a manifest at its next run."""
    require_transaction()
    size = json.loads(content)["tree_size"]
    return BundleManifest.objects.create(
        content=content, tree_size=size, asked_by=by.label, asked_at=at
    )


def sign_manifests(signer: Signer) -> int:
    """Sign those that wait, or say why not; how many were answered. For the sealer."""
    with transaction.atomic(durable=True):
        waiting = BundleManifest.objects.select_for_update(skip_locked=True)
        rows = list(waiting.filter(note=None, refusal=None).order_by("id")[:AT_ONCE])
        for row in rows:
            row.refusal = objection_to(row, signer)
            if row.refusal is None:
                row.note = sign_note(text_to_sign(row.content), signer)
            row.save(update_fields=["note", "refusal"])
    return len(rows)


def objection_to(row: BundleManifest, signer: Signer) -> str | None:
    """Why the log's key will not sign a manifest: it must be one, of a checkpoint that it signed.

    What the sealer cannot see is whether records were left out: that is the exporter's word.
    """
    said = _read(row.content)
    if said is None or said.get("format") != FORMAT:
        return "not a manifest"
    if said.get("origin") != signer.name:
        return "the manifest of another log"
    checkpoint = Checkpoint.objects.filter(size=row.tree_size).exclude(note=None).first()
    if said.get("tree_size") != row.tree_size or checkpoint is None:
        return "there is no such checkpoint"
    if not signed_by(checkpoint, signer.verifier):
        return "another key signed its checkpoint"
    return None


def _read(content: str) -> Mapping[str, Any] | None:
    """The manifest, if it is a JSON object in its canonical form."""
    try:
        said = json.loads(content) if len(content) <= LONGEST else None
        is_canonical = isinstance(said, dict) and canonical(said) == content.encode()
    except (ValueError, RecursionError):
        return None
    return said if is_canonical else None
