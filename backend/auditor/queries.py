"""Which entries an actor may see."""

from django.db.models import QuerySet

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import public_id


def entries_visible_to(actor: Actor) -> QuerySet[AuditEntry]:
    """Auditors: their clinic's. Patients: what concerns them. Nobody else: none."""
    entries = AuditEntry.objects.all()
    if actor.role is Role.AUDITOR and actor.clinic_id is not None:
        return entries.filter(clinic_id=actor.clinic_id)
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return entries.filter(pseudonym=pseudonym_of(public_id("pt", actor.patient_id)) or "-")
    return entries.none()
