"""What of the trail an actor may see, and which exports are due. Anything not said here is no."""

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.accounts.models import Patient
from backend.audit.export.asked import patient_scope
from backend.audit.export.scope import Scope, of_period
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Checkpoint, PatientKey, RowChange
from backend.auditor.models import AuditExport
from backend.auditor.rules import ExportStatus
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


def changes_visible_to(actor: Actor) -> QuerySet[RowChange]:
    """Auditors: changes of their clinic's rows. Nobody else: none."""
    if actor.role is not Role.AUDITOR or actor.clinic_id is None:
        return RowChange.objects.none()
    return changes_of_clinic(actor.clinic_id)


def changes_of_clinic(clinic_id: UUID) -> QuerySet[RowChange]:
    """Of its patients, of rows that are the clinic's and nobody's else, and what was erased.

    An erased change names nobody any more: it is the clinic's whose entry its transaction holds.
    """
    own = Patient.objects.filter(clinic_id=clinic_id).values("id")
    names_clinic = Q(after__clinic_id=str(clinic_id)) | Q(before__clinic_id=str(clinic_id))
    acted = AuditEntry.objects.filter(xid=OuterRef("xid"), clinic_id=clinic_id)
    return RowChange.objects.filter(
        Q(patient_id__in=own)
        | Q(patient_id=None, salt__isnull=False) & names_clinic
        | Q(patient_id=None, salt=None) & Exists(acted)
    )


def checkpoints_visible_to(actor: Actor) -> QuerySet[Checkpoint]:
    """Signed ones, for auditors: the log is one for all clinics, and a checkpoint names nobody."""
    rows = Checkpoint.objects.exclude(note=None).prefetch_related("cosignatures")
    return rows if actor.role is Role.AUDITOR else rows.none()


def exports_visible_to(actor: Actor) -> QuerySet[AuditExport]:
    """Auditors: their clinic's. Patients: those that they asked for. Nobody else: none."""
    rows = AuditExport.objects.select_related("requested_by", "manifest")
    if actor.role is Role.AUDITOR and actor.clinic_id is not None:
        return rows.filter(clinic_id=actor.clinic_id)
    if actor.role is Role.PATIENT and actor.user_id is not None:
        return rows.filter(requested_by_id=actor.user_id)
    return rows.none()


def overdue(rows: QuerySet[AuditExport], at: datetime) -> QuerySet[AuditExport]:
    """Exports whose time is over, or that tell of somebody whose key was destroyed since."""
    destroyed = PatientKey.objects.filter(destroyed_at__isnull=False).values("pseudonym")
    kept = Q(status__in=[ExportStatus.SIGNING, ExportStatus.READY])
    is_old = Q(status=ExportStatus.READY, expires_at__lte=at)
    return rows.filter(is_old | kept & Q(opens__overlap=ArraySubquery(destroyed)))


def awaiting_signature() -> list[UUID]:
    """Exports that are whole but for the sealer's signature."""
    rows = AuditExport.objects.filter(status=ExportStatus.SIGNING).order_by("id")
    return list(rows.values_list("id", flat=True))


def scope_of(export: AuditExport) -> Scope:
    """Which records an export is of, and what of them it opens."""
    if export.pseudonym is not None:
        return patient_scope(export.pseudonym, opens_rows=export.with_rows)
    begin, end = export.recorded_from, export.recorded_until
    if begin is None or end is None:
        raise ValueError("an export is of a patient or of a period")
    return of_period(
        begin,
        end,
        entries=AuditEntry.objects.filter(clinic_id=export.clinic_id),
        changes=changes_of_clinic(export.clinic_id),
        clinic=public_id("cl", export.clinic_id),
    )
