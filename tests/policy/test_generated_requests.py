"""Requests generated from the committed schema: no 5xx, no undocumented status or type."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.config.wsgi import application
from backend.kernel.actor import Role
from tests.policy.routes import CONTRACT, all_routes
from tests.policy.world import undone

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
ROUTES = {route.operation_id: route for route in all_routes()}
schema = schemathesis.openapi.from_path(str(CONTRACT))
schema.app = application
schema.config.update(base_url="http://127.0.0.1/")
schema.config.analysis.constants.enabled = False  # reading our sources for words takes longest


@pytest.fixture(autouse=True, scope="module")
def connection_stays_open():
    """Between requests, as Django's own test client does it: the world is in its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@schema.parametrize()
@schema.given(real=st.booleans(), lawful=st.booleans())
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_generated_request_is_answered_by_surprise(case, world, real, lawful):
    route = ROUTES[case.operation.definition.raw["operationId"]]
    role = min(route.verb.roles - {Role.JOB})
    headers = {"Authorization": world.bearers[role], "Host": "127.0.0.1"}
    if real:
        case.path_parameters = world.things.ids_for(route)
        headers |= {"If-Match": '"1"'} if route.verb.start else {}
    if lawful and route.body:
        case.body, case.media_type = route.body, "application/json"

    with undone():
        case.call_and_validate(headers=headers, checks=CHECKS)
