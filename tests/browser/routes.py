"""The routes of the service that a browser may open, as the URL resolver has them."""

import re
from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.policy.routes import nowhere

_CONVERTED = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")
NOT_ONE = "999999999"
OF_MACHINES = ("v1/", "_allauth/")  # the contract; tests/policy goes through all of it


def routes() -> set[str]:
    """Every route outside the API, as it is written: `me/visits/<str:visit_id>`."""
    return {route for route in _walked() if not route.startswith(OF_MACHINES)}


def can_be_opened(route: str) -> bool:
    """Whether a GET is not simply refused (405): else it is where a form goes, and no page."""
    return Client().get(f"/{_CONVERTED.sub(_nowhere, route)}").status_code != 405


def _walked(patterns: list | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _walked(pattern.url_patterns, route)


def _nowhere(part: re.Match[str]) -> str:
    """An id that nothing has, for a part of a route."""
    return NOT_ONE if part["kind"] == "int" else nowhere(part["name"])
