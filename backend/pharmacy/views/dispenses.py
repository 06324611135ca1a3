"""The ledger of hand-overs over HTTP."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.pharmacy.queries import dispenses_visible_to
from backend.pharmacy.rules import DISPENSES
from backend.pharmacy.serializers.counter import DispenseOut, RecordReturnIn
from backend.pharmacy.services.record_return import record_return


class DispenseFilters(ListFilters):
    """By prescription, course and patient."""

    prescription = IdFilter("rx", field_name="prescription_id")
    course = IdFilter("crs", field_name="prescription__course_id")
    patient = IdFilter("pt", field_name="patient_id")


class Dispenses(Endpoint):
    """GET /v1/dispenses"""

    verbs = {"get": DISPENSES["list"]}
    filters = DispenseFilters

    @operation(gives=DispenseOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """What was handed over, the newest first."""
        return self.listed(dispenses_visible_to(self.actor), DispenseOut)


class OneDispense(Endpoint):
    """GET /v1/dispenses/{dispense_id}"""

    verbs = {"get": DISPENSES["read"]}

    @operation(gives=DispenseOut)
    def get(self, request: Request, dispense_id: str) -> HttpResponse:  # noqa: ARG002
        """One hand-over."""
        return self.look(self.find(dispenses_visible_to(self.actor), dispense_id), DispenseOut)


class RecordReturn(Endpoint):
    """POST /v1/dispenses/{dispense_id}/record_return"""

    verbs = {"post": DISPENSES["record_return"]}

    @operation(takes=RecordReturnIn, gives=DispenseOut)
    def post(self, request: Request, dispense_id: str) -> HttpResponse:  # noqa: ARG002
        """Medicine came back: it is destroyed and taken off the total, never handed out again."""
        asked = self.asked(RecordReturnIn)
        row = self.find(dispenses_visible_to(self.actor), dispense_id)
        return self.act(
            lambda: record_return(
                dispense_id=row.id,
                capsules=asked["capsules"],
                reason=asked["reason"],
                by=self.actor,
                at=clock.now(row.patient),
            ),
            DispenseOut,
        )
