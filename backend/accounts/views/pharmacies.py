"""Pharmacies and the clients that act for them."""

import json

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.keys import new_key
from backend.accounts.queries import api_clients_visible_to, pharmacies_visible_to
from backend.accounts.rules import API_CLIENTS, PHARMACIES, PharmacyKind
from backend.accounts.serializers.organisations import (
    ApiClientOut,
    IssueApiClientIn,
    NewApiClientOut,
    PharmacyOut,
    RegisterPharmacyIn,
)
from backend.accounts.services.deactivate_pharmacy import deactivate_pharmacy
from backend.accounts.services.issue_api_client import issue_api_client
from backend.accounts.services.register_pharmacy import register_pharmacy
from backend.accounts.services.revoke_api_client import revoke_api_client
from backend.accounts.services.rotate_api_client import rotate_api_client
from backend.accounts.views.chosen import chosen
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation


class PharmacyFilters(ListFilters):
    """Paging only."""


class Pharmacies(Endpoint):
    """/v1/pharmacies"""

    verbs = {"get": PHARMACIES["list"], "post": PHARMACIES["register"]}
    filters = PharmacyFilters

    @operation(gives=PharmacyOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's pharmacies."""
        return self.listed(pharmacies_visible_to(self.actor), PharmacyOut)

    @operation(takes=RegisterPharmacyIn, gives=PharmacyOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """A pharmacy will dispense for the clinic."""
        asked = self.asked(RegisterPharmacyIn)
        return self.act(
            lambda: register_pharmacy(
                name=asked["name"],
                kind=PharmacyKind(asked["kind"]),
                by=self.actor,
                at=clock.now(),
            ),
            PharmacyOut,
            status=201,
        )


class OnePharmacy(Endpoint):
    """/v1/pharmacies/{pharmacy_id}"""

    verbs = {"get": PHARMACIES["read"]}

    @operation(gives=PharmacyOut)
    def get(self, request: Request, pharmacy_id: str) -> HttpResponse:  # noqa: ARG002
        """One pharmacy."""
        return self.look(self.find(pharmacies_visible_to(self.actor), pharmacy_id), PharmacyOut)


class DeactivatePharmacy(Endpoint):
    """POST /v1/pharmacies/{pharmacy_id}/deactivate"""

    verbs = {"post": PHARMACIES["deactivate"]}

    @operation(takes=NoBody, gives=PharmacyOut)
    def post(self, request: Request, pharmacy_id: str) -> HttpResponse:  # noqa: ARG002
        """The pharmacy stops; its keys stop working."""
        self.asked(NoBody)
        pharmacy = self.find(pharmacies_visible_to(self.actor), pharmacy_id)
        version = self.expected_version()
        return self.act(
            lambda: deactivate_pharmacy(
                pharmacy_id=pharmacy.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            PharmacyOut,
        )


class ApiClientFilters(ListFilters):
    """By pharmacy."""

    pharmacy = IdFilter("ph", field_name="pharmacy_id")


class ApiClients(Endpoint):
    """/v1/api_clients"""

    verbs = {"get": API_CLIENTS["list"], "post": API_CLIENTS["issue"]}
    filters = ApiClientFilters

    @operation(gives=ApiClientOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clients of the clinic's pharmacies."""
        return self.listed(api_clients_visible_to(self.actor), ApiClientOut)

    @operation(takes=IssueApiClientIn, gives=NewApiClientOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """A client and its key. Keep the key now: it is shown once."""
        asked = self.asked(IssueApiClientIn)
        pharmacy = chosen(pharmacies_visible_to(self.actor), asked["pharmacy"], "/pharmacy")
        key = new_key(sandbox=settings.SANDBOX)
        response = self.act(
            lambda: issue_api_client(
                pharmacy_id=pharmacy.id,
                name=asked["name"],
                key=key,
                by=self.actor,
                at=clock.now(),
            ),
            NewApiClientOut,
            status=201,
        )
        return _with_key(response, key)


class OneApiClient(Endpoint):
    """/v1/api_clients/{client_id}"""

    verbs = {"get": API_CLIENTS["read"]}

    @operation(gives=ApiClientOut)
    def get(self, request: Request, client_id: str) -> HttpResponse:  # noqa: ARG002
        """One client, without its key."""
        return self.look(self.find(api_clients_visible_to(self.actor), client_id), ApiClientOut)


class RotateApiClient(Endpoint):
    """POST /v1/api_clients/{client_id}/rotate"""

    verbs = {"post": API_CLIENTS["rotate"]}

    @operation(takes=NoBody, gives=NewApiClientOut)
    def post(self, request: Request, client_id: str) -> HttpResponse:  # noqa: ARG002
        """A successor with a new key; the old key works for another 24 hours."""
        self.asked(NoBody)
        client = self.find(api_clients_visible_to(self.actor), client_id)
        version = self.expected_version()
        key = new_key(sandbox=settings.SANDBOX)
        response = self.act(
            lambda: rotate_api_client(
                client_id=client.id,
                key=key,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            NewApiClientOut,
        )
        return _with_key(response, key)


class RevokeApiClient(Endpoint):
    """POST /v1/api_clients/{client_id}/revoke"""

    verbs = {"post": API_CLIENTS["revoke"]}

    @operation(takes=NoBody, gives=ApiClientOut)
    def post(self, request: Request, client_id: str) -> HttpResponse:  # noqa: ARG002
        """The key stops working now."""
        self.asked(NoBody)
        client = self.find(api_clients_visible_to(self.actor), client_id)
        version = self.expected_version()
        return self.act(
            lambda: revoke_api_client(
                client_id=client.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            ApiClientOut,
        )


def _with_key(response: HttpResponse, key: str) -> HttpResponse:
    """The reply that was stored under the idempotency key, with the secret that was not."""
    if response.status_code < 300 and "Idempotency-Replayed" not in response.headers:
        body = json.loads(response.content)
        response.content = json.dumps({**body, "key": key}, ensure_ascii=False).encode()
    return response
