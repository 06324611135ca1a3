"""Emergency accesses over HTTP."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.care.queries import emergency_accesses_visible_to
from backend.care.rules import (
    EMERGENCY_ACCESSES,
    EmergencyAccessStatus,
    EmergencyReason,
    ReviewOutcome,
)
from backend.care.serializers import BreakGlassIn, EmergencyAccessOut, ReviewEmergencyAccessIn
from backend.care.services.break_glass import break_glass
from backend.care.services.end import end_emergency_access
from backend.care.services.review import review_emergency_access
from backend.prescriptions.queries import named


class EmergencyAccessFilters(ListFilters):
    """By status, patient, who broke the glass, and verdict."""

    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in EmergencyAccessStatus])
    patient = IdFilter("pt", field_name="patient_id")
    opened_by = IdFilter("usr", field_name="opened_by_id")
    outcome = filters.ChoiceFilter(choices=[(o.value, o.value) for o in ReviewOutcome])


class EmergencyAccesses(Endpoint):
    """GET, POST /v1/emergency_accesses"""

    verbs = {"get": EMERGENCY_ACCESSES["list"], "post": EMERGENCY_ACCESSES["break_glass"]}
    filters = EmergencyAccessFilters

    @operation(gives=EmergencyAccessOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's emergency accesses, newest first; `granted` and `ended` wait for review."""
        return self.listed(emergency_accesses_visible_to(self.actor), EmergencyAccessOut)

    @operation(takes=BreakGlassIn, gives=EmergencyAccessOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Break the glass: open a record without a care relation, for an hour and a reason."""
        asked = self.asked(BreakGlassIn)
        patient = named(patients_visible_to(self.actor), asked["patient"], "patient")
        self.about = patient
        return self.act(
            lambda: break_glass(
                patient_id=patient.id,
                reason=EmergencyReason(asked["reason"]),
                reason_text=asked["reason_text"],
                by=self.actor,
                at=clock.now(patient),
            ),
            EmergencyAccessOut,
            status=201,
        )


class OneEmergencyAccess(Endpoint):
    """GET /v1/emergency_accesses/{emergency_access_id}"""

    verbs = {"get": EMERGENCY_ACCESSES["read"]}

    @operation(gives=EmergencyAccessOut)
    def get(self, request: Request, emergency_access_id: str) -> HttpResponse:  # noqa: ARG002
        """One emergency access."""
        rows = emergency_accesses_visible_to(self.actor)
        return self.look(self.find(rows, emergency_access_id), EmergencyAccessOut)


class EndEmergencyAccess(Endpoint):
    """POST /v1/emergency_accesses/{emergency_access_id}/end"""

    verbs = {"post": EMERGENCY_ACCESSES["end"]}

    @operation(takes=NoBody, gives=EmergencyAccessOut)
    def post(self, request: Request, emergency_access_id: str) -> HttpResponse:  # noqa: ARG002
        """Give it back before its time is over."""
        self.asked(NoBody)
        row = self.find(emergency_accesses_visible_to(self.actor), emergency_access_id)
        version = self.expected_version()
        return self.act(
            lambda: end_emergency_access(
                access_id=row.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            EmergencyAccessOut,
        )


class ReviewEmergencyAccess(Endpoint):
    """POST /v1/emergency_accesses/{emergency_access_id}/review"""

    verbs = {"post": EMERGENCY_ACCESSES["review"]}

    @operation(takes=ReviewEmergencyAccessIn, gives=EmergencyAccessOut)
    def post(self, request: Request, emergency_access_id: str) -> HttpResponse:  # noqa: ARG002
        """Somebody else says whether it was justified; what still runs ends."""
        asked = self.asked(ReviewEmergencyAccessIn)
        row = self.find(emergency_accesses_visible_to(self.actor), emergency_access_id)
        version = self.expected_version()
        return self.act(
            lambda: review_emergency_access(
                access_id=row.id,
                outcome=ReviewOutcome(asked["outcome"]),
                note=asked["note"],
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            EmergencyAccessOut,
        )
