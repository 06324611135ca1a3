"""The sealed trail: which record is which leaf, the tree's tiles, and its signed checkpoints."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from backend.db import together


class SealedLeaf(models.Model):
    """Record `record_id` (an entry or a row change) is leaf `leaf_index` of the tree."""

    leaf_index = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leaf_index_counts", condition=Q(leaf_index__gte=0))
        ]


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, as C2SP's tlog-tiles lays them out.

    The tile at the right edge grows until it is full; a full one never changes.
    """

    level = models.PositiveSmallIntegerField()
    tile_index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "tile_index"], name="one_tile_a_place"),
        ]


class Checkpoint(models.Model):
    """One size of the tree and its root: kept first, signed afterwards, and never two of a size.

    Every record of a transaction with an id below `settled_xmin` is in the tree. `columns_hash` is
    that of what the database alone says about the new records (`backend.audit.receipts`).
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    previous_size = models.BigIntegerField(help_text="Of the checkpoint before; 0 for the first.")
    settled_xmin = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    columns_hash = models.BinaryField()
    note = models.TextField(null=True, help_text="The signed note (C2SP tlog-checkpoint).")
    receipt = models.TextField(null=True, help_text="A signed note about all the other columns.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checkpoint_grows",
                condition=Q(previous_size__gte=0, size__gt=F("previous_size")),
            ),
            models.UniqueConstraint(name="one_checkpoint_follows", fields=["previous_size"]),
            models.CheckConstraint(
                name="checkpoint_signed_as_a_whole", condition=together("note", "receipt")
            ),
        ]


class Cosignature(models.Model):
    """What somebody outside says about a checkpoint: a witness, or a timestamp authority."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    proof = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cosignature_kind_known", condition=Q(kind__in=["witness", "rfc3161"])
            ),
            models.UniqueConstraint(
                fields=["checkpoint", "kind", "name"], name="one_cosignature_each"
            ),
        ]


class LogKey(models.Model):
    """A public key that checkpoints were signed with, as C2SP's signed notes spell it."""

    vkey = models.CharField(max_length=300, unique=True)
    introduced_at = models.DateTimeField(db_default=Now())


class SealerRun(models.Model):
    """When the sealer last looked, whether or not there was anything to seal. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    ran_at = models.DateTimeField()
    holder = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(name="one_sealer_run", condition=Q(id=1))]
