"""Paths of the patient's app, below /me/."""

from django.urls import path

from backend.portals.patient.views.home import home
from backend.portals.patient.views.welcome import welcome

app_name = "patient"
urlpatterns = [
    path("", home, name="home"),
    path("welcome", welcome, name="welcome"),
]
