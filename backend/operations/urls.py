"""Paths of the service itself."""

from django.urls import path

from backend.operations.views import healthz, metrics, openapi, readyz, reference

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("v1/openapi.json", openapi),
    path("reference", reference),
]
