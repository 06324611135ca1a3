"""Reads."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Min, QuerySet

from backend.kernel.actor import Actor, Role
from backend.notifications.models import Notification

_CLINIC = {Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR}


def notifications_visible_to(actor: Actor) -> QuerySet[Notification]:
    """A patient's own; the clinic's for those who treat and audit; otherwise none."""
    rows = Notification.objects.select_related("patient__test_clock")
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in _CLINIC and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def next_due_on_clock(test_clock_id: UUID, *, until: datetime) -> datetime | None:
    """When the next notice of a patient on this test clock falls due, after its present."""
    found: datetime | None = Notification.objects.filter(
        status="queued",
        patient__test_clock_id=test_clock_id,
        due_at__gt=F("patient__test_clock__frozen_at"),
        due_at__lte=until,
    ).aggregate(first=Min("due_at"))["first"]
    return found


def oldest_due(at: datetime) -> float:
    """How long the oldest due notice has been waiting, in seconds; 0 when none is."""
    oldest: datetime | None = Notification.objects.filter(
        status__in=["queued", "leased"], due_at__lte=at, patient__test_clock=None
    ).aggregate(first=Min("due_at"))["first"]
    return max((at - oldest).total_seconds(), 0.0) if oldest else 0.0
