"""Probes, metrics and the reference page. No health data, no sign-in."""

from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from prometheus_client import CONTENT_TYPE_LATEST

from backend import clock
from backend.operations.metrics import exposition
from backend.operations.readiness import readiness


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /healthz: the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /readyz: 200 when requests can be served, 503 otherwise; what lags is named."""
    found = readiness(clock.now())
    body = {
        "status": "ready" if found.is_ready else "not_ready",
        "database": found.database,
        "broker": found.broker,
        **found.ages,
        "lagging": found.lagging,
        "warnings": found.trail.warnings if found.trail else [],
    }
    return JsonResponse(body, status=200 if found.is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /metrics: Prometheus text."""
    return HttpResponse(exposition(clock.now()), content_type=CONTENT_TYPE_LATEST)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /v1/openapi.json: the contract of this very process."""
    return HttpResponse(_schema(), content_type="application/json")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """GET /reference: the contract as a page."""
    return render(request, "operations/reference.html")


@cache
def _schema() -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    rendered: bytes = OpenApiJsonRenderer().render(schema, renderer_context={})
    return rendered
