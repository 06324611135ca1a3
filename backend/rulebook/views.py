"""The rule book: what-if questions, the packs, and which of them a clinic activated."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from rest_framework.authentication import get_authorization_header
from rest_framework.request import Request

from backend import clock
from backend.accounts.errors import SandboxOnly
from backend.api.endpoint import Endpoint
from backend.api.entries import Target
from backend.api.schema import operation
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.protocol.catalogue import catalogue
from backend.protocol.pack import PACKS, packs_in
from backend.rulebook.filters import ActivationFilters, RulePackFilters
from backend.rulebook.queries import activations_visible_to
from backend.rulebook.question import Question
from backend.rulebook.rules import ASSESSMENTS, PACK_ACTIVATIONS, RULE_PACKS, RULES
from backend.rulebook.serializers import (
    ActivatePackIn,
    AskAssessmentIn,
    PackActivationOut,
    RuleOut,
    RulePackOut,
    RulePackSummaryOut,
    WhatIfOut,
    WithdrawActivationIn,
)
from backend.rulebook.services.activate_pack import activate_pack
from backend.rulebook.services.ask_assessment import ask_assessment
from backend.rulebook.services.withdraw_activation import withdraw_activation


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
        """One pack: every number, level and choice with its source and confidence."""
        pack = packs_in(PACKS).get(pack_id)
        if pack is None:
            raise NotFound()
        self.seen(Target(pack_id))
        return self.rendered(pack, RulePackOut, 200)


class Rules(Endpoint):
    """GET /v1/protocol/rules"""

    verbs = {"get": RULES["list"]}
    filters = RulePackFilters

    @operation(gives=RuleOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Every rule with its numbers in each pack, by id. The page for people is /rules."""
        return self.listed_from(catalogue(), RuleOut, key=lambda entry: str(entry.id))


class PackActivations(Endpoint):
    """GET, POST /v1/protocol/activations"""

    verbs = {"get": PACK_ACTIVATIONS["list"], "post": PACK_ACTIVATIONS["activate"]}
    filters = ActivationFilters

    @operation(gives=PackActivationOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's activations, newest first, withdrawn ones too."""
        return self.listed(activations_visible_to(self.actor), PackActivationOut)

    @operation(takes=ActivatePackIn, gives=PackActivationOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Let a pack that waits for it answer from a day on."""
        asked = self.asked(ActivatePackIn)
        physician_id = asked.pop("physician")
        return self.act(
            lambda: activate_pack(
                **asked, physician_id=physician_id, by=self.actor, at=clock.now()
            ),
            PackActivationOut,
            status=201,
        )


class OnePackActivation(Endpoint):
    """GET /v1/protocol/activations/{activation_id}"""

    verbs = {"get": PACK_ACTIVATIONS["read"]}

    @operation(gives=PackActivationOut)
    def get(self, request: Request, activation_id: str) -> HttpResponse:  # noqa: ARG002
        """One activation."""
        row = self.find(activations_visible_to(self.actor), activation_id)
        return self.look(row, PackActivationOut)


class WithdrawPackActivation(Endpoint):
    """POST /v1/protocol/activations/{activation_id}/withdraw"""

    verbs = {"post": PACK_ACTIVATIONS["withdraw"]}

    @operation(takes=WithdrawActivationIn, gives=PackActivationOut)
    def post(self, request: Request, activation_id: str) -> HttpResponse:  # noqa: ARG002
        """Let the pack that is in force by its dates answer again."""
        asked = self.asked(WithdrawActivationIn)
        row = self.find(activations_visible_to(self.actor), activation_id)
        version = self.expected_version()
        return self.act(
            lambda: withdraw_activation(
                activation_id=row.id,
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            PackActivationOut,
        )
