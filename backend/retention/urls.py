"""Paths of retention, below /v1/."""

from django.urls import path

from backend.retention import views

urlpatterns = [
    path("legal_holds", views.LegalHolds.as_view()),
    path("legal_holds/<str:legal_hold_id>", views.OneLegalHold.as_view()),
    path("legal_holds/<str:legal_hold_id>/lift", views.LiftLegalHold.as_view()),
    path("ended_retentions", views.EndedRetentions.as_view()),
    path("patients/<str:patient_id>/retention", views.PatientRetention.as_view()),
    path("patients/<str:patient_id>/erase", views.ErasePatient.as_view()),
    path("erasures", views.Erasures.as_view()),
]
