"""Whoever asks, and the clinics."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend.accounts.queries import clinics_visible_to
from backend.accounts.rules import CLINICS, ME
from backend.accounts.serializers.organisations import ClinicOut
from backend.accounts.serializers.people import MeOut
from backend.api.endpoint import Endpoint
from backend.api.filters import ListFilters
from backend.api.schema import operation


class Me(Endpoint):
    """/v1/me"""

    verbs = {"get": ME["read"]}

    @operation(gives=MeOut)
    def get(self, request: Request) -> HttpResponse:
        """Who you are: role, clinic and profile."""
        return self.look(request.user, MeOut)  # type: ignore[arg-type]  # has ref and patient


class ClinicFilters(ListFilters):
    """Paging only."""


class Clinics(Endpoint):
    """/v1/clinics"""

    verbs = {"get": CLINICS["list"]}
    filters = ClinicFilters

    @operation(gives=ClinicOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Clinics, the newest first."""
        return self.listed(clinics_visible_to(self.actor), ClinicOut)


class OneClinic(Endpoint):
    """/v1/clinics/{clinic_id}"""

    verbs = {"get": CLINICS["read"]}

    @operation(gives=ClinicOut)
    def get(self, request: Request, clinic_id: str) -> HttpResponse:  # noqa: ARG002
        """One clinic."""
        return self.look(self.find(clinics_visible_to(self.actor), clinic_id), ClinicOut)
