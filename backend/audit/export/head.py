"""The checkpoint that a bundle is proven by, the key that signed it, and who else attests it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.db.models.functions import TruncDate

from backend.audit.models import BundleManifest, Checkpoint, Cosignature
from backend.audit.verify.checkpoints import known_keys
from backend.transparency.checkpoints import open_checkpoint, with_cosignatures
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import Malformed, Unverified

WITNESSED_WITHIN = timedelta(hours=1)  # a witness that is away for longer is not waited for
DAYS, BUNDLES = 400, 400


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint with its cosignatures, and the key of the log that signed it."""

    size: int
    text: str
    key: VerifierKey


def newest_head() -> Head | None:
    """The newest checkpoint that a witness has cosigned; without witness, the newest signed one.

    None where there is none, or none that a known key signed.
    """
    signed = Checkpoint.objects.exclude(note=None).order_by("-size")
    newest = signed.first()
    if newest is None:
        return None
    lately = newest.sealed_at - WITNESSED_WITHIN
    seen = signed.filter(cosignatures__kind="witness", sealed_at__gte=lately).first()
    return _head(seen or newest)


def newest_signed() -> Head | None:
    """The newest signed checkpoint, whoever has seen it."""
    newest = Checkpoint.objects.exclude(note=None).order_by("-size").first()
    return _head(newest) if newest is not None else None


def _head(row: Checkpoint) -> Head | None:
    key = key_of(row)
    return Head(row.size, cosigned(row), key) if key is not None else None


def cosigned(row: Checkpoint) -> str:
    """The signed note with the witnesses' lines below the log's."""
    lines = row.cosignatures.filter(kind="witness").order_by("name").values_list("proof", flat=True)
    return with_cosignatures(str(row.note), [bytes(line).decode() for line in lines])


def key_of(row: Checkpoint) -> VerifierKey | None:
    """The key of the log that signed a checkpoint, among those that are known."""
    return next((key for key in known_keys() if signed_by(row, key)), None)


def signed_by(row: Checkpoint, key: VerifierKey) -> bool:
    """Whether this key signed the checkpoint, with this size and root."""
    try:
        head = open_checkpoint(str(row.note), key)
    except (Malformed, Unverified):
        return False
    return (head.size, head.root) == (row.size, bytes(row.root))


def earlier_heads(head: Head) -> Iterator[Checkpoint]:
    """Earlier checkpoints of the same key: those of the latest bundles, and the last of each day.

    Whoever kept one of them, from an older bundle for instance, sees that the log continues it.
    """
    earlier = Checkpoint.objects.exclude(note=None).filter(size__lt=head.size)
    by_day = earlier.annotate(day=TruncDate("sealed_at")).values("day").annotate(last=Max("size"))
    sizes = {row["last"] for row in by_day.order_by("-day")[:DAYS]}
    carried = BundleManifest.objects.filter(tree_size__lt=head.size).exclude(note=None)
    newest_first = carried.order_by("-tree_size").values_list("tree_size", flat=True)
    sizes |= set(newest_first.distinct()[:BUNDLES])
    for row in earlier.filter(size__in=sizes).order_by("size"):
        if signed_by(row, head.key):
            yield row


def newest_timestamp(head: Head) -> tuple[str, bytes] | None:
    """The newest checkpoint up to this one that an authority timestamped, and the timestamp."""
    rows = Cosignature.objects.filter(kind="rfc3161", checkpoint_id__lte=head.size)
    row = rows.select_related("checkpoint").order_by("-checkpoint_id").first()
    return None if row is None else (str(row.checkpoint.note), bytes(row.proof))
