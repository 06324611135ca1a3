"""Paths of the rule book."""

from django.urls import path

from backend.rulebook.views import (
    OnePackActivation,
    OneRulePack,
    PackActivations,
    ProtocolAssessments,
    RulePacks,
    Rules,
    WithdrawPackActivation,
)

urlpatterns = [
    path("protocol/assessments", ProtocolAssessments.as_view()),
    path("protocol/rules", Rules.as_view()),
    path("protocol/packs", RulePacks.as_view()),
    path("protocol/packs/<str:pack_id>", OneRulePack.as_view()),
    path("protocol/activations", PackActivations.as_view()),
    path("protocol/activations/<str:activation_id>", OnePackActivation.as_view()),
    path("protocol/activations/<str:activation_id>/withdraw", WithdrawPackActivation.as_view()),
]
