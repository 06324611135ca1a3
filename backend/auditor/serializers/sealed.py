"""Row changes and checkpoints as they are shown."""

import base64

from rest_framework import serializers

from backend.audit.models import Checkpoint, Cosignature, RowChange
from backend.auditor.filters import OPERATIONS
from backend.kernel.ids import public_id


class RowChangeOut(serializers.Serializer):
    """What the database saw of one row: before and after, by whom, for which request."""

    id = serializers.CharField(read_only=True)
    recorded_at = serializers.DateTimeField(read_only=True, help_text="The database's clock, UTC.")
    table = serializers.CharField(read_only=True, source="table_name")
    row = serializers.CharField(
        read_only=True, source="row_id", help_text="`itself` for a patient's own row."
    )
    operation = serializers.ChoiceField(read_only=True, choices=OPERATIONS)
    actor = serializers.CharField(
        read_only=True, help_text="`database:<role>` where no act of the service did it."
    )
    request_id = serializers.CharField(read_only=True)
    patient = serializers.SerializerMethodField(help_text="Null where it concerns nobody (more).")
    before = serializers.JSONField(read_only=True, help_text="Null for an insert, and if erased.")
    after = serializers.JSONField(read_only=True, help_text="Null for a delete, and if erased.")
    is_erased = serializers.SerializerMethodField(
        help_text="Its proof stays; what it told is gone."
    )
    leaf = serializers.SerializerMethodField(help_text="SHA-256 leaf hash, hexadecimal.")

    def get_patient(self, change: RowChange) -> str | None:
        """The public id."""
        return public_id("pt", change.patient_id) if change.patient_id else None

    def get_is_erased(self, change: RowChange) -> bool:
        """Erasure takes the salt with everything else."""
        return change.salt is None

    def get_leaf(self, change: RowChange) -> str:
        """The leaf hash in hexadecimal."""
        return bytes(change.leaf).hex()


class CosignatureOut(serializers.Serializer):
    """What somebody outside says about a checkpoint."""

    kind = serializers.ChoiceField(
        read_only=True, choices=[(one, one) for one in ("witness", "rfc3161")]
    )
    name = serializers.CharField(read_only=True)
    received_at = serializers.DateTimeField(read_only=True)
    proof = serializers.SerializerMethodField(
        help_text="Base 64: a signature line (witness), or a timestamp response (DER)."
    )

    def get_proof(self, cosignature: Cosignature) -> str:
        """The bytes."""
        return base64.b64encode(bytes(cosignature.proof)).decode()


class AuditCheckpointOut(serializers.Serializer):
    """One size of the log and its root, signed."""

    size = serializers.IntegerField(read_only=True)
    previous_size = serializers.IntegerField(read_only=True)
    root_hash = serializers.SerializerMethodField(help_text="RFC 6962 tree hash, base 64.")
    sealed_at = serializers.DateTimeField(read_only=True)
    note = serializers.CharField(read_only=True, help_text="c2sp.org/tlog-checkpoint.")
    cosignatures = CosignatureOut(many=True, read_only=True)

    def get_root_hash(self, checkpoint: Checkpoint) -> str:
        """The root."""
        return base64.b64encode(bytes(checkpoint.root)).decode()
