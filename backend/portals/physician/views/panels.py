"""The panels of a review that need tables of their own: dose, symptoms and mood."""

from django.http import HttpResponse

from backend import clock
from backend.followups.queries import check_ins_visible_to
from backend.kernel.actor import Role
from backend.pharmacy.models import Dispense
from backend.portals.physician.panels.dose import dose_of
from backend.portals.physician.panels.symptoms import MOST, heat_map
from backend.portals.physician.review import rows_to_review
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.records.models import Weight
from backend.records.queries import facts_visible_to
from backend.rulebook.queries import in_force_for


@page(PRESCRIPTIONS["read"], only=Role.PHYSICIAN)
def review_panels(visit: Visit, prescription_id: str) -> HttpResponse:
    """GET /physician/prescriptions/{id}/panels: the fragment that a review page puts in."""
    row = visit.find(rows_to_review(visit.actor), prescription_id)
    visit.saw(PRESCRIPTIONS["read"], row)
    at = clock.now(row.patient)
    weights = facts_visible_to(visit.actor, Weight).filter(patient=row.patient, retracted_at=None)
    weight = weights.order_by("-taken_on", "kg").first()
    handed_over = Dispense.objects.filter(prescription__course=row.course_id)
    pack, _activated = in_force_for(row.patient, at=at)
    check_ins = check_ins_visible_to(visit.actor).filter(patient=row.patient)
    content = {
        "row": row,
        "dose": dose_of(
            dispenses=handed_over.select_related("prescription__product"),
            dispensed_mg=row.course.dispensed_mg,
            weight_kg=weight.kg if weight else None,
            pack=pack,
            zone=row.patient.zone,
            prescription=row,
            today=clock.civil_day(at, row.patient.zone),
        ),
        "heat": heat_map(check_ins.order_by("-id")[: 2 * MOST]),
    }
    is_part = visit.request.headers.get("HX-Request") == "true"
    return visit.show(
        "physician/review/panels.html" if is_part else "physician/panels.html", content
    )
