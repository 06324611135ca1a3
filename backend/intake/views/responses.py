"""Responses: start, save, submit, discard, list, read."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.intake.queries import responses_visible_to
from backend.intake.rules import RESPONSES, ResponseStatus
from backend.intake.serializers import (
    IntakeResponseOut,
    SaveIntakeResponseIn,
    StartIntakeResponseIn,
)
from backend.intake.services.discard import discard_response
from backend.intake.services.save import save_response
from backend.intake.services.start import start_response
from backend.intake.services.submit import submit_response
from backend.intake.views.me import PatientEndpoint


class ResponseFilters(ListFilters):
    """By patient and status."""

    patient = IdFilter("pt", field_name="patient_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in ResponseStatus])


class IntakeResponses(PatientEndpoint):
    """GET, POST /v1/intake_responses"""

    verbs = {"get": RESPONSES["list"], "post": RESPONSES["start"]}
    filters = ResponseFilters

    @operation(gives=IntakeResponseOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Own responses, or those submitted to the clinic; newest first."""
        return self.listed(responses_visible_to(self.actor), IntakeResponseOut)

    @operation(takes=StartIntakeResponseIn, gives=IntakeResponseOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Start a draft, pinned to this version of the questionnaire."""
        asked = self.asked(StartIntakeResponseIn)
        patient = self.me()
        return self.act(
            lambda: start_response(
                patient=patient,
                questionnaire_id=asked["questionnaire"],
                by=self.actor,
                at=clock.now(patient),
            ),
            IntakeResponseOut,
            status=201,
        )


class OneIntakeResponse(Endpoint):
    """GET /v1/intake_responses/{response_id}"""

    verbs = {"get": RESPONSES["read"]}

    @operation(gives=IntakeResponseOut)
    def get(self, request: Request, response_id: str) -> HttpResponse:  # noqa: ARG002
        """One response."""
        response = self.find(responses_visible_to(self.actor), response_id)
        return self.look(response, IntakeResponseOut)


class SaveIntakeResponse(Endpoint):
    """POST /v1/intake_responses/{response_id}/save"""

    verbs = {"post": RESPONSES["save"]}

    @operation(takes=SaveIntakeResponseIn, gives=IntakeResponseOut)
    def post(self, request: Request, response_id: str) -> HttpResponse:  # noqa: ARG002
        """Save some answers; the rest stays as it is."""
        answers = self.asked(SaveIntakeResponseIn)["answers"]
        response = self.find(responses_visible_to(self.actor), response_id)
        version = self.expected_version()
        return self.act(
            lambda: save_response(
                response_id=response.id,
                answers=answers,
                expected_version=version,
                by=self.actor,
                at=clock.now(response.patient),
            ),
            IntakeResponseOut,
        )


class SubmitIntakeResponse(Endpoint):
    """POST /v1/intake_responses/{response_id}/submit"""

    verbs = {"post": RESPONSES["submit"]}

    @operation(takes=NoBody, gives=IntakeResponseOut)
    def post(self, request: Request, response_id: str) -> HttpResponse:  # noqa: ARG002
        """Submit: 422 says what is missing; the answer says what to do next."""
        self.asked(NoBody)
        response = self.find(responses_visible_to(self.actor), response_id)
        version = self.expected_version()
        return self.act(
            lambda: submit_response(
                response_id=response.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(response.patient),
            ),
            IntakeResponseOut,
        )


class DiscardIntakeResponse(Endpoint):
    """POST /v1/intake_responses/{response_id}/discard"""

    verbs = {"post": RESPONSES["discard"]}

    @operation(takes=NoBody, gives=IntakeResponseOut)
    def post(self, request: Request, response_id: str) -> HttpResponse:  # noqa: ARG002
        """Throw a draft away."""
        self.asked(NoBody)
        response = self.find(responses_visible_to(self.actor), response_id)
        version = self.expected_version()
        return self.act(
            lambda: discard_response(
                response_id=response.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(response.patient),
            ),
            IntakeResponseOut,
        )
