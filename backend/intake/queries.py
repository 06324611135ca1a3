"""Reads: who may see which responses and signatures, and the facts of the consents."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from backend.accounts.models import Patient
from backend.db import Row
from backend.intake.models import ConsentSignature, IntakeResponse
from backend.intake.rules import READERS
from backend.kernel.actor import Actor, Role
from backend.protocol.vocabulary import CONSENTS, DISCLOSURES

AnyRow = TypeVar("AnyRow", bound=Row)


def responses_visible_to(actor: Actor) -> QuerySet[IntakeResponse]:
    """Own responses; those of the own clinic's patients, only what was submitted."""
    rows = _visible(IntakeResponse, actor)
    return rows if actor.role is Role.PATIENT else rows.filter(status="submitted")


def signatures_visible_to(actor: Actor) -> QuerySet[ConsentSignature]:
    """Own signatures; those of the own clinic's patients."""
    return _visible(ConsentSignature, actor)


def facts_about(patient: Patient, *, at: datetime) -> dict[str, Any]:
    """What the patient consented to and acknowledged, as it stood at `at`, in one query.

    `{"visit": {"consents": [...], "disclosures": [...]}}` in the vocabulary of the protocol
    (S-12, J-10, J-21, J-25). Nothing signed is a known none: empty lists.
    """
    standing = ConsentSignature.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), patient=patient, signed_at__lte=at
    )
    codes: set[str] = set()
    disclosures: set[str] = set()
    for code, points in standing.values_list("code", "disclosures"):
        codes.add(code)
        disclosures.update(points)
    return {
        "visit": {
            "consents": sorted(codes & CONSENTS),
            "disclosures": sorted(disclosures & DISCLOSURES),
        }
    }


def _visible(model: type[AnyRow], actor: Actor) -> QuerySet[AnyRow]:
    rows: QuerySet[AnyRow] = model._default_manager.select_related(
        "patient__test_clock", "patient__clinic"
    )
    if actor.role is Role.PATIENT:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in READERS:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()
