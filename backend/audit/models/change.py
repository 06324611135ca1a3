"""What the database itself saw of each row: before and after, however it was written."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from backend.audit.models.xid import current_xid


class RowChange(models.Model):
    """One inserted, changed or deleted row of a clinical table. Only `keep_change()` writes it.

    Ids come from the sequence of the entries, so that one number names one record of either kind.
    The body commits to `before` and `after`; erasure takes those, their salt and the patient away
    and nothing else.
    """

    id = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField(db_default=current_xid())
    recorded_at = models.DateTimeField(db_default=Now())
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=6)
    actor = models.CharField(max_length=120)
    request_id = models.CharField(max_length=64)
    patient_id = models.UUIDField(null=True)
    salt = models.BinaryField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    body = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="row_change_operation_known",
                condition=Q(operation__in=["insert", "update", "delete"]),
            ),
        ]
        indexes = [
            models.Index(fields=["patient_id", "id"], name="change_by_patient"),
            models.Index(fields=["table_name", "row_id", "id"], name="change_by_row"),
            models.Index(fields=["xid", "id"], name="change_by_xid"),
        ]
