"""End claims whose time is over."""

from datetime import datetime

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce

from backend import clock
from backend.db import service
from backend.kernel.actor import Actor
from backend.pharmacy.steps.end_claim import end_claim
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PrescriptionStatus


@service
def lapse_claims(*, by: Actor, at: datetime, at_most: int = 100) -> int:
    """Open again what was claimed and not begun in time (W-03). Returns how many.

    `at` is the wall clock; a patient on a test clock has that clock's time. Rows that somebody
    else holds are left for the next round. Call it again while it returns `at_most`.
    """
    now = Coalesce(F("patient__test_clock__frozen_at"), Value(at), output_field=DateTimeField())
    rows = list(
        Prescription.objects.alias(now=now)  # an alias keeps patients without a test clock
        .filter(status=PrescriptionStatus.CLAIMED, claim_lapses_at__lte=F("now"))
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("patient__test_clock", "claimed_by")
        .order_by("claim_lapses_at", "id")[:at_most]
    )
    for row in rows:
        lives_on_a_clock = row.patient.test_clock_id is not None
        end_claim(row, by=by, at=clock.now(row.patient) if lives_on_a_clock else at)
    return len(rows)
