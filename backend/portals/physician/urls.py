"""Paths of the physician's dashboard, below /physician/."""

from django.urls import path

from backend.portals.physician.views.queue import queue
from backend.portals.physician.views.urgent import urgent

app_name = "physician"
urlpatterns = [
    path("", queue, name="queue"),
    path("urgent", urgent, name="urgent"),
]
