"""Paths of care, below /v1/."""

from django.urls import path

from backend.care import views

urlpatterns = [
    path("emergency_accesses", views.EmergencyAccesses.as_view()),
    path("emergency_accesses/<str:emergency_access_id>", views.OneEmergencyAccess.as_view()),
    path("emergency_accesses/<str:emergency_access_id>/end", views.EndEmergencyAccess.as_view()),
    path(
        "emergency_accesses/<str:emergency_access_id>/review",
        views.ReviewEmergencyAccess.as_view(),
    ),
]
