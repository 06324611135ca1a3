"""Every page of the portals, as the URL resolver has them: a new page is found by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from backend.kernel.actor import Role
from backend.kernel.verbs import Verb
from tests.policy.routes import nowhere

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# What a path names that is nobody's: the parts of a questionnaire, the documents of a programme.
NAMES = {"section_id": "skin", "document_id": "jp_treatment_2026_1"}


@dataclass(frozen=True)
class Page:
    """One page: its route without the first slash, who may open it, whether it takes a form."""

    route: str
    verb: Verb
    roles: frozenset[Role]
    takes_forms: bool

    @property
    def parameters(self) -> list[str]:
        """The things that the path names; names that are nobody's are left out."""
        return [name for name in _PARAMETER.findall(self.route) if name not in NAMES]

    def path(self, **ids: str) -> str:
        """The address with these ids, and made-up ones for the others."""
        fill = NAMES | ids
        return "/" + _PARAMETER.sub(lambda m: fill.get(m[1]) or nowhere(m[1]), self.route)

    def __str__(self) -> str:
        return f"/{self.route}"


def pages() -> list[Page]:
    """All of them, in the order of the resolver."""
    return [
        Page(route, view.page_verb, frozenset(view.page_roles), "POST" in view.page_methods)
        for route, view in _walked(get_resolver().url_patterns, "")
        if hasattr(view, "page_verb")
    ]


def _walked(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from _walked(pattern.url_patterns, route)
