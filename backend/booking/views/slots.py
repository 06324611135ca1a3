"""Free slots over HTTP."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.booking.filters import SLOT_PARAMETERS, slot_query
from backend.booking.queries import days_in, free_slots
from backend.booking.rules import SLOTS
from backend.booking.serializers.hours import SlotOut


class Slots(Endpoint):
    """GET /v1/slots"""

    verbs = {"get": SLOTS["list"]}

    def known_parameters(self) -> set[str]:
        """All of them; this list is computed, so no FilterSet reads it."""
        return {parameter.name for parameter in SLOT_PARAMETERS}

    @operation(gives=SlotOut, many=True, parameters=SLOT_PARAMETERS)
    def get(self, request: Request) -> HttpResponse:
        """A physician's free slots that are still to come, in the days of where you live."""
        asked = slot_query(request._request.GET)
        subject, zone = _who_looks(request.user)
        slots = free_slots(
            asked.physician_id,
            days_in(zone, asked.first, asked.after_last),
            by=self.actor,
            at=clock.now(subject),
        )
        return self.listed_from(slots, SlotOut, key=lambda slot: slot.starts_at.isoformat())


def _who_looks(user: Any) -> tuple[Any, str]:
    """Whose clock and zone count: a patient's own; for staff the wall clock and the clinic's."""
    patient = getattr(user, "patient", None)
    if patient is not None:
        return patient, patient.zone
    return None, user.staff_member.clinic.zone
