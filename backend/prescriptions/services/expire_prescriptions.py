"""Close what was not collected in time."""

from datetime import datetime

from django.db.models import DateField, DateTimeField, F, Func, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from backend.db import service
from backend.kernel.actor import Actor
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import ISSUED
from backend.prescriptions.steps.move_prescription import expire_prescription


@service
def expire_prescriptions(*, by: Actor, at: datetime, at_most: int = 100) -> int:
    """Expire issued prescriptions whose last day is over where the patient lives. How many.

    `at` is the wall clock; a patient on a test clock has that clock's time. Rows that somebody
    else holds are left for the next round. Call it again while it returns `at_most`.
    """
    rows = list(
        _overdue(at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("patient__test_clock")[:at_most]
    )
    for row in rows:
        clock = row.patient.test_clock
        expire_prescription(row, by=by, at=clock.frozen_at if clock else at)
    return len(rows)


def _overdue(at: datetime) -> QuerySet[Prescription]:
    now = Coalesce(F("patient__test_clock__frozen_at"), Value(at), output_field=DateTimeField())
    local = Func(F("patient__zone"), now, function="timezone", output_field=DateTimeField())
    return (
        Prescription.objects.filter(status__in=ISSUED)
        .alias(today=Cast(local, DateField()))
        .filter(valid_until__lt=F("today"))
        .order_by("valid_until", "id")
    )
