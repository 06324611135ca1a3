"""Periods, holds and erasures over HTTP."""

import django_filters as filters
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.rules import PATIENTS
from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.prescriptions.queries import named
from backend.retention.models import LegalHold
from backend.retention.queries import (
    ended,
    erasures_visible_to,
    holds_visible_to,
    patients_kept_for,
    with_period,
)
from backend.retention.rules import (
    ENDED_RETENTIONS,
    ERASURES,
    LEGAL_HOLDS,
    ErasureReason,
    HoldReason,
    HoldStatus,
)
from backend.retention.serializers import (
    ErasePatientIn,
    ErasureOut,
    LegalHoldOut,
    LiftHoldIn,
    PlaceHoldIn,
    RetentionOut,
)
from backend.retention.services.erase import erase_patient
from backend.retention.services.lift_hold import lift_hold
from backend.retention.services.place_hold import place_hold


class LegalHoldFilters(ListFilters):
    """By status, patient and reason."""

    status = filters.ChoiceFilter(
        method="of_status", choices=[(s.value, s.value) for s in HoldStatus]
    )
    patient = IdFilter("pt", field_name="patient_id")
    reason = filters.ChoiceFilter(choices=[(r.value, r.value) for r in HoldReason])

    def of_status(self, rows: QuerySet[LegalHold], _: str, value: str) -> QuerySet[LegalHold]:
        """Those that stand, or those that were lifted."""
        return rows.filter(lifted_at__isnull=value == HoldStatus.PLACED.value)


class LegalHolds(Endpoint):
    """GET, POST /v1/legal_holds"""

    verbs = {"get": LEGAL_HOLDS["list"], "post": LEGAL_HOLDS["place"]}
    filters = LegalHoldFilters

    @operation(gives=LegalHoldOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's legal holds, newest first: those that stand, and their history."""
        return self.listed(holds_visible_to(self.actor), LegalHoldOut)

    @operation(takes=PlaceHoldIn, gives=LegalHoldOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Place a hold: until it is lifted nobody erases the record, nor can the database."""
        asked = self.asked(PlaceHoldIn)
        patient = named(patients_kept_for(self.actor), asked["patient"], "patient")
        self.about = patient
        return self.act(
            lambda: place_hold(
                patient_id=patient.id,
                reason=HoldReason(asked["reason"]),
                reason_text=asked["reason_text"],
                by=self.actor,
                at=clock.now(patient),
            ),
            LegalHoldOut,
            status=201,
        )


class OneLegalHold(Endpoint):
    """GET /v1/legal_holds/{legal_hold_id}"""

    verbs = {"get": LEGAL_HOLDS["read"]}

    @operation(gives=LegalHoldOut)
    def get(self, request: Request, legal_hold_id: str) -> HttpResponse:  # noqa: ARG002
        """One legal hold."""
        return self.look(self.find(holds_visible_to(self.actor), legal_hold_id), LegalHoldOut)


class LiftLegalHold(Endpoint):
    """POST /v1/legal_holds/{legal_hold_id}/lift"""

    verbs = {"post": LEGAL_HOLDS["lift"]}

    @operation(takes=LiftHoldIn, gives=LegalHoldOut)
    def post(self, request: Request, legal_hold_id: str) -> HttpResponse:  # noqa: ARG002
        """Lift it, with a reason; another one may still stand."""
        asked = self.asked(LiftHoldIn)
        row = self.find(holds_visible_to(self.actor), legal_hold_id)
        version = self.expected_version()
        return self.act(
            lambda: lift_hold(
                hold_id=row.id,
                lift_reason=asked["lift_reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            LegalHoldOut,
        )


class EndedRetentionFilters(ListFilters):
    """By whether a hold stands."""

    held = filters.BooleanFilter(field_name="is_held")


class EndedRetentions(Endpoint):
    """GET /v1/ended_retentions"""

    verbs = {"get": ENDED_RETENTIONS["list"]}
    filters = EndedRetentionFilters

    @operation(gives=RetentionOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's patients whose period is over. Nothing happens to them by itself."""
        rows = ended(patients_kept_for(self.actor), now=clock.now())
        return self.listed(rows, RetentionOut)


class PatientRetention(Endpoint):
    """GET /v1/patients/{patient_id}/retention"""

    verbs = {"get": PATIENTS["read_retention"]}

    @operation(gives=RetentionOut)
    def get(self, request: Request, patient_id: str) -> HttpResponse:  # noqa: ARG002
        """How long a patient's record is kept, and what else stands in the way of its end."""
        rows = with_period(patients_kept_for(self.actor), now=clock.now())
        return self.look(self.find(rows, patient_id), RetentionOut)


class ErasePatient(Endpoint):
    """POST /v1/patients/{patient_id}/erase"""

    verbs = {"post": PATIENTS["erase"]}

    @operation(takes=ErasePatientIn, gives=ErasureOut)
    def post(self, request: Request, patient_id: str) -> HttpResponse:  # noqa: ARG002
        """End a record whose period is over: for good, and every proof of the trail stays."""
        asked = self.asked(ErasePatientIn)
        patient = self.find(patients_kept_for(self.actor), patient_id)
        version = self.expected_version()
        return self.act(
            lambda: erase_patient(
                patient_id=patient.id,
                reason=ErasureReason(asked["reason"]),
                expected_version=version,
                by=self.actor,
                at=clock.now(patient),
            ),
            ErasureOut,
        )


class ErasureFilters(ListFilters):
    """No filters: there are few."""


class Erasures(Endpoint):
    """GET /v1/erasures"""

    verbs = {"get": ERASURES["list"]}
    filters = ErasureFilters

    @operation(gives=ErasureOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Whose record ended, when and why; by ids that lead to nobody."""
        return self.listed(erasures_visible_to(self.actor), ErasureOut)
