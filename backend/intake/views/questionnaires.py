"""Questionnaires: what is asked. They say nothing about anybody."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend.api.endpoint import Endpoint
from backend.api.entries import Target
from backend.api.filters import ListFilters
from backend.api.schema import operation
from backend.intake.questionnaire import newest, questionnaire, questionnaires
from backend.intake.rules import QUESTIONNAIRES
from backend.intake.serializers import (
    QuestionnaireOut,
    QuestionnaireSummaryOut,
    shown_questionnaire,
)


class QuestionnaireFilters(ListFilters):
    """Nothing to choose: what is asked now."""


class Questionnaires(Endpoint):
    """GET /v1/questionnaires"""

    verbs = {"get": QUESTIONNAIRES["list"]}
    filters = QuestionnaireFilters

    @operation(gives=QuestionnaireSummaryOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The newest version of each questionnaire."""
        families = dict.fromkeys(one.family for one in questionnaires().values())
        shown = [shown_questionnaire(newest(family)) for family in families]
        return self.listed_from(shown, QuestionnaireSummaryOut, key=lambda one: str(one["id"]))


class OneQuestionnaire(Endpoint):
    """GET /v1/questionnaires/{questionnaire_id}"""

    verbs = {"get": QUESTIONNAIRES["read"]}

    @operation(gives=QuestionnaireOut)
    def get(self, request: Request, questionnaire_id: str) -> HttpResponse:  # noqa: ARG002
        """One version, also an old one, in the reader's language."""
        shown = shown_questionnaire(questionnaire(questionnaire_id))
        self.seen(Target(questionnaire_id))
        return self.rendered(shown, QuestionnaireOut, 200)
