"""The policy that every endpoint asks (`backend.api.care`): decision 28 says what and why."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from backend import clock
from backend.accounts.models import Patient
from backend.api.care import CareRelationRequired
from backend.booking.models import Visit
from backend.care.models import EmergencyAccess
from backend.care.relations import care_of, opened_by_glass, patients_within_reach
from backend.care.rules import Care
from backend.db import Row
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.kernel.text import Text
from backend.origin import EMERGENCY, go_on_for
from backend.worklist.models import Task
from backend.worklist.rules import TaskStatus

# Shown to every physician of the clinic: whom to find, and who looked. The first shows no more of
# a stranger than it takes to break the glass (`PatientFoundOut`).
_OF_ALL = (Patient, EmergencyAccess)


class Policy:
    """Physicians open the records of patients with whom they have a care relation."""

    def admit(self, row: Row, actor: Actor) -> None:
        """See `backend.api.care.CarePolicy`."""
        patient = _patient_of(row)
        if patient is not None and patient.erased_at is not None:
            raise NotFound()
        if patient is None or actor.role is not Role.PHYSICIAN or _is_shown_anyhow(row, actor):
            return
        care = care_of(actor, patient.id, now=clock.now())
        if care is Care.NONE:
            raise _required(patient.ref)
        if care is Care.EMERGENCY:
            go_on_for(EMERGENCY)

    def within_reach(
        self, rows: QuerySet[Any], actor: Actor, *, patient: UUID | None
    ) -> QuerySet[Any]:
        """See `backend.api.care.CarePolicy`. Conditions of the same query. No erased patients."""
        model = rows.model
        if model is Patient or _is_about_patients(model):
            whose = "" if model is Patient else "patient__"
            rows = rows.filter(**{f"{whose}erased_at": None})
        if actor.role is not Role.PHYSICIAN or model in _OF_ALL or not _is_about_patients(model):
            return rows
        shown = _shown_anyhow(model, actor)
        if patient is not None and shown is None:
            _check_named(patient, actor)
            return rows
        reach = Q(patient_id__in=patients_within_reach(actor, now=clock.now()))
        return rows.filter(reach if shown is None else shown | reach)

    def seen_through_glass(self, rows: Iterable[Any], actor: Actor) -> set[UUID]:
        """See `backend.api.care.CarePolicy`. One query, for physicians."""
        if actor.role is not Role.PHYSICIAN:
            return set()
        seen = {row.patient_id for row in rows if _is_about_patients(type(row))}
        return opened_by_glass(actor, list(seen), now=clock.now())


def _patient_of(row: Row) -> Patient | None:
    if isinstance(row, Patient):
        return row
    return row.patient if _is_about_patients(type(row)) else None  # type: ignore[attr-defined]


def _is_about_patients(model: type[Model]) -> bool:
    return hasattr(model, "patient_id") and hasattr(model, "patient")


def _shown_anyhow(model: type[Model], actor: Actor) -> Q | None:
    """Rows that need no relation: what waits in the clinic's queue, and one's own diary."""
    if model is Task:
        return Q(status=TaskStatus.OPEN.value)
    return Q(physician__user_id=actor.user_id) if model is Visit else None


def _is_shown_anyhow(row: Row, actor: Actor) -> bool:
    if isinstance(row, Task):
        return row.status == TaskStatus.OPEN
    if isinstance(row, Visit):
        return row.physician.user_id == actor.user_id
    return isinstance(row, EmergencyAccess)


def _check_named(patient_id: UUID, actor: Actor) -> None:
    """An empty list would say that there is nothing to know. Of others' patients there is not."""
    patient = Patient.objects.filter(id=patient_id).first()
    if patient is None or patient.clinic_id != actor.clinic_id:
        return
    if care_of(actor, patient_id, now=clock.now()) is Care.NONE:
        raise _required(patient.ref)


def _required(patient_ref: str) -> CareRelationRequired:
    return CareRelationRequired(
        Text(
            "診療上必要な場合は、理由を記入して緊急アクセス（POST /v1/emergency_accesses）を"
            "開始してください。記録され、他の担当者が確認します。",
            "If care requires it, open the record with a written reason: "
            "POST /v1/emergency_accesses. It is recorded, and somebody else reviews it.",
        ),
        extra={"patient": patient_ref, "break_glass": "/v1/emergency_accesses"},
    )
