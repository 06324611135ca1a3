"""Whom an export is about, for the trail: its clinic, and its patient while the key exists."""

from dataclasses import dataclass
from uuid import UUID

from backend.api.entries import Target
from backend.audit.models import PatientKey
from backend.auditor.models import AuditExport


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry about an export names."""

    ref: str
    clinic_id: UUID
    patient: Target | None


def subject_of(export: AuditExport) -> Subject:
    """An export keeps the pseudonym alone: the patient behind it is asked for each time."""
    ref = patients_of([export]).get(export.pseudonym or "")
    return Subject(export.ref, export.clinic_id, Target(ref) if ref else None)


def patients_of(exports: list[AuditExport]) -> dict[str, str]:
    """The patients' public ids by pseudonym, of those whose key exists; one query."""
    names = [export.pseudonym for export in exports if export.pseudonym]
    known = PatientKey.objects.filter(pseudonym__in=names, patient_ref__isnull=False)
    return {name: str(ref) for name, ref in known.values_list("pseudonym", "patient_ref")}
