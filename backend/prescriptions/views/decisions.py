"""What was decided, and whether it can be shown again from the record alone."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.prescriptions.filters import DecisionFilters
from backend.prescriptions.queries import decisions_visible_to
from backend.prescriptions.rules import DECISIONS
from backend.prescriptions.serializers.decisions import (
    DecisionOut,
    DecisionSummaryOut,
    ReplayDecisionIn,
    ReplayOut,
)
from backend.prescriptions.services.replay import replay_decision


class Decisions(Endpoint):
    """GET /v1/decisions"""

    verbs = {"get": DECISIONS["list"]}
    filters = DecisionFilters

    @operation(gives=DecisionSummaryOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Newest first."""
        rows = decisions_visible_to(self.actor).defer("facts", "findings")
        return self.listed(rows, DecisionSummaryOut)


class OneDecision(Endpoint):
    """GET /v1/decisions/{decision_id}"""

    verbs = {"get": DECISIONS["read"]}

    @operation(gives=DecisionOut)
    def get(self, request: Request, decision_id: str) -> HttpResponse:  # noqa: ARG002
        """The facts, the findings, the pack, who asked and when."""
        return self.look(self.find(decisions_visible_to(self.actor), decision_id), DecisionOut)


class ReplayDecision(Endpoint):
    """POST /v1/decisions/{decision_id}/replay"""

    verbs = {"post": DECISIONS["replay"]}

    @operation(takes=ReplayDecisionIn, gives=ReplayOut)
    def post(self, request: Request, decision_id: str) -> HttpResponse:  # noqa: ARG002
        """Ask the stored facts again, at the stored instant, under the stored pack or another."""
        asked = self.asked(ReplayDecisionIn)
        row = self.find(decisions_visible_to(self.actor), decision_id)
        return self.act(
            lambda: replay_decision(
                decision_id=row.id,
                pack=asked.get("pack"),
                by=self.actor,
                at=clock.now(row.patient),
            ),
            ReplayOut,
        )
