"""Other times, in a sandbox."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.errors import SandboxOnly
from backend.accounts.queries import clocks_visible_to
from backend.accounts.rules import TEST_CLOCKS
from backend.accounts.serializers.organisations import (
    AdvanceTestClockIn,
    CreateTestClockIn,
    TestClockOut,
)
from backend.accounts.services.advance_test_clock import advance_test_clock
from backend.accounts.services.create_test_clock import create_test_clock
from backend.api.endpoint import Endpoint
from backend.api.filters import ListFilters
from backend.api.schema import operation


class SandboxEndpoint(Endpoint):
    """A path that answers 403 `sandbox_only` where patients are real."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As every endpoint, then ask for the sandbox."""
        super().initial(request, *args, **kwargs)
        if not settings.SANDBOX:
            raise SandboxOnly()


class TestClockFilters(ListFilters):
    """Paging only."""


class TestClocks(SandboxEndpoint):
    """/v1/test_helpers/test_clocks"""

    verbs = {"get": TEST_CLOCKS["list"], "post": TEST_CLOCKS["create"]}
    filters = TestClockFilters

    @operation(gives=TestClockOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's test clocks."""
        return self.listed(clocks_visible_to(self.actor), TestClockOut)

    @operation(takes=CreateTestClockIn, gives=TestClockOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """A clock that stands still; patients are attached to it when they register."""
        asked = self.asked(CreateTestClockIn)
        return self.act(
            lambda: create_test_clock(**asked, by=self.actor, at=clock.now()),
            TestClockOut,
            status=201,
        )


class OneTestClock(SandboxEndpoint):
    """/v1/test_helpers/test_clocks/{clock_id}"""

    verbs = {"get": TEST_CLOCKS["read"]}

    @operation(gives=TestClockOut)
    def get(self, request: Request, clock_id: str) -> HttpResponse:  # noqa: ARG002
        """One clock: poll it until it is ready again."""
        return self.look(self.find(clocks_visible_to(self.actor), clock_id), TestClockOut)


class AdvanceTestClock(SandboxEndpoint):
    """POST /v1/test_helpers/test_clocks/{clock_id}/advance"""

    verbs = {"post": TEST_CLOCKS["advance"]}

    @operation(takes=AdvanceTestClockIn, gives=TestClockOut)
    def post(self, request: Request, clock_id: str) -> HttpResponse:  # noqa: ARG002
        """Let time pass; everything that falls due on the way happens, in order."""
        asked = self.asked(AdvanceTestClockIn)
        found = self.find(clocks_visible_to(self.actor), clock_id)
        version = self.expected_version()
        return self.act(
            lambda: advance_test_clock(
                clock_id=found.id,
                to=asked["to"],
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            TestClockOut,
        )
