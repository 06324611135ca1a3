"""Use case: a pharmacy will dispense for the clinic."""

from datetime import datetime

from backend.accounts.models import Pharmacy
from backend.accounts.queries import clinic_of
from backend.accounts.rules import PHARMACIES, PharmacyKind
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor


@service
def register_pharmacy(*, name: str, kind: PharmacyKind, by: Actor, at: datetime) -> Pharmacy:
    """The new pharmacy of the administrator's clinic."""
    pharmacy = Pharmacy.objects.create(clinic=clinic_of(by), name=name, kind=kind.value)
    record(PHARMACIES["register"].action, on=pharmacy, by=by, at=at, facts={"kind": kind.value})
    return pharmacy
