"""Requests generated from the committed schema: no 5xx, no undocumented status or type."""

from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.config.wsgi import application
from tests.policy.routes import all_routes
from tests.policy.world import clinic_with_everyone

FILE = Path(__file__).resolve().parents[2] / "api_schema" / "openapi.yaml"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
schema = schemathesis.openapi.from_path(str(FILE))
schema.app = application
schema.config.update(base_url="http://127.0.0.1/")
ROLES = {route.verb.action.replace(".", "_"): sorted(route.verb.roles) for route in all_routes()}


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_generated_request_is_answered_by_surprise(case, everyone):
    operation = case.operation.definition.raw["operationId"]
    role = ROLES[operation][0]

    case.call_and_validate(
        headers={"Authorization": everyone.bearers[role], "Host": "127.0.0.1"}, checks=CHECKS
    )


@pytest.fixture
def everyone():
    """One clinic; its connection stays open between requests, as in Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield clinic_with_everyone()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
