"""Paths below `/`: the published log."""

from django.urls import path

from backend.auditor.public import checkpoint, tile, vkey

urlpatterns = [
    path("audit/checkpoint", checkpoint),
    path("audit/vkey", vkey),
    path("audit/tile/<path:place>", tile),
]
