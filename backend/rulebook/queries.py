"""Reads: the packs that decisions were made by, who activated which, and which answers when."""

from datetime import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from backend.accounts.models import Clinic, Patient
from backend.clock import civil_day
from backend.kernel.actor import Actor
from backend.protocol.pack import (
    NOT_ACTIVATED,
    Activated,
    Pack,
    pack_from,
    pack_in_force,
    waits_for_anybody,
)
from backend.rulebook.errors import PackAltered, PackNotKept
from backend.rulebook.models import PackActivation, RulePackVersion
from backend.rulebook.rules import AT_CLINIC


@lru_cache(maxsize=32)
def pack_of_version(version: str) -> Pack:
    """The pack as it stood in this version. The content must hash to the version.

    Raises PackNotKept, PackAltered (422).
    """
    kept = RulePackVersion.objects.filter(version=version).first()
    if kept is None:
        raise PackNotKept()
    pack = pack_from(kept.content)
    if pack.version != version:
        raise PackAltered()
    return pack


def activations_visible_to(actor: Actor) -> QuerySet[PackActivation]:
    """The activations of the actor's clinic, for those who belong to it; else none."""
    if actor.role not in AT_CLINIC or actor.clinic_id is None:
        return PackActivation.objects.none()
    return PackActivation.objects.filter(clinic_id=actor.clinic_id).select_related("physician")


def activated_for(clinic: Clinic, *, at: datetime) -> Activated:
    """Pack id -> first civil day, of the activations that stood at `at`.

    One that was withdrawn later still counts for an instant before that. A clinic whose programme
    has no pack that waits is not looked up.
    """
    if not waits_for_anybody(clinic.programme):
        return NOT_ACTIVATED
    stood = PackActivation.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), clinic=clinic, activated_at__lte=at
    )
    return dict(stood.order_by("activated_at").values_list("pack", "in_force_on"))


def in_force_for(patient: Patient, *, at: datetime) -> tuple[Pack, Activated]:
    """The pack that answers for a patient at `at`, and the activations that it rests on.

    The patient's civil day counts, and what the clinic had activated by then. Raises NoSuchPack
    (422).
    """
    clinic = patient.clinic
    activated = activated_for(clinic, at=at)
    return pack_in_force(clinic.programme, civil_day(at, patient.zone), activated), activated
