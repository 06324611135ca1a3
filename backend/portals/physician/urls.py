"""Paths of the physician's dashboard, below /physician/."""

from django.urls import path

from backend.portals.physician.views.queue import queue

app_name = "physician"
urlpatterns = [
    path("", queue, name="queue"),
]
