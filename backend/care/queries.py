"""Reading emergency accesses."""

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts.models import StaffMember
from backend.care.models import EmergencyAccess
from backend.care.rules import OVERSIGHT
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound


def emergency_accesses_visible_to(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Those of the clinic, for its physicians, administrators and auditors; else none."""
    rows = EmergencyAccess.objects.select_related("patient__test_clock", "task")
    if actor.role in OVERSIGHT and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def access_for_update(access_id: UUID, by: Actor) -> EmergencyAccess:
    """The locked access, if `by` may see it. Raises NotFound."""
    rows = emergency_accesses_visible_to(by).select_for_update(of=("self",))
    row = rows.filter(id=access_id).first()
    if row is None:
        raise NotFound()
    return row


def accesses_to_alert() -> QuerySet[EmergencyAccess]:
    """Those of which the administrators were not written to yet, the oldest first."""
    rows = EmergencyAccess.objects.select_related("patient__test_clock")
    return rows.filter(alerted_at=None).order_by("id")


def administrators_of(clinic_id: UUID) -> QuerySet[StaffMember]:
    """The administrators who work at a clinic now, with their accounts."""
    return StaffMember.objects.select_related("user").filter(
        clinic_id=clinic_id,
        user__role=Role.CLINIC_ADMINISTRATOR.value,
        user__is_active=True,
        deactivated_at=None,
    )
