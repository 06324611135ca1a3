"""Where a prescription stands with what must be so before it may go on."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.prescriptions.live_requirements import live_requirements
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.serializers.requirements import RequirementsOut, requirements_out_for


class Requirements(Endpoint):
    """GET /v1/prescriptions/{prescription_id}/requirements"""

    verbs = {"get": PRESCRIPTIONS["read_requirements"]}

    @operation(gives=RequirementsOut)
    def get(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """What is fulfilled, what is open and whose turn it is (REMS ETASU); changes nothing."""
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        self.seen(row)
        live = live_requirements(row, by=self.actor, at=clock.now(row.patient))
        return self.rendered(live, requirements_out_for(self.actor), 200)
