"""Hours over HTTP."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.booking.filters import ExceptionFilters, RuleFilters
from backend.booking.queries import exceptions_visible_to, rules_visible_to
from backend.booking.rules import AVAILABILITY_EXCEPTIONS, AVAILABILITY_RULES
from backend.booking.serializers.hours import (
    AvailabilityExceptionOut,
    AvailabilityRuleOut,
    CreateAvailabilityExceptionIn,
    CreateAvailabilityRuleIn,
)
from backend.booking.services.create_exception import create_exception
from backend.booking.services.create_rule import create_rule
from backend.booking.services.withdraw_exception import withdraw_exception
from backend.booking.services.withdraw_rule import withdraw_rule


class AvailabilityRules(Endpoint):
    """GET and POST /v1/availability_rules"""

    verbs = {"get": AVAILABILITY_RULES["list"], "post": AVAILABILITY_RULES["create"]}
    filters = RuleFilters

    @operation(gives=AvailabilityRuleOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's weekly hours."""
        return self.listed(rules_visible_to(self.actor), AvailabilityRuleOut)

    @operation(takes=CreateAvailabilityRuleIn, gives=AvailabilityRuleOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Offer weekly hours."""
        asked = self.asked(CreateAvailabilityRuleIn)
        return self.act(
            lambda: create_rule(
                physician_id=asked["physician"],
                weekday=asked["weekday"],
                starts_minute=asked["starts_local"],
                ends_minute=asked["ends_local"],
                slot_minutes=asked["slot_minutes"],
                zone=asked["zone"],
                valid_from=asked["valid_from"],
                valid_until=asked["valid_until"],
                by=self.actor,
                at=clock.now(),
            ),
            AvailabilityRuleOut,
            status=201,
        )


class OneAvailabilityRule(Endpoint):
    """GET /v1/availability_rules/{rule_id}"""

    verbs = {"get": AVAILABILITY_RULES["read"]}

    @operation(gives=AvailabilityRuleOut)
    def get(self, request: Request, rule_id: str) -> HttpResponse:  # noqa: ARG002
        """Weekly hours."""
        return self.look(self.find(rules_visible_to(self.actor), rule_id), AvailabilityRuleOut)


class WithdrawAvailabilityRule(Endpoint):
    """POST /v1/availability_rules/{rule_id}/withdraw"""

    verbs = {"post": AVAILABILITY_RULES["withdraw"]}

    @operation(takes=NoBody, gives=AvailabilityRuleOut)
    def post(self, request: Request, rule_id: str) -> HttpResponse:  # noqa: ARG002
        """Let them count no more; booked visits stay."""
        self.asked(NoBody)
        rule = self.find(rules_visible_to(self.actor), rule_id)
        version = self.expected_version()
        return self.act(
            lambda: withdraw_rule(
                rule_id=rule.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            AvailabilityRuleOut,
        )


class AvailabilityExceptions(Endpoint):
    """GET and POST /v1/availability_exceptions"""

    verbs = {"get": AVAILABILITY_EXCEPTIONS["list"], "post": AVAILABILITY_EXCEPTIONS["create"]}
    filters = ExceptionFilters

    @operation(gives=AvailabilityExceptionOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Days off and extra hours."""
        return self.listed(exceptions_visible_to(self.actor), AvailabilityExceptionOut)

    @operation(takes=CreateAvailabilityExceptionIn, gives=AvailabilityExceptionOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Close an interval, or offer extra hours."""
        asked = self.asked(CreateAvailabilityExceptionIn)
        return self.act(
            lambda: create_exception(
                physician_id=asked["physician"],
                kind=asked["kind"],
                starts_at=asked["starts_at"],
                ends_at=asked["ends_at"],
                slot_minutes=asked["slot_minutes"],
                by=self.actor,
                at=clock.now(),
            ),
            AvailabilityExceptionOut,
            status=201,
        )


class OneAvailabilityException(Endpoint):
    """GET /v1/availability_exceptions/{exception_id}"""

    verbs = {"get": AVAILABILITY_EXCEPTIONS["read"]}

    @operation(gives=AvailabilityExceptionOut)
    def get(self, request: Request, exception_id: str) -> HttpResponse:  # noqa: ARG002
        """One exception."""
        row = self.find(exceptions_visible_to(self.actor), exception_id)
        return self.look(row, AvailabilityExceptionOut)


class WithdrawAvailabilityException(Endpoint):
    """POST /v1/availability_exceptions/{exception_id}/withdraw"""

    verbs = {"post": AVAILABILITY_EXCEPTIONS["withdraw"]}

    @operation(takes=NoBody, gives=AvailabilityExceptionOut)
    def post(self, request: Request, exception_id: str) -> HttpResponse:  # noqa: ARG002
        """Let it count no more."""
        self.asked(NoBody)
        row = self.find(exceptions_visible_to(self.actor), exception_id)
        version = self.expected_version()
        return self.act(
            lambda: withdraw_exception(
                exception_id=row.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            AvailabilityExceptionOut,
        )
