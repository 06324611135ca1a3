"""The paths of records."""

from django.urls import path

from backend.records import views

urlpatterns = [
    path("weights", views.Weights.as_view()),
    path("weights/<str:weight_id>", views.OneWeight.as_view()),
    path("weights/<str:weight_id>/retract", views.RetractWeight.as_view()),
    path("pregnancy_tests", views.PregnancyTests.as_view()),
    path("pregnancy_tests/<str:test_id>", views.OnePregnancyTest.as_view()),
    path("pregnancy_tests/<str:test_id>/retract", views.RetractPregnancyTest.as_view()),
    path("lab_results", views.LabResults.as_view()),
    path("lab_results/<str:result_id>", views.OneLabResult.as_view()),
    path("lab_results/<str:result_id>/retract", views.RetractLabResult.as_view()),
    path("phq_scores", views.PhqScores.as_view()),
    path("phq_scores/<str:score_id>", views.OnePhqScore.as_view()),
    path("phq_scores/<str:score_id>/retract", views.RetractPhqScore.as_view()),
    path("statements", views.Statements.as_view()),
    path("statements/<str:statement_id>", views.OneStatement.as_view()),
    path("statements/<str:statement_id>/retract", views.RetractStatement.as_view()),
]
