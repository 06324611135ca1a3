"""What a prescription can be written with: the patient's visits, the clinic's products and lots."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from backend.booking.queries import visits_visible_to
from backend.booking.rules import VisitStatus
from backend.formulary.queries import lots_visible_to, products_visible_to
from backend.formulary.rules import LotStatus
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Course

MOST = 30  # of each


def choices_for(visit: Visit, course: Course) -> dict[str, Any]:
    """What can be chosen: visits of the patient, products and usable lots of the clinic."""
    visits = (
        visits_visible_to(visit.actor)
        .filter(patient=course.patient_id, status=VisitStatus.COMPLETED)
        .order_by("-starts_at")[:MOST]
    )
    products = products_visible_to(visit.actor).order_by("strength_mg")[:MOST]
    lots = lots_visible_to(visit.actor).filter(status=LotStatus.IN_USE).order_by("expires_on")
    return {
        "visits": [(v.ref, date_format(localtime(v.starts_at), "DATE_FORMAT")) for v in visits],
        "products": [(p.ref, f"{p.name} ({p.strength_mg} mg)") for p in products],
        "lots": [
            (lot.ref, f"{lot.number} ({date_format(lot.expires_on, 'DATE_FORMAT')})")
            for lot in lots[:MOST]
        ],
    }
