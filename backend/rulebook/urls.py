"""Paths of the rule book."""

from django.urls import path

from backend.rulebook.views import OneRulePack, ProtocolAssessments, RulePacks

urlpatterns = [
    path("protocol/assessments", ProtocolAssessments.as_view()),
    path("protocol/packs", RulePacks.as_view()),
    path("protocol/packs/<str:pack_id>", OneRulePack.as_view()),
]
