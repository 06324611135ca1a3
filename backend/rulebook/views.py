"""The rule book: what-if questions, and the packs. Neither is about anybody."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from rest_framework.authentication import get_authorization_header
from rest_framework.request import Request

from backend import clock
from backend.accounts.errors import SandboxOnly
from backend.api.endpoint import Endpoint
from backend.api.filters import ListFilters
from backend.api.schema import operation
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.protocol.pack import PACKS, packs_in
from backend.rulebook.question import Question
from backend.rulebook.rules import ASSESSMENTS, RULE_PACKS
from backend.rulebook.serializers import (
    AskAssessmentIn,
    RulePackOut,
    RulePackSummaryOut,
    WhatIfOut,
)
from backend.rulebook.services.ask_assessment import ask_assessment


class ProtocolAssessments(Endpoint):
    """POST /v1/protocol/assessments"""

    verbs = {"post": ASSESSMENTS["ask"]}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As every endpoint; then a pharmacy needs a sandbox key, and a sandbox."""
        super().initial(request, *args, **kwargs)
        live = b" rx_live_" in get_authorization_header(request)
        if self.actor.role is Role.PHARMACY_CLIENT and (live or not settings.SANDBOX):
            raise SandboxOnly()

    @operation(takes=AskAssessmentIn, gives=WhatIfOut)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """What would the rule book say of these facts? Nothing is stored."""
        question = Question(**self.asked(AskAssessmentIn))
        return self.act(
            lambda: ask_assessment(question=question, by=self.actor, at=clock.now()), WhatIfOut
        )


class RulePackFilters(ListFilters):
    """Nothing to choose."""


class RulePacks(Endpoint):
    """GET /v1/protocol/packs"""

    verbs = {"get": RULE_PACKS["list"]}
    filters = RulePackFilters

    @operation(gives=RulePackSummaryOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Every pack, in force or not, by id."""
        packs = list(packs_in(PACKS).values())
        return self.listed_from(packs, RulePackSummaryOut, key=lambda pack: str(pack.id))


class OneRulePack(Endpoint):
    """GET /v1/protocol/packs/{pack_id}"""

    verbs = {"get": RULE_PACKS["read"]}

    @operation(gives=RulePackOut)
    def get(self, request: Request, pack_id: str) -> HttpResponse:  # noqa: ARG002
        """One pack: every number with its unit, source and confidence."""
        pack = packs_in(PACKS).get(pack_id)
        if pack is None:
            raise NotFound()
        return self.rendered(pack, RulePackOut, 200)
