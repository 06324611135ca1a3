"""Write down that medicine came back and was destroyed."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import refused_by, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.errors import MoreThanDispensed
from backend.pharmacy.models import Dispense, MedicineReturn
from backend.pharmacy.queries import dispenses_with_returns
from backend.pharmacy.rules import DISPENSES, ReturnReason
from backend.prescriptions.steps.lock_prescription import lock_prescription


@service
def record_return(
    *, dispense_id: UUID, capsules: int, reason: str, by: Actor, at: datetime
) -> Dispense:
    """Capsules that are back: never dispensed again, off the course's total (W-09).

    Raises MoreThanDispensed (409) for more than this hand-over gave out.
    """
    dispense = Dispense.objects.select_related("prescription").get(id=dispense_id)
    row = lock_prescription(dispense.prescription_id)
    mg = capsules * row.product.strength_mg
    with refused_by({"medicine_return_within_dispense": MoreThanDispensed}):
        back = MedicineReturn.objects.create(
            dispense=dispense,
            patient=row.patient,
            capsules=capsules,
            mg=mg,
            reason=ReturnReason(reason).value,
            returned_at=at,
            recorded_by=by.label,
        )
    facts = {"return_id": back.ref, "capsules": str(capsules), "mg": str(mg), "reason": reason}
    record(DISPENSES["record_return"].action, on=dispense, by=by, at=at, facts=facts)
    payload = {
        "return_id": back.ref,
        "dispense_id": dispense.ref,
        "prescription_id": row.ref,
        "course_id": row.course.ref,
        "patient_id": row.patient.ref,
        "reason": reason,
    }
    emit(events.MEDICINE_RETURNED, at=at, payload=payload)
    return dispenses_with_returns().get(id=dispense.id)
