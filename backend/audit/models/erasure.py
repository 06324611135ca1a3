"""That a patient was erased: the row whose insertion erases, and what every trigger asks for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from backend.db import Row


class Erasure(Row):
    """A patient's record ended: inserting this row blanks and deletes it, table by table.

    Each app's migration says by a trigger on this table what becomes of its rows (decision 30).
    It names the patient by an id that leads to nobody any more, and no pseudonym. What refuses
    the row (a hold, a period that still runs, a record that is open) stands in
    `backend.retention`. Append-only.
    """

    PREFIX = "ers"

    patient_id = models.UUIDField(unique=True)
    patient_ref = models.CharField(max_length=40, unique=True)
    clinic_id = models.UUIDField()
    reason = models.CharField(max_length=24)
    years = models.PositiveSmallIntegerField(help_text="How long the record was to be kept.")
    last_entry_on = models.DateField()
    retained_until = models.DateField(help_text="The last day of the period.")
    erased_at = models.DateTimeField(help_text="On the patient's clock.")
    erased_by = models.CharField(max_length=120)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_reason_known",
                condition=Q(reason__in=["retention_ended", "patient_request"]),
            ),
            models.CheckConstraint(
                name="erasure_retained_since_last_entry",
                condition=Q(retained_until__gt=models.F("last_entry_on")),
            ),
        ]
        indexes = [models.Index(fields=["clinic_id", "id"], name="erasure_by_clinic")]
