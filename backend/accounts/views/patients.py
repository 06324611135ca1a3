"""Patients, and the physicians whom they may know."""

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.errors import SandboxOnly
from backend.accounts.models import Clinic, Patient, TestClock
from backend.accounts.queries import (
    clinics_visible_to,
    clocks_of_clinic,
    patients_visible_to,
    physicians_visible_to,
)
from backend.accounts.rules import PATIENTS, PHYSICIANS, IdentityDocument, PatientStatus
from backend.accounts.serializers.people import (
    PatientListedOut,
    PatientOut,
    PhysicianOut,
    RegisterPatientIn,
    UpdateContactIn,
    VerifyIdentityIn,
)
from backend.accounts.services.register_patient import register_patient
from backend.accounts.services.update_contact import update_contact
from backend.accounts.services.verify_identity import verify_identity
from backend.accounts.views.chosen import chosen
from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation


class PatientFilters(ListFilters):
    """By status, by the beginning of the reading of the name, by test clock."""

    status = filters.ChoiceFilter(
        method="of_status",
        choices=[(s.value, s.value) for s in PatientStatus if s != PatientStatus.ERASED],
    )
    name_kana = filters.CharFilter(lookup_expr="startswith", max_length=120)
    test_clock = IdFilter("clk", field_name="test_clock_id")

    def of_status(self, rows: QuerySet[Patient], name: str, value: str) -> QuerySet[Patient]:  # noqa: ARG002
        """The status is a date in the database."""
        unverified = value == PatientStatus.UNVERIFIED.value
        return rows.filter(identity_verified_at__isnull=unverified)


class Patients(Endpoint):
    """/v1/patients"""

    verbs = {"get": PATIENTS["list"], "post": PATIENTS["register"]}
    filters = PatientFilters

    @operation(gives=PatientListedOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's patients, the newest first."""
        return self.listed(patients_visible_to(self.actor), PatientListedOut)

    @operation(takes=RegisterPatientIn, gives=PatientOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Make the profile of the account that you signed up with: once."""
        asked = self.asked(RegisterPatientIn)
        clinic = chosen(clinics_visible_to(self.actor), asked.pop("clinic"), "/clinic")
        test_clock = _test_clock(asked.pop("test_clock", None), clinic)
        return self.act(
            lambda: register_patient(
                **asked,
                clinic_id=clinic.id,
                test_clock_id=test_clock.id if test_clock else None,
                by=self.actor,
                at=test_clock.frozen_at if test_clock else clock.now(),
            ),
            PatientOut,
            status=201,
        )


def _test_clock(clock_id: Any, clinic: Clinic) -> TestClock | None:
    if clock_id is None:
        return None
    if not settings.SANDBOX:
        raise SandboxOnly()
    return chosen(clocks_of_clinic(clinic), clock_id, "/test_clock")


class OnePatient(Endpoint):
    """/v1/patients/{patient_id}"""

    verbs = {"get": PATIENTS["read"]}

    @operation(gives=PatientOut)
    def get(self, request: Request, patient_id: str) -> HttpResponse:  # noqa: ARG002
        """One patient."""
        return self.look(self.find(patients_visible_to(self.actor), patient_id), PatientOut)


class VerifyIdentity(Endpoint):
    """POST /v1/patients/{patient_id}/verify_identity"""

    verbs = {"post": PATIENTS["verify_identity"]}

    @operation(takes=VerifyIdentityIn, gives=PatientOut)
    def post(self, request: Request, patient_id: str) -> HttpResponse:  # noqa: ARG002
        """You saw the document and the person (J-11)."""
        asked = self.asked(VerifyIdentityIn)
        patient = self.find(patients_visible_to(self.actor), patient_id)
        version = self.expected_version()
        return self.act(
            lambda: verify_identity(
                patient_id=patient.id,
                document=IdentityDocument(asked["document"]),
                expected_version=version,
                by=self.actor,
                at=clock.now(patient),
            ),
            PatientOut,
        )


class UpdateContact(Endpoint):
    """POST /v1/patients/{patient_id}/update_contact"""

    verbs = {"post": PATIENTS["update_contact"]}

    @operation(takes=UpdateContactIn, gives=PatientOut)
    def post(self, request: Request, patient_id: str) -> HttpResponse:  # noqa: ARG002
        """Another language, telephone or reading of the name; the zone by clinic staff only."""
        asked = self.asked(UpdateContactIn)
        patient = self.find(patients_visible_to(self.actor), patient_id)
        version = self.expected_version()
        return self.act(
            lambda: update_contact(
                patient_id=patient.id,
                changes=asked,
                expected_version=version,
                by=self.actor,
                at=clock.now(patient),
            ),
            PatientOut,
        )


class PhysicianFilters(ListFilters):
    """Paging only."""


class Physicians(Endpoint):
    """/v1/physicians"""

    verbs = {"get": PHYSICIANS["list"]}
    filters = PhysicianFilters

    @operation(gives=PhysicianOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's physicians, with their licences: identity goes both ways."""
        return self.listed(physicians_visible_to(self.actor), PhysicianOut)


class OnePhysician(Endpoint):
    """/v1/physicians/{physician_id}"""

    verbs = {"get": PHYSICIANS["read"]}

    @operation(gives=PhysicianOut)
    def get(self, request: Request, physician_id: str) -> HttpResponse:  # noqa: ARG002
        """One physician."""
        return self.look(self.find(physicians_visible_to(self.actor), physician_id), PhysicianOut)
